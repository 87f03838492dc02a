// What is seen of a file on its way: how far it is, that it waits, and the ways to pause or stop.
import { gettext } from "./language.js";

/**
 * The bar with its words and buttons, put before the form's own buttons.
 * @param {HTMLFormElement} form
 */
export function makeView(form) {
  const box = document.createElement("div");
  box.className = "progress";
  box.hidden = true;
  box.innerHTML =
    '<label for="upload-bar" aria-live="polite"></label>' +
    '<progress id="upload-bar" max="100" value="0"></progress><p class="quiet"></p>' +
    '<div class="actions"><button type="button" class="button" data-pause></button>' +
    '<button type="button" class="button button-quiet" data-stop></button></div>';
  const words = document.createElement("p");
  words.className = "error-text";
  words.setAttribute("role", "alert");
  const actions = form.querySelector(":scope > .actions");
  (actions?.parentNode ?? form).insertBefore(box, actions);
  box.before(words);

  const [label, bar, amount] = box.children;
  const pause = box.querySelector("[data-pause]");
  const stop = box.querySelector("[data-stop]");
  let sending, looking;
  label.textContent = gettext("Sending your file");
  pause.textContent = gettext("Pause");
  stop.textContent = gettext("Stop sending");
  const say = (text) => {
    // The same words again would be read out again.
    if (label.textContent !== text) label.textContent = text;
  };
  return {
    busy: false,
    /** `thing` is what is sent: a file, or a recording. */
    start({ onPause, onStop, thing = "file" }) {
      this.busy = true;
      words.textContent = "";
      const isRecording = thing === "recording";
      sending = isRecording ? gettext("Sending your recording") : gettext("Sending your file");
      looking = isRecording
        ? gettext("Nearly there: we are looking at your recording")
        : gettext("Nearly there: we are looking at your file");
      say(sending);
      bar.value = 0;
      amount.textContent = "";
      box.hidden = false;
      if (actions) actions.hidden = true;
      pause.hidden = stop.hidden = false;
      pause.textContent = gettext("Pause");
      pause.onclick = onPause;
      stop.onclick = onStop;
      pause.focus();
    },
    show(loaded, total) {
      const percent = total ? Math.floor((100 * loaded) / total) : 0;
      bar.value = percent;
      amount.textContent = gettext("%(percent)s%, %(sent)s of %(all)s MB", {
        percent,
        sent: megabytes(loaded),
        all: megabytes(total),
      });
      say(sending);
    },
    waiting() {
      say(
        gettext("Waiting for the connection. What has arrived is safe, and we go on by ourselves."),
      );
    },
    paused(isPaused) {
      say(isPaused ? gettext("Paused. What has arrived is safe.") : sending);
      pause.textContent = isPaused ? gettext("Go on") : gettext("Pause");
    },
    looking() {
      bar.value = 100;
      say(looking);
      pause.hidden = stop.hidden = true;
    },
    stop(problem) {
      this.busy = false;
      box.hidden = true;
      if (actions) actions.hidden = false;
      words.textContent = problem;
      actions?.querySelector("button, .button")?.focus();
    },
  };
}

/** Says how large a chosen file is, before it costs anybody's mobile data. */
export function showSize(input) {
  const note = document.createElement("p");
  note.className = "hint";
  note.setAttribute("aria-live", "polite");
  input.after(note);
  const tell = () => {
    const file = input.files[0];
    note.textContent = file ? gettext("Your file has %(size)s MB.", { size: megabytes(file.size) }) + mobile(file) : "";
  };
  input.addEventListener("change", tell);
  tell();
}

/** Where the browser knows it (Network Information API; not Firefox or Safari). */
export function onMobileData() {
  const { type, saveData } = navigator.connection ?? {};
  return Boolean(type === "cellular" || saveData);
}

function mobile(file) {
  if (file.size < 10_000_000 || !onMobileData()) return "";
  const words = gettext(
    "You seem to be on mobile data: you may want to wait for Wi-Fi. You can pause at any time.",
  );
  return ` ${words}`;
}

/** 48 kB; 1.2 MB; 120 MB: decimal units, as shops count. */
export function amountOf(bytes) {
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${megabytes(bytes)} MB`;
}

function megabytes(bytes) {
  const amount = bytes / 1_000_000;
  return amount < 10 ? amount.toFixed(1) : amount.toFixed(0);
}
