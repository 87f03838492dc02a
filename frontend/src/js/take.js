// One take: from open devices, through MediaRecorder, into pieces. Knows time, not pages.
import { KINDS } from "./device.js";

const PIECE_MS = 1000;

export class Take {
  #before = 0; // milliseconds recorded before the last pause
  #since = 0; // when it last began to run; 0 while it doesn't
  #queue = Promise.resolve();

  /**
   * @param {MediaStream} stream
   * @param {import("./keep.js").Recording} recording where the pieces go
   * @param {{piece: () => void, ended: (error?: Error) => void}} tell
   */
  constructor(stream, recording, tell) {
    const { kind, type } = recording.facts;
    this.recorder = new MediaRecorder(stream, { mimeType: type, ...KINDS[kind].bits });
    this.recorder.ondataavailable = ({ data }) => {
      const seconds = this.seconds;
      this.#queue = this.#queue.then(async () => {
        if (data.size) await recording.add(data, seconds);
        tell.piece();
      });
    };
    this.recorder.onstop = () => {
      this.#hold();
      this.#queue.then(() => tell.ended(this.error));
    };
    this.recorder.onerror = ({ error }) => (this.error = error ?? new Error("recording failed"));
    // A call comes in, a plug is pulled: what there is remains.
    for (const track of stream.getTracks()) {
      track.addEventListener("ended", () => {
        this.error ??= new Error("a device went away");
        this.stop();
      });
    }
    document.addEventListener("visibilitychange", this.#flush);
  }

  get seconds() {
    return (this.#before + (this.#since ? performance.now() - this.#since : 0)) / 1000;
  }

  get isPaused() {
    return this.recorder.state === "paused";
  }

  begin() {
    this.recorder.start(PIECE_MS);
    this.#since = performance.now();
  }

  pause() {
    this.recorder.requestData();
    this.recorder.pause();
    this.#hold();
  }

  resume() {
    this.recorder.resume();
    this.#since = performance.now();
  }

  stop() {
    if (this.recorder.state !== "inactive") this.recorder.stop();
  }

  #hold() {
    this.#before = this.seconds * 1000;
    this.#since = 0;
    if (this.recorder.state === "inactive") {
      document.removeEventListener("visibilitychange", this.#flush);
    }
  }

  // A telephone may end a tab that nobody looks at.
  #flush = () => {
    const hidden = document.visibilityState === "hidden";
    if (hidden && this.recorder.state === "recording") this.recorder.requestData();
  };
}
