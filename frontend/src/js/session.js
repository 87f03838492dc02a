// What a phone's lock screen, a headset or a keyboard's media keys are told, and may do.
import { seek } from "./moment.js";

const SIDE = 512; // pixels of the drawn cover
const STEP = 15; // seconds, as the player's own button

/** A cover as a PNG in a data: address, for what takes no SVG. */
async function drawn(cover) {
  const square = cover.cloneNode(true);
  square.setAttribute("width", SIDE);
  square.setAttribute("height", SIDE);
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(square.outerHTML)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  canvas.getContext("2d").drawImage(image, 0, 0, SIDE, SIDE);
  return { src: canvas.toDataURL("image/png"), sizes: `${SIDE}x${SIDE}`, type: "image/png" };
}

/**
 * @param {HTMLMediaElement} media
 * @param {{title: string, teller: string}} story `teller` is "" for one without a name
 * @param {SVGElement} cover
 */
export function announce(media, { title, teller }, cover) {
  const session = navigator.mediaSession;
  if (!session) return;
  const album = document.querySelector(".brand")?.textContent.trim() ?? "";

  async function say() {
    session.metadata = new MediaMetadata({ title, artist: teller, album });
    const picture = await drawn(cover).catch(() => null);
    if (picture && session.metadata) session.metadata.artwork = [picture];
  }

  function where() {
    if (!Number.isFinite(media.duration) || !session.setPositionState) return;
    const position = Math.min(media.currentTime, media.duration);
    session.setPositionState({ duration: media.duration, playbackRate: media.playbackRate, position });
  }

  const by = (seconds) => seek(media, Math.max(0, media.currentTime + seconds));
  const handlers = {
    play: () => media.play().catch(() => {}),
    pause: () => media.pause(),
    seekbackward: ({ seekOffset }) => by(-(seekOffset ?? STEP)),
    seekforward: ({ seekOffset }) => by(seekOffset ?? STEP),
    seekto: ({ seekTime }) => seek(media, seekTime),
  };
  for (const [action, handler] of Object.entries(handlers)) {
    try {
      session.setActionHandler(action, handler);
    } catch {
      // This browser knows no such button.
    }
  }
  media.addEventListener("play", say, { once: true });
  for (const happened of ["playing", "seeked", "ratechange"]) media.addEventListener(happened, where);
}

/** Nothing of it is left on a lock screen. */
export function fallSilent() {
  if (navigator.mediaSession) navigator.mediaSession.metadata = null;
}
