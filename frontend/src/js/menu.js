/**
 * Closes the phone's menu on Escape and on a press elsewhere. Without this it opens and closes
 * by its own button, being a <details>.
 * @param {HTMLDetailsElement | null} menu
 */
export function watchMenu(menu) {
  if (!menu) return;
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  });
}
