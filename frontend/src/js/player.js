// The player on a story's page: media-chrome's controls around the browser's own media element.
import "media-chrome/dist/media-controller.js";
import "media-chrome/dist/media-captions-button.js";
import "media-chrome/dist/media-fullscreen-button.js";
import "media-chrome/dist/media-mute-button.js";
import "media-chrome/dist/media-play-button.js";
import "media-chrome/dist/media-playback-rate-button.js";
import "media-chrome/dist/media-seek-backward-button.js";
import "media-chrome/dist/media-time-display.js";
import "media-chrome/dist/media-time-range.js";

import { showCaptions } from "./captions.js";
import { setUpFind } from "./finding.js";
import { timeLine } from "./marks.js";
import { seek, startAt } from "./moment.js";
import { offerToSkip } from "./skip.js";
import { useBestSource } from "./source.js";
import { followWords } from "./words.js";

/** @param {HTMLElement} player the [data-player] element */
function setUp(player) {
  const media = player.querySelector("video, audio");
  const moment = player.dataset.moment === undefined ? null : Number(player.dataset.moment);

  media.removeAttribute("controls");
  player.querySelector("[data-bar]").hidden = false;
  player.classList.add("player-live");
  // media-chrome says aria-checked on a role that has no such state.
  player.querySelector("media-captions-button")?.setAttribute("role", "switch");

  const problem = player.querySelector("[data-problem]");
  useBestSource(media, player.dataset, moment, () => (problem.hidden = false));
  media.addEventListener("playing", () => (problem.hidden = true));

  showCaptions(media, player.querySelector("[data-caption]"));
  const words = document.querySelector("[data-words]");
  const follow = document.querySelector("[data-follow]");
  const letGo = words ? followWords(media, words, follow, moment) : () => {};
  if (moment !== null) startAt(media, moment, player, player.querySelector("[data-start-here]"));
  offerToSkip(media, player);

  const form = document.querySelector("[data-find]");
  if (!form) return;
  const line = player.querySelector("[data-found-marks]");
  setUpFind(form, {
    moment,
    letGo,
    play(second) {
      seek(media, second);
      media.play().catch(() => {});
    },
    marks: line ? timeLine(line, media) : undefined,
  });
}

document.querySelectorAll("[data-player]").forEach(setUp);
