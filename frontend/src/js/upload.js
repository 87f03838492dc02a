// Sends a large file, or a recording, in pieces that survive a broken connection. Without this the
// form sends a file all the same.
import { gettext } from "./language.js";
import { warnBeforeLeaving } from "./leaving.js";
import { offerRecording } from "./recorder.js";
import { takeIn } from "./replace.js";
import { offerEnd, offerGrown } from "./upload-notes.js";
import { fingerprintOf, sendPieces } from "./upload-pieces.js";
import { makeView, showSize } from "./upload-view.js";

const LOST = gettext(
  "The connection has been away for long. What has arrived is safe, and nothing is lost here: " +
    "when you are back online, press the button to go on.",
);
const TOO_BIG = gettext(
  "That file is too big for us. Choose a shorter recording, or one saved at a smaller size.",
);
const BROKEN = gettext(
  "Something went wrong on our side. Nothing is lost here: please press the button again in a few " +
    "minutes.",
);
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
  const recorder = offerRecording(form);
  offerGrown(form, recorder?.looked);
  let unwarn = () => {};

  form.addEventListener("submit", async (event) => {
    const file = input.files[0];
    const recording = recorder?.chosen;
    // Nothing to watch: let the browser send the form as usual.
    if (!file && !recording) return;
    event.preventDefault();
    if (view.busy) return;
    // Said now rather than after an hour of sending.
    const most = Number(form.dataset.maxBytes) || Infinity;
    if (!recording && file.size > most) return stop(TOO_BIG);
    view.busy = true;
    const sender = event.submitter;
    const body = new FormData(form);
    body.delete(input.name);
    if (sender?.name) body.append(sender.name, sender.value);
    const address = sender?.formAction || form.action;
    // An empty file goes the plain way: the page says what it is.
    if (!recording && !file.size) {
      body.append(input.name, file);
      return submit(address, body);
    }
    unwarn = warnBeforeLeaving();
    const tell = {
      progress: (sent, total) => view.show(sent, total),
      waiting: () => view.waiting(),
      done(where) {
        body.append("incoming", where.replace(/\/$/, "").split("/").pop());
        submit(address, body);
      },
      failed: (status, sentence) => stop(sentence || (status ? BROKEN : LOST)),
    };
    const sending = recording ? recorder.finish(tell) : await send(file, tell);
    view.start({
      thing: recording ? "recording" : "file",
      onPause: () => view.paused(sending.toggle()),
      onStop: () => {
        if (recording) recorder.rest();
        else sending.stop();
        stop("");
      },
    });
  });

  async function send(file, tell) {
    const fingerprint = await fingerprintOf(file).catch(() => "");
    const known = [...form.querySelectorAll("[data-coming]")].find(
      (note) => fingerprint && note.dataset.fingerprint === fingerprint,
    );
    const where = {
      endpoint: form.dataset.upload,
      address: known?.dataset.coming,
      fingerprint,
      token: form.querySelector("[name=csrfmiddlewaretoken]").value,
    };
    return sendPieces(file, where, tell);
  }

  function stop(words) {
    unwarn();
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
    unwarn();
    if (answer.ok && answer.redirected) {
      await recorder?.forget();
      return location.assign(answer.url);
    }
    // A page that has taken it in says so, and the recorder there forgets it.
    await recorder?.release();
    if (!takeIn(page, improve)) stop(answer.status === 413 ? TOO_BIG : BROKEN);
  }
}
