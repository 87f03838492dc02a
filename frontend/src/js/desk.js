// The desk: a press on a line's time plays from there; progress looks after itself.
import { keepFresh } from "./refresh.js";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-seek]");
  const player = document.querySelector(".native-player");
  if (!button || !player) return;
  player.currentTime = Number(button.dataset.seek);
  player.play();
});

document.querySelectorAll("[data-refresh]").forEach((part) => keepFresh(part, () => {}));
