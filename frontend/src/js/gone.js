// A story can be taken back while somebody has it open. Then it stops, and the player says so.
import { forgetPlace } from "./places.js";
import { fallSilent } from "./session.js";

const OF_THE_STORY = ".words, .ways, .telling, .stage .summary, .share-block";
const LONG = 60_000; // milliseconds of pause after which it is asked again

/**
 * @param {HTMLElement} player
 * @param {HTMLMediaElement} media
 * @param {() => void} stop lets go of whatever is loaded
 * @returns {() => Promise<boolean>} asks whether the story is gone, and puts it away if so
 */
export function watchForEnd(player, media, stop) {
  const { page, story } = player.dataset;
  const message = player.querySelector("[data-gone]");
  let pausedAt = Infinity;

  async function isGone() {
    try {
      const answer = await fetch(page, { method: "HEAD", cache: "no-store" });
      return answer.status === 404 || answer.status === 410;
    } catch {
      return false; // No connection: nobody knows.
    }
  }

  function putAway() {
    const had = player.contains(document.activeElement);
    media.pause();
    stop();
    fallSilent();
    forgetPlace(story);
    // Its words are as much part of it as its sound.
    document.querySelectorAll(OF_THE_STORY).forEach((each) => each.remove());
    player.closest(".stage").classList.add("stage-alone");
    player.replaceChildren(message);
    message.hidden = false;
    if (had) message.focus();
  }

  async function check() {
    if (!message.hidden) return true;
    if (!(await isGone())) return false;
    if (message.hidden) putAway();
    return true;
  }

  media.addEventListener("pause", () => (pausedAt = Date.now()));
  media.addEventListener("play", () => Date.now() - pausedAt > LONG && check());
  return check;
}
