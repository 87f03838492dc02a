// Sends a large file in pieces that survive a broken connection. Without this the form sends it
// all the same.
import { takeIn } from "./replace.js";
import { fingerprintOf, sendPieces } from "./upload-pieces.js";
import { makeView, showSize } from "./upload-view.js";

const LOST =
  "The connection has been away for long. What has arrived is safe, and your file is still " +
  "chosen: when you are back online, press the button to go on.";
const TOO_BIG =
  "That file is too big for us. Choose a shorter recording, or one saved at a smaller size.";
const BROKEN =
  "Something went wrong on our side. Your file is still chosen: please press the button again in " +
  "a few minutes.";
const AGAIN_MS = 4000;

/**
 * @param {HTMLFormElement} form with data-upload="where uploads begin", sent as multipart;
 *   data-max-bytes if there is one. [data-coming] inside are files that did not all arrive.
 * @param {(root: ParentNode) => void} improve run over a page that replaces this one
 */
export function showUpload(form, improve) {
  const view = makeView(form);
  const input = form.querySelector("input[type=file]");
  showSize(input);
  form.querySelectorAll("[data-coming]").forEach((note) => offerEnd(note, form));
  const warn = (event) => event.preventDefault(); // the browser's own, should they close the page

  form.addEventListener("submit", async (event) => {
    const file = input.files[0];
    // Nothing to watch: let the browser send the form as usual.
    if (!file) return;
    event.preventDefault();
    if (view.busy) return;
    // Said now rather than after an hour of sending.
    const most = Number(form.dataset.maxBytes) || Infinity;
    if (file.size > most) return stop(TOO_BIG);
    view.busy = true;
    const sender = event.submitter;
    const body = new FormData(form);
    body.delete(input.name);
    if (sender?.name) body.append(sender.name, sender.value);
    // An empty file goes the plain way: the page says what it is.
    if (!file.size) {
      body.append(input.name, file);
      return submit(sender?.formAction || form.action, body);
    }
    window.addEventListener("beforeunload", warn);
    const fingerprint = await fingerprintOf(file).catch(() => "");
    const known = [...form.querySelectorAll("[data-coming]")].find(
      (note) => fingerprint && note.dataset.fingerprint === fingerprint,
    );
    const where = {
      endpoint: form.dataset.upload,
      address: known?.dataset.coming,
      fingerprint,
      token: tokenOf(form),
    };
    const sending = sendPieces(file, where, {
      progress: (sent, total) => view.show(sent, total),
      waiting: () => view.waiting(),
      done(address) {
        body.append("incoming", address.replace(/\/$/, "").split("/").pop());
        submit(sender?.formAction || form.action, body);
      },
      failed: (status, sentence) => stop(sentence || (status ? BROKEN : LOST)),
    });
    view.start({
      onPause: () => view.paused(sending.toggle()),
      onStop: () => {
        sending.stop();
        stop("");
      },
    });
  });

  function stop(words) {
    window.removeEventListener("beforeunload", warn);
    view.stop(words);
  }

  /** The rest of the form, once the file is there. Asked again, it gets the same answer. */
  async function submit(address, body) {
    view.looking();
    let answer, page;
    try {
      answer = await fetch(address, { method: "POST", body, credentials: "same-origin" });
      page = await answer.text();
    } catch {
      view.waiting();
      return setTimeout(submit, AGAIN_MS, address, body);
    }
    // Another request of ours is looking at it still.
    if (answer.status === 409) return setTimeout(submit, AGAIN_MS, address, body);
    window.removeEventListener("beforeunload", warn);
    if (answer.ok && answer.redirected) return location.assign(answer.url);
    if (!takeIn(page, improve)) stop(answer.status === 413 ? TOO_BIG : BROKEN);
  }
}

/** What arrived of a file can be gone on with, or thrown away. */
function offerEnd(note, form) {
  note.hidden = false;
  const button = note.querySelector("button");
  button.onclick = async () => {
    const headers = { "X-CSRFToken": tokenOf(form), "Tus-Resumable": "1.0.0" };
    const address = note.dataset.coming;
    const answer = await fetch(address, { method: "DELETE", headers }).catch(() => null);
    if (answer?.ok || answer?.status === 404 || answer?.status === 410) note.remove();
  };
}

function tokenOf(form) {
  return form.querySelector("[name=csrfmiddlewaretoken]").value;
}
