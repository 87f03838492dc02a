// Arriving at ?t=SECONDS: the recording stands at that second, and plays if the browser lets it.

/**
 * Moves `media` to a second, now or as soon as its length is known.
 * @param {HTMLMediaElement} media
 * @param {number} seconds
 */
export function seek(media, seconds) {
  const go = () => {
    const last = Number.isFinite(media.duration) ? Math.max(0, media.duration - 0.25) : seconds;
    const to = Math.min(seconds, last);
    // Already there, by the address's #t= or by HLS: a second seek would only stutter.
    if (Math.abs(media.currentTime - to) > 0.05) media.currentTime = to;
  };
  if (media.readyState >= HTMLMediaElement.HAVE_METADATA) go();
  else media.addEventListener("loadedmetadata", go, { once: true });
}

/**
 * @param {HTMLMediaElement} media
 * @param {number} moment seconds
 * @param {HTMLElement} player brought into view
 * @param {HTMLElement} invitation holds the button shown when playing needs a press
 */
export function startAt(media, moment, player, invitation) {
  const waits = "wait" in player.dataset;
  // A moment later, so that the caption of what is passed by is over.
  seek(media, waits ? moment + 0.1 : moment);
  player.scrollIntoView({ block: "nearest" });
  const button = invitation.querySelector("button");
  button.addEventListener("click", () => {
    invitation.hidden = true;
    media.play().catch(() => (invitation.hidden = false));
  });
  media.addEventListener("playing", () => (invitation.hidden = true));
  // The address led into a noted passage: nothing plays until somebody says so.
  if (waits) return void (invitation.hidden = false);
  const invite = () => {
    if (media.paused) invitation.hidden = false;
  };
  const begin = () => media.play().catch(invite);
  if (media.readyState >= HTMLMediaElement.HAVE_METADATA) begin();
  else {
    media.addEventListener("loadedmetadata", begin, { once: true });
    // Phones may fetch nothing at all before a press.
    media.addEventListener("suspend", () => media.readyState === 0 && invite(), { once: true });
  }
}
