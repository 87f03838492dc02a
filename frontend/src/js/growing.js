// What tus-js-client reads from while a recording is still being made.

const MOST = 4_000_000; // of one request, in bytes
const ENOUGH = 1_000_000;
const PATIENCE_MS = 10_000;

export class Growing {
  size = null; // of a file; a recording has none before it ends
  isWaiting = false;
  #finished = false;
  #hurry = false;
  #last = 0; // when something was handed out
  #answer = null;

  /** @param {import("./keep.js").Recording} recording */
  constructor(recording) {
    this.recording = recording;
  }

  /** For tus-js-client: how to read it. */
  options = {
    uploadLengthDeferred: true,
    chunkSize: MOST,
    fileReader: { openFile: async () => this },
  };

  slice(start, end) {
    const part = this.#part(start, end);
    if (part) return Promise.resolve(part);
    this.isWaiting = true;
    return new Promise((resolve) => {
      this.#answer = () => {
        const now = this.#part(start, end);
        if (!now) return;
        this.isWaiting = false;
        this.#answer = null;
        resolve(now);
      };
    });
  }

  /** More was recorded. `hurry`: what there is goes at once, however little it is. */
  more(hurry = false) {
    this.#hurry ||= hurry;
    this.#answer?.();
  }

  /** Nothing more comes. */
  finish() {
    this.#finished = true;
    this.more();
  }

  close() {}

  #part(start, end) {
    const { size } = this.recording;
    const there = Math.min(end, size) - start;
    const waited = Date.now() - this.#last > PATIENCE_MS;
    if (!this.#finished && !(there > 0 && (this.#hurry || waited || there >= ENOUGH))) return null;
    this.#last = Date.now();
    if (end >= size) this.#hurry = false;
    return {
      value: there > 0 ? this.recording.slice(start, start + there) : null,
      done: this.#finished && end >= size,
    };
  }
}
