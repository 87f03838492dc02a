// Sends a large file while showing how far it is. Without this the form sends it all the same.
import { takeIn } from "./replace.js";

const LOST =
  "The connection broke before your file had all arrived. Your file is still chosen: when you " +
  "are back online, press the button to send it again.";
const TOO_BIG =
  "That file is too big for us. Choose a shorter recording, or one saved at a smaller size.";
const BROKEN =
  "Something went wrong on our side and your file did not arrive. It is still chosen: please " +
  "press the button again in a few minutes.";

/**
 * @param {HTMLFormElement} form with data-upload, sent as multipart; data-max-bytes if there is one
 * @param {(root: ParentNode) => void} improve run over a page that replaces this one
 */
export function showUpload(form, improve) {
  const view = makeView(form);

  form.addEventListener("submit", (event) => {
    const inputs = [...form.querySelectorAll("input[type=file]")];
    const files = inputs.flatMap((input) => [...input.files]);
    // Nothing to watch: let the browser send the form as usual.
    if (!files.length) return;
    event.preventDefault();
    if (view.busy) return;
    // Said now rather than after an hour of sending.
    const most = Number(form.dataset.maxBytes) || Infinity;
    if (files.some((file) => file.size > most)) return view.stop(TOO_BIG);
    const sender = event.submitter;
    const body = new FormData(form);
    if (sender?.name) body.append(sender.name, sender.value);
    send(sender?.formAction || form.action, body);
  });

  function send(address, body) {
    const request = new XMLHttpRequest();
    // The browser's own warning, should they close the page by mistake.
    const warn = (event) => event.preventDefault();
    const stop = (words) => {
      window.removeEventListener("beforeunload", warn);
      view.stop(words);
    };
    view.start(() => request.abort());
    window.addEventListener("beforeunload", warn);
    request.open("POST", address);
    request.upload.onprogress = ({ loaded, total }) => view.show(loaded, total);
    request.onload = () => {
      window.removeEventListener("beforeunload", warn);
      const moved = request.responseURL && !sameWithoutHash(request.responseURL, address);
      if (request.status < 400 && moved) return location.assign(request.responseURL);
      if (takeIn(request.responseText, improve)) return;
      stop(request.status === 413 ? TOO_BIG : BROKEN);
    };
    request.onerror = () => stop(LOST);
    request.ontimeout = () => stop(LOST);
    request.onabort = () => stop("");
    request.send(body);
  }
}

function sameWithoutHash(one, other) {
  const bare = (address) => new URL(address, location.href).href.split("#")[0];
  return bare(one) === bare(other);
}

/** The bar with its words and its way to stop, put before the form's buttons. */
function makeView(form) {
  const box = document.createElement("div");
  box.className = "progress";
  box.hidden = true;
  box.innerHTML =
    '<label for="upload-bar">Sending your file</label>' +
    '<progress id="upload-bar" max="100" value="0"></progress><p class="quiet"></p>' +
    '<div class="actions">' +
    '<button type="button" class="button button-quiet">Stop sending</button></div>';
  const words = document.createElement("p");
  words.className = "error-text";
  words.setAttribute("role", "alert");
  const actions = form.querySelector(".actions");
  (actions?.parentNode ?? form).insertBefore(box, actions);
  box.before(words);

  const [label, bar, amount] = box.children;
  const stopButton = box.querySelector("button");
  const view = {
    busy: false,
    start(cancel) {
      view.busy = true;
      words.textContent = "";
      label.textContent = "Sending your file";
      bar.value = 0;
      amount.textContent = "";
      box.hidden = false;
      if (actions) actions.hidden = true;
      stopButton.onclick = cancel;
      stopButton.focus();
    },
    show(loaded, total) {
      const percent = total ? Math.floor((100 * loaded) / total) : 0;
      bar.value = percent;
      amount.textContent = `${percent}%, ${megabytes(loaded)} of ${megabytes(total)} MB`;
      if (loaded === total) label.textContent = "Nearly there: we are looking at your file";
    },
    stop(problem) {
      view.busy = false;
      box.hidden = true;
      if (actions) actions.hidden = false;
      words.textContent = problem;
      actions?.querySelector("button, .button")?.focus();
    },
  };
  return view;
}

function megabytes(bytes) {
  const amount = bytes / 1_000_000;
  return amount < 10 ? amount.toFixed(1) : amount.toFixed(0);
}
