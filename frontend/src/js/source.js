// Which of the story's recordings to play: HLS where the browser can take it, else a plain file;
// or, of a film, its sound alone.
import { seek } from "./moment.js";

/**
 * Begins with the recording as it is.
 * @param {HTMLMediaElement} media
 * @param {{master?: string, hls?: string}} addresses of the HLS master and of the HLS library
 * @param {number | null} moment seconds to start from
 * @param {{broken: () => void, refused: () => void}} trouble called when nothing will play, and
 *   when the server says that a part is not there (any more)
 * @returns {{listen: (address: string) => void, watch: () => void, stop: () => void}}
 */
export function playBestSource(media, { master, hls }, moment, trouble) {
  const streams = master && ("MediaSource" in window || "ManagedMediaSource" in window);
  let detach = () => {};
  let wanted = 0;

  async function begin(at) {
    const mine = ++wanted;
    const plain = () => playPlainFile(media, trouble.broken);
    if (!streams) return plain();
    try {
      const { attach } = await import(hls);
      if (mine !== wanted) return;
      const attached = attach(media, master, at, { giveUp: plain, refused: trouble.refused });
      if (attached) detach = attached;
      else plain();
    } catch {
      plain();
    }
  }

  function letGo() {
    wanted++;
    detach();
    detach = () => {};
    media.removeEventListener("error", trouble.broken);
  }

  /** Loads something else, and goes on from where it was. */
  async function change(load) {
    const at = media.readyState ? media.currentTime : (moment ?? 0);
    const playing = !media.paused;
    letGo();
    await load(at);
    seek(media, at);
    if (playing) media.play().catch(() => {});
  }

  begin(moment);
  return {
    listen(address) {
      change(() => {
        media.addEventListener("error", trouble.broken);
        media.preload = "metadata";
        media.src = address;
      });
    },
    watch() {
      change((at) => {
        if (streams) media.preload = "none";
        media.removeAttribute("src");
        media.load();
        return begin(at);
      });
    },
    stop() {
      letGo();
      media.querySelectorAll("source, track").forEach((each) => each.remove());
      media.removeAttribute("src");
      media.load();
    },
  };
}

function playPlainFile(media, onBroken) {
  const sources = media.querySelectorAll("source");
  const last = sources[sources.length - 1];
  if (!last) return onBroken();
  // Only the last one's error means that none of them can be played.
  last.addEventListener("error", onBroken);
  media.addEventListener("error", onBroken);
  if (media.networkState === HTMLMediaElement.NETWORK_NO_SOURCE) onBroken();
  if (media.preload === "none") media.preload = "metadata";
}
