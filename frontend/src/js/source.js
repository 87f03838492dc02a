// Which of the story's recordings to play: HLS where the browser can take it, else a plain file.

/**
 * @param {HTMLMediaElement} media
 * @param {{master?: string, hls?: string}} addresses of the HLS master and of the HLS library
 * @param {number | null} moment seconds to start from
 * @param {() => void} onBroken called when nothing will play
 */
export async function useBestSource(media, { master, hls }, moment, onBroken) {
  const plain = () => playPlainFile(media, onBroken);
  if (!master || !("MediaSource" in window || "ManagedMediaSource" in window)) return plain();
  try {
    const { attach } = await import(hls);
    if (!attach(media, master, moment, plain)) plain();
  } catch {
    plain();
  }
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
