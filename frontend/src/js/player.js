// The player, of a story or of a page in BSL: media-chrome's controls around the browser's own media element.
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
import { followChapters } from "./chapters.js";
import { setUpFind } from "./finding.js";
import { chooseWhetherToRemember, goOn } from "./going-on.js";
import { watchForEnd } from "./gone.js";
import { listenOnly } from "./listen.js";
import { timeLine } from "./marks.js";
import { seek, startAt } from "./moment.js";
import { standIn } from "./picture.js";
import { announce } from "./session.js";
import { keepSettings } from "./settings.js";
import { offerToSkip } from "./skip.js";
import { playBestSource } from "./source.js";
import { drawWave } from "./wave.js";
import { followWords } from "./words.js";

/** @param {HTMLElement} player the [data-player] element: a story's, or a film of the library's */
function setUp(player) {
  const media = player.querySelector("video, audio");
  const cover = player.querySelector("[data-cover]");
  const moment = player.dataset.moment === undefined ? null : Number(player.dataset.moment);

  media.removeAttribute("controls");
  keepInSight(player, media);
  player.querySelector("[data-bar]").hidden = false;
  player.classList.add("player-live");
  // media-chrome says aria-checked on a role that has no such state.
  player.querySelector("media-captions-button")?.setAttribute("role", "switch");

  const problem = player.querySelector("[data-problem]");
  media.addEventListener("playing", () => (problem.hidden = true));
  const isGone = player.dataset.story
    ? watchForEnd(player, media, () => source.stop())
    : async () => false;
  const source = playBestSource(media, player.dataset, moment, {
    broken: async () => (problem.hidden = await isGone()),
    refused: isGone,
  });

  keepSettings(media);
  showCaptions(media, player.querySelector("[data-caption]"));
  announce(media, player.dataset, cover.querySelector("svg"));
  if (!player.dataset.story) return;
  setUpPicture(player, media, cover, source);
  setUpStory(player, media, moment);
}

/** What only a story has: a place to go on from, its words, passages to skip. */
function setUpStory(player, media, moment) {
  goOn(media, player.dataset.story, player.querySelector("[data-place]"), moment !== null);
  chooseWhetherToRemember(document.querySelector("[data-remember]"));
  document.querySelector("[data-keys]").hidden = false;

  const words = document.querySelector("[data-words]");
  const follow = document.querySelector("[data-follow]");
  const letGo = words ? followWords(media, words, follow, moment) : () => {};
  if (moment !== null) startAt(media, moment, player, player.querySelector("[data-start-here]"));
  offerToSkip(media, player);
  const chapters = document.querySelector("[data-chapters]");
  if (chapters) followChapters(media, chapters);

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

/** What media-chrome asks to be told in attributes of its own, which no plain page may have. */
function keepInSight(player, media) {
  const parts = player.querySelectorAll("media-controller > :not([slot])");
  parts.forEach((part) => part.setAttribute("noautohide", ""));
  // Its pictures of the moments are only fetched once the track is in use.
  for (const track of media.textTracks) if (track.kind === "metadata") track.mode = "hidden";
}

/** A sound's shape; of a film too, as soon as somebody only listens to it. */
function setUpPicture(player, media, cover, source) {
  const wave = player.querySelector("[data-wave]");
  const draw = () => wave?.hidden && drawWave(wave, player.dataset.peaks, media);
  if (media.tagName === "AUDIO") return draw();
  const show = standIn(player, media, cover);
  const link = document.querySelector("[data-listen]");
  if (!link) return;
  listenOnly(link, source, (listening) => {
    show(listening);
    if (listening) draw();
  });
}

document.querySelectorAll("[data-player]").forEach(setUp);
