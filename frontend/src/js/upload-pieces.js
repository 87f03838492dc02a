// Sends one file, or a recording as it is made, by the tus protocol, over a connection that comes
// and goes.
import { Upload } from "tus-js-client";

const SECOND = 1000;
// About two hours of trying after the last byte that went through.
const DELAYS = [0, 1, 3, 5, 10, ...Array(240).fill(30)].map((seconds) => seconds * SECOND);
const STALLED = 40 * SECOND;
const LOOKED_AT = 256 * 1024;

/**
 * A hash by which the same file is known when it is chosen again: of its size, its beginning and
 * its end. Its name is not in it, and nothing is stored on this device. "" where browsers can't.
 */
export async function fingerprintOf(file) {
  if (!globalThis.crypto?.subtle) return "";
  const parts = [`${file.size} `, file.slice(0, LOOKED_AT), file.slice(-LOOKED_AT)];
  const bytes = await new Blob(parts).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {File | import("./growing.js").Growing} file
 * @param {{endpoint: string, address?: string, fingerprint: string, token: string}} where
 * @param {{progress: Function, waiting: Function, done: Function, failed: Function,
 *   begun?: Function, safe?: Function}} tell `begun` gets its address, `safe` the bytes we have
 */
export function sendPieces(file, where, tell) {
  let last = Date.now();
  let paused = false;
  const upload = new Upload(file, {
    endpoint: where.endpoint,
    uploadUrl: where.address || null,
    metadata: where.fingerprint ? { fingerprint: where.fingerprint } : {},
    headers: { "X-CSRFToken": where.token },
    storeFingerprintForResuming: false,
    retryDelays: DELAYS,
    ...file.options,
    onUploadUrlAvailable: () => tell.begun?.(upload.url),
    onChunkComplete: (_, safe) => tell.safe?.(safe),
    onShouldRetry(error) {
      const status = error.originalResponse?.getStatus() ?? 0;
      const again = !status || status === 409 || status === 423 || (status >= 500 && status !== 507);
      if (again) tell.waiting();
      return again;
    },
    onProgress(sent, total) {
      last = Date.now();
      tell.progress(sent, total);
    },
    onSuccess() {
      end();
      tell.done(upload.url);
    },
    onError(error) {
      end();
      const status = error.originalResponse?.getStatus() ?? 0;
      // What the site says to people is plain text; what stands before it may say anything.
      const type = error.originalResponse?.getHeader("Content-Type") ?? "";
      const sentence = type.startsWith("text/plain") ? error.originalResponse.getBody() : "";
      tell.failed(status, sentence);
    },
  });

  // A connection that hangs tells nobody: begin a new one.
  const watch = setInterval(() => {
    // A recording of which nothing is left to send waits for more of itself.
    if (file.isWaiting) last = Date.now();
    else if (!paused && Date.now() - last > STALLED) again();
  }, 5 * SECOND);
  const again = async () => {
    if (paused || file.isWaiting) return;
    last = Date.now();
    tell.waiting();
    await upload.abort();
    upload.start();
  };
  window.addEventListener("online", again);
  const end = () => {
    clearInterval(watch);
    window.removeEventListener("online", again);
  };

  upload.start();
  return {
    /** @returns {boolean} whether it is paused now */
    toggle() {
      paused = !paused;
      last = Date.now();
      if (paused) upload.abort();
      else upload.start();
      return paused;
    },
    /** Stops; what arrived stays. */
    rest() {
      end();
      upload.abort();
    },
    /** Stops, and has what arrived thrown away. */
    stop() {
      end();
      return upload.abort(true).catch(() => {});
    },
  };
}
