// Whoever is about to close a page that is at work is asked first, and the screen stays on.

/** @returns {() => void} ends it */
export function warnBeforeLeaving() {
  const warn = (event) => {
    // The quick way out asks nothing.
    if (document.documentElement.classList.contains("leaving")) return;
    event.preventDefault();
    event.returnValue = true; // the way before 2023
  };
  window.addEventListener("beforeunload", warn);
  return () => window.removeEventListener("beforeunload", warn);
}

/** Keeps the screen on, where the browser can (Screen Wake Lock API). @returns {() => void} ends it */
export function stayAwake() {
  let lock = null;
  let over = false;
  const ask = async () => {
    if (over || document.visibilityState === "hidden") return;
    lock = await navigator.wakeLock?.request("screen").catch(() => null);
    if (over) lock?.release();
  };
  // The browser lets go of it whenever another tab is looked at.
  document.addEventListener("visibilitychange", ask);
  ask();
  return () => {
    over = true;
    document.removeEventListener("visibilitychange", ask);
    lock?.release().catch(() => {});
  };
}
