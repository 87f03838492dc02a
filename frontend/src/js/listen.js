// "Listen only": the sound of a film, from where it is, without fetching the picture any more.
import { gettext } from "./language.js";

/**
 * @param {HTMLAnchorElement} link the [data-listen] one, which a button takes the place of
 * @param {{listen: (address: string) => void, watch: () => void}} source
 * @param {(listening: boolean) => void} showCover
 */
export function listenOnly(link, source, showCover) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "way";
  button.textContent = link.textContent;
  let listening = false;
  button.addEventListener("click", () => {
    listening = !listening;
    button.textContent = listening ? gettext("Show the picture again") : link.textContent;
    showCover(listening);
    if (listening) source.listen(link.dataset.listen);
    else source.watch();
  });
  link.replaceWith(button);
}
