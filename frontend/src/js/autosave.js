// Saves what is typed as it is typed, on our side only: the phone may be shared.
import { gettext } from "./language.js";

const PAUSE_MS = 1500;
const TRY_AGAIN_MS = 10_000;
// Browsers refuse a request that outlives its page when it is larger than this.
const KEEPALIVE_BYTES = 60_000;

const SAVED = gettext("Saved a moment ago");
const NOT_SAVED = gettext("Not saved yet: we’ll try again");
const TEXT_FIELDS =
  "textarea[name], select[name], input[name]:not([type]), " +
  ["text", "email", "tel", "search", "url"].map((type) => `input[name][type=${type}]`).join(", ");

/** @param {HTMLFormElement} form with data-autosave="address" and somewhere a [data-saved] */
export function saveAsTyped(form) {
  const address = form.dataset.autosave;
  const note = form.querySelector("[data-saved]") ?? document.querySelector("[data-saved]");
  note?.setAttribute("aria-live", "polite");
  let timer = 0;
  let unsaved = false;
  let saving = false;
  let leaving = false;

  function say(words) {
    // The same words again would be read out again.
    if (note && note.textContent !== words) note.textContent = words;
  }

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  async function save() {
    if (!unsaved || leaving) return;
    // One at a time and in order: an older text must never land on a newer one.
    if (saving) return later(PAUSE_MS);
    clearTimeout(timer);
    unsaved = false;
    saving = true;
    const ok = await post(address, words(form), false);
    saving = false;
    if (leaving) return;
    if (ok) {
      if (!unsaved) say(SAVED);
      return;
    }
    unsaved = true;
    say(NOT_SAVED);
    later(TRY_AGAIN_MS);
  }

  function saveBeforeGoing() {
    if (!unsaved || leaving) return;
    clearTimeout(timer);
    unsaved = false;
    post(address, words(form), true).then((ok) => {
      if (ok) return say(SAVED);
      unsaved = true;
      later(TRY_AGAIN_MS);
    });
  }

  form.addEventListener("input", (event) => {
    if (!event.target.matches(TEXT_FIELDS)) return;
    unsaved = true;
    later(PAUSE_MS);
  });
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") saveBeforeGoing();
  });
  window.addEventListener("pagehide", saveBeforeGoing);
  // Back from the browser's memory after sending: typing counts again.
  window.addEventListener("pageshow", (event) => event.persisted && (leaving = false));
}

function words(form) {
  const data = new FormData();
  for (const field of form.querySelectorAll(TEXT_FIELDS)) {
    if (!field.disabled) data.append(field.name, field.value);
  }
  const token = form.querySelector("[name=csrfmiddlewaretoken]");
  if (token) data.append(token.name, token.value);
  return data;
}

/** Resolves to whether the words arrived; never rejects. */
async function post(address, body, going) {
  const size = [...body.values()].reduce((sum, value) => sum + new Blob([value]).size, 1000);
  try {
    const answer = await fetch(address, {
      method: "POST",
      body,
      credentials: "same-origin",
      keepalive: going && size < KEEPALIVE_BYTES,
      // Being sent elsewhere (a link that has run out) is not being saved.
      redirect: "error",
    });
    return answer.ok;
  } catch {
    return false;
  }
}
