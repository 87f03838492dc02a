import { ngettext } from "./language.js";
import { forgetPlaces } from "./places.js";

// The way that GOV.UK's "Exit this page" goes: https://design-system.service.gov.uk/components/exit-this-page/
// Shift alone does nothing else in a browser, so three presses of it are no accident and cost nothing.
const KEYS = ["Shift", "Escape"];
const PRESSES = 3;
const WITHIN_MS = 5000;

/**
 * Leaves for somewhere harmless, by any of the links or by Shift (or Esc) pressed three times, and
 * puts it in this page's place, so that the Back button does not return here. Places in stories are forgotten.
 * @param {NodeListOf<HTMLAnchorElement>} links all lead to the same place
 * @param {HTMLElement | null} said where those who listen are told how many presses are left
 */
export function watchExit(links, said) {
  if (!links.length) return;
  let key = "";
  let presses = 0;
  let timer = 0;
  let alone = false; // nothing else was pressed since the key went down

  function leave() {
    forgetPlaces();
    // The page goes blank at once; the next may take a while to come.
    document.documentElement.classList.add("leaving");
    document.title = "…";
    location.replace(links[0].href);
  }

  function forget() {
    clearTimeout(timer);
    presses = 0;
    if (said) said.textContent = "";
  }

  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
  }
  document.addEventListener("keydown", (event) => {
    alone = KEYS.includes(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (!alone) forget();
  });
  // Counted when it comes up: until then it may be half of a capital letter.
  document.addEventListener("keyup", (event) => {
    if (!alone || !KEYS.includes(event.key)) return;
    if (event.key !== key) forget();
    key = event.key;
    presses += 1;
    if (presses === PRESSES) return leave();
    clearTimeout(timer);
    timer = setTimeout(forget, WITHIN_MS);
    const left = PRESSES - presses;
    if (said) {
      said.textContent = ngettext(
        "Press %(key)s %(n)s more time to leave this page.",
        "Press %(key)s %(n)s more times to leave this page.",
        left,
        { key },
      );
    }
  });
  // Back by the browser's memory of the page: show it again to whoever came back on purpose.
  window.addEventListener("pageshow", () => {
    document.documentElement.classList.remove("leaving");
  });
}
