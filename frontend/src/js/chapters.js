// The chapters below the player: the one that plays is marked, and a press on one goes there.
import { seek } from "./moment.js";

/**
 * @param {HTMLMediaElement} media
 * @param {HTMLElement} list holds a link for each chapter, in order. Those without data-start lead
 *   into what a content note is about: the page that they open asks first.
 */
export function followChapters(media, list) {
  const links = [...list.querySelectorAll("a")];
  const starts = links.map((link) => Number(new URL(link.href).searchParams.get("t")));
  let current;

  function update() {
    const link = links[starts.findLastIndex((start) => start <= media.currentTime + 0.05)];
    if (link === current) return;
    current?.removeAttribute("aria-current");
    current = link;
    current?.setAttribute("aria-current", "true");
  }

  media.addEventListener("timeupdate", update);
  media.addEventListener("seeking", update);
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-start]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    seek(media, Number(link.dataset.start));
    media.play().catch(() => {});
  });
}
