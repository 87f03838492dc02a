// How loud it is, as a bar and in words.
import { gettext } from "./language.js";

const CALM_MS = 1000;
const QUIET = 0.02;
const LOUD = 0.9;
const SILENT_SECONDS = 6;

/**
 * @param {MediaStream} stream
 * @param {{level: (share: number) => void, words: (words: string) => void,
 *   silence: () => void}} tell `level` from 0 to 1, `words` for the eye, `silence` once
 * @returns {() => void} ends it
 */
export function watchLevel(stream, tell) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  context.resume().catch(() => {});
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const samples = new Float32Array(analyser.fftSize);
  let loudest = 0;
  let shown = 0;
  let said = 0;
  let silentSince = Date.now();

  function look() {
    analyser.getFloatTimeDomainData(samples);
    const now = Date.now();
    const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    loudest = Math.max(loudest, peak);
    if (peak > QUIET) silentSince = now;
    if (now - shown >= (calm.matches ? CALM_MS : 0)) {
      shown = now;
      // Ears hear ratios: 60 dB of them are the whole bar.
      tell.level(Math.max(0, Math.min(1, 1 + Math.log10(Math.max(peak, 1e-4)) / 3)));
    }
    if (now - said >= CALM_MS) {
      said = now;
      if (loudest > LOUD) tell.words(gettext("Very loud. You can sit a little further away."));
      else if (loudest > QUIET) tell.words(gettext("We can hear you."));
      else tell.words(gettext("Very quiet. Come closer, or speak up a little."));
      loudest = 0;
    }
    if (now - silentSince > SILENT_SECONDS * 1000) {
      silentSince = Infinity;
      tell.silence();
    }
  }

  const timer = setInterval(look, 100);
  return () => {
    clearInterval(timer);
    context.close().catch(() => {});
  };
}
