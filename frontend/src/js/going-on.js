// "Go on from 4:10": offered to whoever stopped in the middle, on this device.
import { clock } from "./clock.js";
import { seek } from "./moment.js";
import { forgetPlace, forgetPlaces, keepPlace, keepSetting, placeIn, setting } from "./places.js";

const EVERY = 5; // seconds between two looks at where somebody is

/**
 * @param {HTMLMediaElement} media
 * @param {string} story its number
 * @param {HTMLElement} offer holds the two buttons
 * @param {boolean} asked whether the page was opened at a moment of its own
 */
export function goOn(media, story, offer, asked) {
  const place = placeIn(story);
  let kept = 0;

  function close() {
    const had = offer.contains(document.activeElement);
    offer.hidden = true;
    if (had) media.closest("media-controller").querySelector("media-play-button").focus();
  }

  function keep() {
    if (!media.played.length) return;
    kept = media.currentTime;
    keepPlace(story, kept, media.duration);
  }

  if (place && !asked) {
    offer.querySelector("[data-place-clock]").textContent = clock(place);
    offer.hidden = false;
  }
  offer.querySelector("[data-go-on]").addEventListener("click", () => {
    close();
    seek(media, place);
    media.play().catch(() => {});
  });
  offer.querySelector("[data-forget]").addEventListener("click", () => {
    forgetPlace(story);
    close();
  });
  media.addEventListener("playing", close);
  media.addEventListener("timeupdate", () => Math.abs(media.currentTime - kept) > EVERY && keep());
  media.addEventListener("pause", keep);
  media.addEventListener("ended", () => forgetPlace(story));
  addEventListener("pagehide", keep);
}

/** @param {HTMLInputElement} tick whether places are remembered at all */
export function chooseWhetherToRemember(tick) {
  tick.checked = setting("remember") !== "no";
  tick.addEventListener("change", () => {
    keepSetting("remember", tick.checked ? undefined : "no");
    if (!tick.checked) forgetPlaces();
  });
}
