import { gettext } from "./language.js";

const SHOWN_MS = 4000;

/** @param {HTMLButtonElement} button with data-copy="#id" of the element whose words it copies */
export function offerCopy(button) {
  // Only offered where it can work: the clipboard needs a secure address.
  if (!navigator.clipboard) {
    button.hidden = true;
    return;
  }
  button.hidden = false;
  const words = button.textContent;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    const from = document.querySelector(button.dataset.copy);
    try {
      await navigator.clipboard.writeText((from.value ?? from.textContent).trim());
      button.textContent = gettext("Copied");
    } catch {
      button.textContent = gettext("Please copy it by hand");
    }
    setTimeout(() => (button.textContent = words), SHOWN_MS);
  });
}
