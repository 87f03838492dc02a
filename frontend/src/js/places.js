// Where somebody stopped in a recording, and how they like to hear one. It stays on their device,
// under the story's number rather than its title, and is never sent.
const KEY = "player";
const MOST = 20;
const DAY = 86_400_000; // milliseconds
const KEPT_DAYS = 30;
const SOON = 15; // seconds from either end: not worth going back to

/** @returns {{places?: Object<string, [number, number]>, speed?: number, captions?: "off", remember?: "no"}} */
function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    return kept && typeof kept === "object" ? kept : {};
  } catch {
    return {};
  }
}

function write(kept) {
  try {
    if (kept.places && !Object.keys(kept.places).length) delete kept.places;
    const text = JSON.stringify(kept);
    if (text === "{}") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, text);
  } catch {
    // A browser that keeps nothing: the next visit begins at the beginning.
  }
}

/** @param {"speed" | "captions" | "remember"} name */
export const setting = (name) => read()[name];

/** @param value what to keep; undefined for what is usual, of which nothing is kept */
export function keepSetting(name, value) {
  write({ ...read(), [name]: value });
}

/** @returns {number} seconds; 0 where nothing is remembered */
export function placeIn(story) {
  const second = Number(read().places?.[story]?.[0]);
  return second > 0 ? second : 0;
}

/**
 * @param {string} story
 * @param {number} second
 * @param {number} length of the recording, in seconds
 */
export function keepPlace(story, second, length) {
  const kept = read();
  if (kept.remember === "no") return;
  const { [story]: _, ...others } = kept.places ?? {};
  const worth = second > SOON && !(length - second < SOON);
  const latest = Object.entries(others).sort(([, a], [, b]) => b[1] - a[1]);
  if (worth) latest.unshift([story, [Math.floor(second), Date.now()]]);
  write({ ...kept, places: Object.fromEntries(latest.slice(0, MOST)) });
}

export function forgetPlace(story) {
  const kept = read();
  delete kept.places?.[story];
  write(kept);
}

/** Every place in every story; how somebody likes to hear them stays. */
export function forgetPlaces() {
  const { places, ...others } = read();
  if (places) write(others);
}

/** What nobody came back to. */
export function forgetOldPlaces() {
  const kept = read();
  if (!kept.places) return;
  const young = ([, place]) => Date.now() - place?.[1] < KEPT_DAYS * DAY;
  write({ ...kept, places: Object.fromEntries(Object.entries(kept.places).filter(young)) });
}
