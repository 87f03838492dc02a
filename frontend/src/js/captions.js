// Browsers draw captions over a video's picture, and not at all for sound. Here they get a place
// of their own below it; player.css hides the browser's, except in full screen.

/**
 * @param {HTMLMediaElement} media
 * @param {HTMLElement | null} line where the words go; null without captions
 */
export function showCaptions(media, line) {
  if (!line) return;
  line.setAttribute("aria-hidden", "true"); // all of it stands in the transcript
  const show = () => {
    const track = [...media.textTracks].find((each) => each.mode === "showing");
    line.hidden = !track;
    const words = [...(track?.activeCues ?? [])].map((cue) => cue.getCueAsHTML().textContent);
    const said = words.join("\n");
    if (line.textContent !== said) line.textContent = said;
  };
  for (const track of media.textTracks) track.addEventListener("cuechange", show);
  media.textTracks.addEventListener("change", show);
  // Where one ends as the next begins, Chromium tells of the second while the first still stands.
  media.addEventListener("timeupdate", show);
  show();
}
