// Loaded by the player on demand, and only for video.
import Hls from "hls.js";

// Enough to start at once; a page that is only being read should not fetch a whole recording.
const SECONDS_BEFORE_PLAY = 8;
const SECONDS_WHILE_PLAYING = 30;

/**
 * Plays an HLS stream through `media`.
 * @param {HTMLVideoElement} media
 * @param {string} master address of the master playlist
 * @param {number | null} moment seconds to start from
 * @param {() => void} giveUp called once when the stream cannot be played; `media` is free again
 * @returns {boolean} false where this browser cannot take HLS this way
 */
export function attach(media, master, moment, giveUp) {
  if (!Hls.isSupported()) return false;
  const hls = new Hls({
    capLevelToPlayerSize: true,
    maxBufferLength: SECONDS_BEFORE_PLAY,
    startPosition: moment ?? -1,
  });
  let mended = false;
  media.addEventListener("play", () => (hls.config.maxBufferLength = SECONDS_WHILE_PLAYING), {
    once: true,
  });
  hls.on(Hls.Events.ERROR, (_, error) => {
    if (!error.fatal) return;
    if (error.type === Hls.ErrorTypes.MEDIA_ERROR && !mended) {
      mended = true;
      hls.recoverMediaError();
      return;
    }
    const here = media.currentTime;
    const playing = !media.paused;
    hls.destroy();
    media.load();
    const goBack = () => (media.currentTime = here);
    if (here) media.addEventListener("loadedmetadata", goBack, { once: true });
    giveUp();
    if (playing) media.play().catch(() => {});
  });
  hls.loadSource(master);
  hls.attachMedia(media);
  return true;
}
