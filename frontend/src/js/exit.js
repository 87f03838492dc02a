import { forgetPlaces } from "./places.js";

const PRESSES = 3;
const WITHIN_MS = 2000;

/**
 * Leaves for somewhere harmless, by the link or by Escape pressed three times, and puts it in
 * this page's place, so that the Back button does not return here. Places in stories are forgotten.
 * @param {HTMLAnchorElement | null} link
 */
export function watchExit(link) {
  if (!link) return;
  let presses = [];

  function leave() {
    forgetPlaces();
    // The page goes dark at once; the next may take a while to come.
    document.documentElement.classList.add("leaving");
    document.title = "…";
    location.replace(link.href);
  }

  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      presses = [];
      return;
    }
    const now = Date.now();
    presses = presses.filter((time) => now - time < WITHIN_MS).concat(now);
    if (presses.length >= PRESSES) leave();
  });
}
