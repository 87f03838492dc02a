// Which of the story's recordings to play: HLS where the browser can take it, else a plain file;
// or, of a film, its sound alone. A page that is only being read fetches nothing of its film.
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
  const files = [...media.querySelectorAll("source")];
  let detach = () => {};
  let wanted = 0;

  async function begin(at) {
    const mine = ++wanted;
    const plain = () => playPlainFile(media, files, trouble.broken);
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

  if (streams && moment === null) {
    const mine = ++wanted;
    // Else pressing play would begin with a plain file: one is chosen already.
    for (const file of files) file.remove();
    media.load();
    fetchAhead(hls);
    onceWanted(media, () => mine === wanted && begin(null));
  } else begin(moment);
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

/** Calls `go` when somebody turns to the player: a pointer over it, a finger, the keyboard. */
function onceWanted(media, go) {
  const player = media.closest("[data-player]");
  const heard = new AbortController();
  const begin = () => {
    heard.abort();
    go();
  };
  for (const sign of ["pointerenter", "pointerdown", "focusin"]) {
    player.addEventListener(sign, begin, { signal: heard.signal });
  }
  // From a button elsewhere, a moment in the transcript, or the lock screen.
  media.addEventListener("play", begin, { signal: heard.signal });
}

/** Fetches a script when there is nothing else to do, and does not run it. */
function fetchAhead(script) {
  if (navigator.connection?.saveData) return;
  addEventListener("load", () => {
    document.head.append(Object.assign(document.createElement("link"), { rel: "prefetch", href: script }));
  });
}

function playPlainFile(media, files, onBroken) {
  const last = files.at(-1);
  if (!last) return onBroken();
  if (!last.isConnected) media.prepend(...files);
  // Only the last one's error means that none of them can be played.
  last.addEventListener("error", onBroken);
  media.addEventListener("error", onBroken);
  if (media.networkState === HTMLMediaElement.NETWORK_NO_SOURCE) onBroken();
  if (media.preload === "none") media.preload = "metadata";
}
