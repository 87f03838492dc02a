// Loaded by the player on demand, and only for video.
import Hls from "hls.js";

// Enough to start at once; a page that is only being read should not fetch a whole recording.
const SECONDS_BEFORE_PLAY = 8;
const SECONDS_WHILE_PLAYING = 30;
// On a slow line something moves at once; what the line can carry is found out meanwhile.
const SMALLEST = 0;
const NOT_THERE = [404, 410];

/** Both bounds: between them hls.js would fetch as much as fits into 60 MB. */
const ahead = (seconds) => ({ maxBufferLength: seconds, maxMaxBufferLength: seconds });

/**
 * Plays an HLS stream through `media`.
 * @param {HTMLVideoElement} media
 * @param {string} master address of the master playlist
 * @param {number | null} moment seconds to start from
 * @param {{giveUp: () => void, refused: () => void}} trouble `giveUp` is called once when the
 *   stream cannot be played and `media` is free again; `refused` whenever a part is not there
 * @returns {(() => void) | null} lets go of `media`; null where this browser cannot take HLS so
 */
export function attach(media, master, moment, { giveUp, refused }) {
  if (!Hls.isSupported()) return null;
  // Who asked their phone to save data gets nothing before they press play, and the smallest.
  const sparing = Boolean(navigator.connection?.saveData);
  const hls = new Hls({
    autoStartLoad: !sparing,
    capLevelToPlayerSize: true,
    ...ahead(media.paused ? SECONDS_BEFORE_PLAY : SECONDS_WHILE_PLAYING),
    startLevel: SMALLEST,
    startPosition: moment ?? -1,
    // Captions are a file of their own.
    enableWebVTT: false,
    enableIMSC1: false,
    enableCEA708Captions: false,
  });
  if (sparing) hls.autoLevelCapping = SMALLEST;
  let mended = false;
  let refusals = 0;
  const whenPlayed = () => {
    Object.assign(hls.config, ahead(SECONDS_WHILE_PLAYING));
    if (sparing) hls.startLoad(media.currentTime || (moment ?? -1));
  };
  media.addEventListener("play", whenPlayed, { once: true });
  const detach = () => {
    media.removeEventListener("play", whenPlayed);
    hls.destroy();
  };
  hls.on(Hls.Events.ERROR, (_, error) => {
    if (NOT_THERE.includes(error.response?.code)) {
      refusals++;
      refused();
    }
    // Left to itself it asks for a lost part of its only rung for a long time.
    if (!error.fatal && refusals <= hls.levels.length) return;
    if (error.type === Hls.ErrorTypes.MEDIA_ERROR && !mended) {
      mended = true;
      hls.recoverMediaError();
      return;
    }
    const here = media.currentTime;
    const playing = !media.paused;
    detach();
    media.load();
    const goBack = () => (media.currentTime = here);
    if (here) media.addEventListener("loadedmetadata", goBack, { once: true });
    giveUp();
    if (playing) media.play().catch(() => {});
  });
  hls.loadSource(master);
  // Whoever pressed play before this was here: a new source stops what plays.
  const pressed = !media.paused;
  hls.attachMedia(media);
  if (pressed) media.play().catch(() => {});
  return detach;
}
