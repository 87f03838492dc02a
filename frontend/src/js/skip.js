// Passages that a content note is about: a button past each while it is near, and, for who ticks
// it beforehand, past them by themselves.
import { clock } from "./clock.js";
import { gettext } from "./language.js";
import { seek } from "./moment.js";

const CLEAR = 0.1; // seconds after it, so that the caption of its last words is over
const NEAR = 10; // seconds before a passage, time to read the button and press it

/**
 * @param {HTMLMediaElement} media
 * @param {HTMLElement} player holds [data-skip] where there are such passages
 */
export function offerToSkip(media, player) {
  const box = player.querySelector("[data-skip]");
  if (!box) return;
  const said = player.querySelector("[data-skip-said]");
  /** @type {{start: number, after: number | null, about: string}[]} */
  const passages = JSON.parse(player.querySelector("#noted").textContent);
  const ahead = document.querySelector("[data-skip-ahead]");
  const always = ahead?.querySelector("input");
  let near = null;
  let before = media.currentTime;

  /** The end of a passage that the story ends with is the end of the story. */
  const past = (passage) => passage.after ?? media.duration;

  function skip(passage) {
    if (passage.after === null) media.pause();
    seek(media, past(passage) + CLEAR);
    said.textContent =
      passage.after === null
        ? gettext("Skipped to the end")
        : gettext("Skipped to %(time)s", { time: clock(passage.after) });
  }

  function look() {
    const now = media.currentTime;
    // Whoever moved there by hand wants to be there: only what is played into is skipped.
    const playedOn = !media.seeking && now >= before && now - before < 2;
    const entered = passages.find(({ start }) => playedOn && before < start && now >= start);
    before = now;
    if (entered && always?.checked) return skip(entered);
    const found = passages.find(
      (passage) => now >= passage.start - NEAR && now < past(passage) - 0.5,
    );
    if (found === near) return;
    near = found ?? null;
    box.hidden = !near || (always?.checked && now < near.start);
    if (box.hidden) return;
    box.querySelector("[data-skip-about]").textContent = near.about;
    const { about } = near;
    said.textContent =
      now < near.start
        ? gettext("The part about %(about)s is coming. You can skip it.", { about })
        : gettext("The part about %(about)s has begun. You can skip it.", { about });
  }

  box.querySelector("button").addEventListener("click", () => {
    if (!near) return;
    const had = box.contains(document.activeElement);
    skip(near);
    if (near.after !== null) media.play().catch(() => {});
    if (had) player.querySelector("media-play-button")?.focus();
  });
  if (ahead) {
    ahead.hidden = false;
    always.addEventListener("change", () => {
      near = null;
      look();
    });
  }
  media.addEventListener("timeupdate", look);
  media.addEventListener("seeked", look);
}
