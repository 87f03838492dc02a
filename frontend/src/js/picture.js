// The drawn landscape in a film's place: before it begins where it has no picture of its own, and
// while somebody only listens.

/**
 * @param {HTMLElement} player
 * @param {HTMLVideoElement} video
 * @param {HTMLElement} cover
 * @returns {(listening: boolean) => void} changes between the film and the cover
 */
export function standIn(player, video, cover) {
  let missing = !video.poster;

  function show(listening) {
    player.classList.toggle("player-listening", listening);
    // In that place media-chrome shows it until the film has begun.
    if (listening) cover.removeAttribute("slot");
    else cover.slot = "poster";
    cover.hidden = !listening && !missing;
  }

  show(false);
  if (video.poster) {
    const image = new Image();
    image.addEventListener("error", () => {
      missing = true;
      video.removeAttribute("poster");
      if (!player.classList.contains("player-listening")) show(false);
    });
    image.src = video.poster;
  }
  return show;
}
