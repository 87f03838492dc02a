// How fast, and with captions or without: as it was chosen last, in whichever story.
import { keepSetting, setting } from "./places.js";

/** @param {HTMLMediaElement} media */
export function keepSettings(media) {
  const speed = Number(setting("speed"));
  // The default too: whatever is loaded next begins with that.
  if (speed >= 0.5 && speed <= 3) media.defaultPlaybackRate = media.playbackRate = speed;
  media.addEventListener("ratechange", () => {
    media.defaultPlaybackRate = media.playbackRate;
    keepSetting("speed", media.playbackRate === 1 ? undefined : media.playbackRate);
  });

  const captions = [...media.textTracks].filter((track) => track.kind !== "metadata");
  if (!captions.length) return;
  if (setting("captions") === "off") captions.forEach((track) => (track.mode = "disabled"));
  media.textTracks.addEventListener("change", () => {
    const shown = captions.some((track) => track.mode === "showing");
    keepSetting("captions", shown ? undefined : "off");
  });
}
