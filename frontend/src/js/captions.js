// Browsers draw captions over a video's picture, and not at all for sound. Here they get a place
// of their own below it; player.css hides the browser's, except in full screen.

/** A cue's words, with the name of whoever begins to speak in it. */
function told(track, cue) {
  const who = speaker(cue);
  const before = track.cues[[...track.cues].indexOf(cue) - 1];
  const words = cue.getCueAsHTML().textContent;
  return who && (!before || speaker(before) !== who) ? `${who}: ${words}` : words;
}

/** Who speaks, as <v Name> says: a browser makes it the title of a span. */
const speaker = (cue) => cue.getCueAsHTML().querySelector("[title]")?.title ?? "";

/**
 * @param {HTMLMediaElement} media
 * @param {HTMLElement | null} line where the words go; null without captions
 */
export function showCaptions(media, line) {
  if (!line) return;
  // A screen reader has the transcript: these would be said over the voice.
  line.setAttribute("aria-hidden", "true");
  const show = () => {
    const track = [...media.textTracks].find((each) => each.mode === "showing");
    line.hidden = !track;
    const said = [...(track?.activeCues ?? [])].map((cue) => told(track, cue)).join("\n");
    if (line.textContent !== said) line.textContent = said;
  };
  for (const track of media.textTracks) track.addEventListener("cuechange", show);
  media.textTracks.addEventListener("change", show);
  // Where one ends as the next begins, Chromium tells of the second while the first still stands.
  media.addEventListener("timeupdate", show);
  show();
}
