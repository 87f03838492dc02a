// Words found in one story: marked where they stand, and stepped through. What matches is decided
// by the server, so that it is the same as in a search of all stories.
import { clock } from "./clock.js";
import { gettext, ngettext } from "./language.js";

const LEAD_IN = 1; // second before a word, so that it is not cut

/**
 * @param {HTMLFormElement} form the [data-find] one
 * @param {object} [around] of a recording: the `moment` (seconds) that the page was opened at,
 *   `play(second)`, `letGo()` for a transcript that follows, `marks` for its time line
 */
export function setUpFind(form, { moment = null, play, letGo, marks } = {}) {
  const input = form.querySelector("input[type=search]");
  const said = form.querySelector("[data-find-said]");
  const steps = form.querySelector("[data-find-steps]");
  const playButton = form.querySelector("[data-find-play]");
  const told = [...document.querySelectorAll("[data-told]")];
  let matches = []; // seconds; null where it is only written
  let current = -1;
  let typed = "";
  let asked = 0;

  const partsOf = (match) => document.querySelectorAll(`mark[data-match="${match}"]`);

  function marked(text, match) {
    const mark = document.createElement("mark");
    mark.dataset.match = match;
    mark.textContent = text;
    return mark;
  }

  /** @param {{problem: string, matches: (number | null)[], texts: object}} answer */
  function paint(answer) {
    for (const text of told) if (text.querySelector("mark")) text.textContent = text.textContent;
    for (const [number, runs] of Object.entries(answer.texts)) {
      told[number]?.replaceChildren(
        ...runs.map(([text, match]) => (match === null ? text : marked(text, match))),
      );
    }
    matches = answer.matches;
    current = -1;
    steps.hidden = !matches.length;
    if (playButton) playButton.hidden = true;
    const places = ngettext("%(n)s place", "%(n)s places", matches.length);
    said.textContent = answer.problem || (typed && (matches.length ? places : gettext("Not in this story")));
    marks?.show(matches, (match) => {
      goTo(match);
      play(Math.max(0, matches[match] - LEAD_IN));
    });
  }

  function pointTo(match) {
    partsOf(current).forEach((mark) => mark.classList.remove("found-now"));
    current = match;
    const parts = partsOf(current);
    parts.forEach((mark) => mark.classList.add("found-now"));
    const second = matches[current];
    said.textContent = gettext("%(which)s of %(all)s", { which: current + 1, all: matches.length });
    const where = document.createElement("span");
    where.className = "unseen";
    where.textContent = `: ${parts[0]?.closest("[data-told]").textContent ?? ""}`;
    said.append(where);
    if (playButton) {
      playButton.hidden = second === null;
      playButton.querySelector("[data-find-clock]").textContent = clock(second ?? 0);
    }
    marks?.choose(current);
  }

  function goTo(match) {
    pointTo(match);
    const [first] = partsOf(match);
    if (first) bringIntoView(first);
  }

  function bringIntoView(mark) {
    // Stepped to, it was asked for: the part that it is folded in opens.
    const folded = mark.closest("details");
    if (folded) folded.open = true;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const behavior = calm ? "auto" : "smooth";
    const box = mark.closest("[data-words]");
    if (!box) {
      mark.scrollIntoView({ block: "center", behavior });
      return;
    }
    letGo?.();
    box.scrollIntoView({ block: "nearest", behavior });
    const at = mark.getBoundingClientRect().top - box.getBoundingClientRect().top;
    box.scrollTo({ top: box.scrollTop + at - box.clientHeight / 3, behavior });
  }

  function step(by) {
    if (!matches.length) return;
    const from = current < 0 && by < 0 ? 0 : current;
    goTo((from + by + matches.length) % matches.length);
  }

  async function ask() {
    const mine = ++asked;
    typed = input.value.trim();
    if (!typed) return paint({ problem: "", matches: [], texts: {} });
    let answer;
    try {
      const response = await fetch(`${form.dataset.find}?q=${encodeURIComponent(typed)}`);
      // The story went while its page was open: the page itself says so best.
      if ([404, 410].includes(response.status)) return location.reload();
      if (!response.ok) throw new Error(response.status);
      answer = await response.json();
    } catch {
      if (mine !== asked) return;
      typed = "";
      said.textContent = gettext("That did not work just now. Please try again in a moment.");
      return;
    }
    if (mine !== asked) return;
    paint(answer);
    if (matches.length) goTo(0);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (typed && input.value.trim() === typed) step(1);
    else ask();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.shiftKey) return;
    event.preventDefault();
    if (typed && input.value.trim() === typed) step(-1);
    else ask();
  });
  input.addEventListener("input", () => input.value === "" && ask());
  steps.addEventListener("click", (event) => {
    const button = event.target.closest("[data-find-step]");
    if (button) step(Number(button.dataset.findStep));
  });
  playButton?.addEventListener("click", () => play(Math.max(0, matches[current] - LEAD_IN)));

  form.querySelector("[data-find-places]")?.remove();
  typed = input.defaultValue.trim();
  if (!typed) return;
  paint(JSON.parse(form.querySelector("script").textContent));
  // Whoever came from the search page came for one of them, and the address brought them there.
  const at = location.hash && document.getElementById(location.hash.slice(1));
  const here = at ? at.querySelector("mark") : null;
  const first = here
    ? Number(here.dataset.match)
    : matches.findIndex((second) => moment !== null && second !== null && second >= moment);
  if (first >= 0) pointTo(first);
}
