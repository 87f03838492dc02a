// The transcript beside the player: it follows what is said, and a press on a line goes there.
import { seek } from "./moment.js";

const SCROLL_KEYS = ["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"];

/**
 * @param {HTMLMediaElement} media
 * @param {HTMLElement} box the scrolling [data-words] element, full of .cue links
 * @param {HTMLButtonElement} follow turns following back on
 * @param {number | null} moment seconds that the page was opened at
 * @returns {() => void} stops following, for whoever moves the transcript elsewhere
 */
export function followWords(media, box, follow, moment) {
  const cues = [...box.querySelectorAll(".cue")];
  const starts = cues.map((cue) => Number(cue.dataset.start));
  let current = -1;
  let following = true;

  /** Index of the line being said at `seconds`, or -1 before the first. */
  function lineAt(seconds) {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= seconds + 0.05) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  function keepInView() {
    if (current < 0) return;
    // Of a part that is folded, the line that says so.
    const shown = cues[current].closest("details:not([open])") ?? cues[current];
    const cue = shown.getBoundingClientRect();
    const view = box.getBoundingClientRect();
    const top = box.scrollTop + cue.top - view.top - box.clientHeight / 3;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    box.scrollTo({ top, behavior: calm ? "auto" : "smooth" });
  }

  function mark(index) {
    if (index === current) return;
    cues[current]?.removeAttribute("aria-current");
    current = index;
    cues[current]?.setAttribute("aria-current", "true");
    if (following) keepInView();
  }

  function setFollowing(on) {
    following = on;
    follow.hidden = on;
    if (on) keepInView();
  }

  const update = () => mark(lineAt(media.currentTime));
  media.addEventListener("timeupdate", update);
  media.addEventListener("seeking", update);

  box.addEventListener("click", (event) => {
    const cue = event.target.closest(".cue");
    if (!cue || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const start = Number(cue.dataset.start);
    seek(media, start);
    media.play().catch(() => {});
    mark(cues.indexOf(cue));
    setFollowing(true);
  });

  const letGo = () => following && setFollowing(false);
  box.addEventListener("wheel", letGo, { passive: true });
  box.addEventListener("touchmove", letGo, { passive: true });
  box.addEventListener("pointerdown", (event) => event.target === box && letGo());
  box.addEventListener("keydown", (event) => SCROLL_KEYS.includes(event.key) && letGo());
  follow.addEventListener("click", () => {
    setFollowing(true);
    cues[current]?.focus({ preventScroll: true });
  });

  if (moment !== null) mark(lineAt(moment + 0.95));
  return letGo;
}
