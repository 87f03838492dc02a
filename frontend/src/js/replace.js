// Puts the main part of a page that was fetched in the place of this one's.

/**
 * @param {string} html a whole page
 * @param {(root: ParentNode) => void} improve run over the new part
 * @returns {boolean} false when it is not one of our pages; nothing has changed then
 */
export function takeIn(html, improve) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const part = page.querySelector("main");
  const here = document.querySelector("main");
  if (!part || !here) return false;
  document.title = page.title;
  here.replaceWith(part);
  improve(part);
  const first = part.querySelector(".error-summary") ?? part;
  first.setAttribute("tabindex", "-1");
  first.focus();
  first.scrollIntoView({ block: "start" });
  return true;
}
