// How this site looks on this device, if somebody chose it. A plain script before the page is drawn.
// What was chosen never leaves the device: no cookie, nothing in an address.
(() => {
  let chosen = {};
  try {
    chosen = JSON.parse(localStorage.getItem("looks")) || {};
  } catch {
    // Storage is closed or holds something else: the device's own look.
  }
  const { theme, text } = chosen;
  if (["larger", "largest"].includes(text)) document.documentElement.dataset.text = text;
  if (!["light", "dark"].includes(theme)) return;
  document.querySelector("link[data-dark]").media = theme === "dark" ? "screen" : "not all";
  for (const meta of document.querySelectorAll("meta[name=theme-color]")) {
    meta.media = meta.media.includes(theme) ? "all" : "not all";
  }
})();
