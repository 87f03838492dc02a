// What is seen and heard of recording: one part of templates/contribute/recorder.html at a time.
import { clock } from "./clock.js";
import { gettext, ngettext } from "./language.js";
import { amountOf } from "./upload-view.js";

const LIVE = {
  ready: gettext("Ready when you are"),
  running: gettext("Recording"),
  paused: gettext("Paused"),
};

/** @param {HTMLElement} box the [data-recorder] element */
export function makeRecorderView(box) {
  const find = (name) => box.querySelector(name);
  const form = box.closest("form");
  const file = form.querySelector("[data-file]");
  const preview = find("[data-preview]");
  const bar = find("[data-level]");
  let address = "";

  const view = {
    /** Shows one part; `focus` moves there, so that it is read out. */
    show(name, focus = true) {
      box.hidden = false;
      // One thing at a time: the rest of the form comes back with the answer.
      form.classList.toggle("is-recording", name === "live" || name === "review");
      file.hidden = name !== "offer" && name !== "ask";
      for (const part of box.querySelectorAll("[data-part]")) part.hidden = part.dataset.part !== name;
      if (focus) find(`[data-part=${name}] h2`).focus();
    },
    isShown(name) {
      return !find(`[data-part=${name}]`).hidden;
    },
    group(name, shown) {
      find(`[data-group=${name}]`).hidden = !shown;
    },
    fill(name, words) {
      const slot = find(`[data-slot=${name}]`);
      if (slot.textContent !== words) slot.textContent = words;
    },
    reveal(name, words) {
      find(`[data-slot=${name}]`).hidden = !words;
      view.fill(name, words);
    },
    /** Read out once, and not seen. */
    say(words) {
      find("[data-said]").textContent = words;
    },
    trouble(words) {
      find("[data-trouble]").textContent = words;
    },
    level(share) {
      bar.style.inlineSize = `${Math.round(share * 100)}%`;
    },
    preview(stream) {
      preview.hidden = !stream?.getVideoTracks().length;
      preview.srcObject = preview.hidden ? null : stream;
      if (!preview.hidden) preview.play().catch(() => {});
    },
    /** `state`: "ready", "running" or "paused". */
    live(state) {
      const running = state !== "ready";
      box.dataset.state = state;
      view.fill("live", LIVE[state]);
      for (const part of box.querySelectorAll("[data-running]")) part.hidden = !running;
      view.group("ready", !running);
      view.group("running", running);
      find("[data-do=pause]").textContent = state === "paused" ? gettext("Go on recording") : gettext("Pause");
    },
    count(seconds, bytes) {
      view.fill("time", clock(seconds));
      view.fill("amount", gettext("%(amount)s so far", { amount: amountOf(bytes) }));
    },
    /** A player for what was recorded; null takes it away. */
    player(whole, isFilm) {
      URL.revokeObjectURL(address);
      const place = find("[data-player]");
      place.replaceChildren();
      if (!whole) return;
      address = URL.createObjectURL(whole);
      const media = document.createElement(isFilm ? "video" : "audio");
      media.className = "native-player";
      media.controls = media.playsInline = true;
      media.setAttribute("aria-label", gettext("Your recording"));
      media.src = address;
      tellLength(media);
      place.append(media);
    },
  };
  return view;
}

/** A browser's own recording does not say how long it is: looking for its end finds out. */
function tellLength(media) {
  media.addEventListener(
    "loadedmetadata",
    () => {
      if (Number.isFinite(media.duration)) return;
      media.addEventListener("durationchange", () => (media.currentTime = 0), { once: true });
      media.currentTime = 1e9;
    },
    { once: true },
  );
}

/** 42 seconds; 3 minutes 5 seconds. */
export function spokenLength(seconds) {
  const whole = Math.floor(seconds);
  const minutes = Math.floor(whole / 60);
  const left = whole % 60;
  const said = [
    minutes && ngettext("%(n)s minute", "%(n)s minutes", minutes),
    left && ngettext("%(n)s second", "%(n)s seconds", left),
  ].filter(Boolean);
  return said.join(" ") || gettext("less than a second");
}
