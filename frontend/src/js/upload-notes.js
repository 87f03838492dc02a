// What had arrived when a page was left: it can be gone on with, used as it is, or thrown away.
import { gettext } from "./language.js";

const BEYOND = gettext("It could not be used. Please open this page again and try once more.");

function headersOf(form, more = {}) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  return { "X-CSRFToken": token, "Tus-Resumable": "1.0.0", ...more };
}

async function end(note, address, form) {
  const ask = { method: "DELETE", headers: headersOf(form) };
  const answer = await fetch(address, ask).catch(() => null);
  if (answer?.ok || answer?.status === 404 || answer?.status === 410) note.remove();
}

/** A file of which a part arrived. */
export function offerEnd(note, form) {
  note.hidden = false;
  note.querySelector("[data-end]").onclick = () => end(note, note.dataset.coming, form);
}

/**
 * Recordings of which a part arrived.
 * @param {HTMLFormElement} form
 * @param {Promise<string>} [looked] the address of the one that this device still has
 */
export async function offerGrown(form, looked) {
  const here = await looked;
  for (const note of form.querySelectorAll("[data-arrived]")) {
    if (note.dataset.arrived === here) note.remove();
  }
  for (const note of form.querySelectorAll("[data-grown]")) {
    const { grown, bytes } = note.dataset;
    if (grown === here) {
      note.remove();
      continue;
    }
    note.hidden = false;
    note.querySelector("[data-end]").onclick = () => end(note, grown, form);
    note.querySelector("[data-use]").onclick = () => use(note, grown, bytes, form);
  }
}

/** Tells us that nothing more of it comes. Whoever then presses Continue sends it. */
async function use(note, address, bytes, form) {
  const more = {
    "Upload-Offset": bytes,
    "Upload-Length": bytes,
    "Content-Type": "application/offset+octet-stream",
  };
  const ask = { method: "PATCH", headers: headersOf(form, more) };
  const answer = await fetch(address, ask).catch(() => null);
  const words = document.createElement("p");
  words.setAttribute("role", "status");
  words.textContent = answer?.ok ? gettext("It is ready. Press Continue, and we look at it.") : BEYOND;
  note.replaceChildren(words);
}
