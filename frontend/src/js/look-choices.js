// The page on which colours and text size are chosen: used and kept at once, on this device only.
import { gettext } from "./language.js";

const KEY = "looks";
const form = document.querySelector("form[data-looks]");
const said = document.querySelector("[data-looks-said]");
const dark = document.querySelector("link[data-dark]");
const MEDIA = { light: "not all", dark: "screen", "": "screen and (prefers-color-scheme: dark)" };

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || {};
  } catch {
    return {};
  }
}

function keep(chosen) {
  try {
    // Whoever wants nothing special leaves no trace of it either.
    if (Object.values(chosen).some(Boolean)) localStorage.setItem(KEY, JSON.stringify(chosen));
    else localStorage.removeItem(KEY);
    return gettext("Kept on this device.");
  } catch {
    return gettext("Your browser keeps nothing, so this holds for this page only.");
  }
}

const kept = read();
for (const name of ["theme", "text"]) {
  const radio = [...form.elements[name]].find((each) => each.value === (kept[name] || ""));
  if (radio) radio.checked = true;
}
form.hidden = false;
form.addEventListener("change", () => {
  const chosen = Object.fromEntries(new FormData(form));
  dark.media = MEDIA[chosen.theme];
  if (chosen.text) document.documentElement.dataset.text = chosen.text;
  else delete document.documentElement.dataset.text;
  said.textContent = keep(chosen);
});
