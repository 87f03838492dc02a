// Browsers draw captions over a video's picture, and not at all for sound. Here they get a place
// of their own below it; player.css hides the browser's, except in full screen.

const VOICE = /^<v[^ >]* ([^>]+)>/;
const seen = new WeakSet();

/**
 * Write who begins to speak before their words, for browsers show no voice's name. It is written
 * into the cues, so that it stands in full screen too. The file has numbers only; the page knows
 * the names that may be shown now.
 */
function nameSpeakers(track) {
  const names = JSON.parse(document.getElementById("speakers")?.textContent ?? "{}");
  let before;
  for (const cue of track.cues ?? []) {
    const who = VOICE.exec(cue.text)?.[1];
    if (who && who !== before && !seen.has(cue)) {
      const name = names[who]?.replace(/&/g, "&amp;").replace(/</g, "&lt;") ?? who;
      cue.text = cue.text.replace(VOICE, (voice) => `${voice}${name}: `);
    }
    seen.add(cue);
    before = who;
  }
}

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
    if (track) nameSpeakers(track);
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
