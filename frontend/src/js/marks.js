// Where found words are said, above the player's time line. Those too near to be pressed apart
// share a mark.
import { clock } from "./clock.js";
import { gettext } from "./language.js";

const APART = 24; // pixels: the smallest target that a finger can be sure of
// More of them would stand between a keyboard and the controls; next and previous reach all.
const MOST_IN_TAB_ORDER = 6;

/**
 * @param {HTMLOListElement} list
 * @param {HTMLMediaElement} media
 */
export function timeLine(list, media) {
  let matches = [];
  let choose = () => {};
  let current = -1;

  function length() {
    if (Number.isFinite(media.duration)) return media.duration;
    return Number(list.closest("media-controller").getAttribute("defaultduration"));
  }

  /** Matches in groups, each beginning at least APART from the one before. */
  function groups() {
    const found = [];
    matches.forEach((second, match) => {
      if (second === null) return;
      const left = Math.min(1, second / length()) * list.clientWidth;
      const last = found.at(-1);
      if (last && left - last.left < APART) last.matches.push(match);
      else found.push({ left, second, matches: [match] });
    });
    return found;
  }

  function draw() {
    const had = list.contains(document.activeElement);
    list.hidden = !matches.some((second) => second !== null);
    if (list.hidden || !list.clientWidth || !length()) return list.replaceChildren();
    const all = groups();
    list.replaceChildren(
      ...all.map((group) => {
        const [first] = group.matches;
        const last = group.matches.at(-1);
        const button = document.createElement("button");
        button.type = "button";
        const where = {
          first: first + 1,
          last: last + 1,
          all: matches.length,
          time: clock(group.second),
        };
        const label =
          first === last
            ? gettext("Place %(first)s of %(all)s: play from %(time)s", where)
            : gettext("Places %(first)s to %(last)s of %(all)s: play from %(time)s", where);
        button.setAttribute("aria-label", label);
        if (all.length > MOST_IN_TAB_ORDER) button.tabIndex = -1;
        button.dataset.from = first;
        button.dataset.to = last;
        button.addEventListener("click", () => choose(first));
        const item = document.createElement("li");
        item.style.left = `${group.left}px`;
        item.append(button);
        return item;
      }),
    );
    point();
    if (had) list.querySelector("[aria-current]")?.focus();
  }

  function point() {
    for (const button of list.querySelectorAll("button")) {
      const here = Number(button.dataset.from) <= current && current <= Number(button.dataset.to);
      if (here) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  }

  // The player takes Space for itself, and a mark would never be pressed by it.
  list.addEventListener("keydown", (event) => event.key === " " && event.stopPropagation());
  new ResizeObserver(draw).observe(list.parentElement);
  media.addEventListener("durationchange", draw);
  return {
    /**
     * @param {(number | null)[]} seconds
     * @param {(match: number) => void} whenChosen
     */
    show(seconds, whenChosen) {
      [matches, choose, current] = [seconds, whenChosen, -1];
      draw();
    },
    /** @param {number} match the one that is looked at */
    choose(match) {
      current = match;
      point();
    },
  };
}
