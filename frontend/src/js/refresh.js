// Progress that keeps itself fresh: fetches this page again and swaps one part of it.

/**
 * @param {HTMLElement} part with data-refresh="seconds"; stops when the fresh one has none
 * @param {(root: ParentNode) => void} improve run over the fresh part
 */
export function keepFresh(part, improve) {
  const wait = Math.max(2, Number(part.dataset.refresh) || 5) * 1000;
  const timer = setInterval(look, wait);
  let looking = false;

  async function look() {
    if (!part.isConnected) return clearInterval(timer);
    if (document.visibilityState === "hidden" || looking) return;
    looking = true;
    const fresh = await fetchPart(part).catch(() => undefined);
    looking = false;
    // A lost connection: try again at the next turn.
    if (fresh === undefined || !part.isConnected) return;
    if (fresh === null) {
      clearInterval(timer);
      location.reload();
      return;
    }
    // Untouched when nothing changed, so that nobody's place on the page is lost.
    if (fresh.outerHTML === part.outerHTML) return;
    clearInterval(timer);
    const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
    part.replaceWith(fresh);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    improve(fresh);
    if (fresh.hasAttribute("data-refresh")) keepFresh(fresh, improve);
  }
}

/** The same part on a fresh page: by its id, or by being as far down among such parts. */
async function fetchPart(part) {
  const answer = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok && answer.status >= 500) return undefined;
  if (!answer.ok || answer.redirected) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (part.id) return page.getElementById(part.id);
  const place = [...document.querySelectorAll("[data-refresh]")].indexOf(part);
  return page.querySelectorAll("[data-refresh]")[place] ?? null;
}
