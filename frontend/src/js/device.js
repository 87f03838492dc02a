// Microphone and camera: what this browser can record, and what to say where it can't.
import { gettext } from "./language.js";

const VOICE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const VOICE_BITS = 64_000;
const PICTURE_BITS = 1_000_000;

export const KINDS = {
  sound: {
    devices: gettext("microphone"),
    bits: { audioBitsPerSecond: VOICE_BITS },
    ask: { audio: VOICE },
    types: ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"],
  },
  film: {
    devices: gettext("camera and microphone"),
    bits: { audioBitsPerSecond: VOICE_BITS, videoBitsPerSecond: PICTURE_BITS },
    ask: {
      audio: VOICE,
      video: {
        width: { ideal: 854 },
        height: { ideal: 480 },
        frameRate: { ideal: 25, max: 30 },
        facingMode: "user",
      },
    },
    types: ["video/webm;codecs=vp8,opus", "video/mp4"],
  },
};

/** Megabytes that a minute takes. */
export function megabytesAMinute(kind) {
  const bits = Object.values(KINDS[kind].bits).reduce((sum, each) => sum + each, 0);
  return (bits * 60) / 8 / 1_000_000;
}

/** The type to record a kind as; undefined where this browser has none that we take. */
export function typeFor(kind) {
  if (!window.MediaRecorder || !navigator.mediaDevices?.getUserMedia) return undefined;
  const { types } = KINDS[kind];
  // Apple's hardware writes mp4; its webm is made by hand, and warms the telephone.
  const order = navigator.vendor.startsWith("Apple") ? [...types].reverse() : types;
  return order.find((type) => MediaRecorder.isTypeSupported(type));
}

/** Asks for them. Rejects with what getUserMedia says. */
export function openDevices(kind) {
  return navigator.mediaDevices.getUserMedia(KINDS[kind].ask);
}

/** What to say and do when they can't be had. */
export function sentenceFor(error, kind) {
  const { devices } = KINDS[kind];
  switch (error.name) {
    case "NotAllowedError":
    case "SecurityError":
      return gettext(
        "Your browser did not let this page use the %(devices)s. That is all right. If you would " +
          "like to allow it, press the sign beside the address at the top (a lock, or two small " +
          "sliders), choose Allow for the %(devices)s, and press the button again. You can also " +
          "choose a file below.",
        { devices },
      );
    case "NotFoundError":
    case "OverconstrainedError":
      return gettext(
        "We found no %(devices)s on this device. If you have one, plug it in and press the button " +
          "again. You can also record with another device, and choose the file below.",
        { devices },
      );
    case "NotReadableError":
    case "AbortError":
      return gettext(
        "The %(devices)s can’t be used just now: perhaps another app is using it, such as a call. " +
          "Close that app and press the button again.",
        { devices },
      );
    default:
      return gettext(
        "The %(devices)s did not start, and we don’t know why. Please press the button again, or " +
          "choose a file below.",
        { devices },
      );
  }
}
