// Recording in the page: asking for the devices, making it, looking at it, and saying "use this".
import { KINDS, megabytesAMinute, openDevices, sentenceFor, typeFor } from "./device.js";
import { Growing } from "./growing.js";
import { beginRecording, findKept } from "./keep.js";
import { gettext, ngettext } from "./language.js";
import { stayAwake, warnBeforeLeaving } from "./leaving.js";
import { watchLevel } from "./level.js";
import { makeRecorderView, spokenLength } from "./recorder-view.js";
import { Take } from "./take.js";
import { sendPieces } from "./upload-pieces.js";
import { amountOf, onMobileData } from "./upload-view.js";

const LITTLE_ROOM = 200_000_000; // bytes
const NEARLY_SECONDS = 300;
const LOST_SECONDS = 2; // what a file may be longer than our clock says

/**
 * @param {HTMLFormElement} form with a [data-recorder] inside
 * @returns {Recorder | null} null where this address can't record
 */
export function offerRecording(form) {
  const box = form.querySelector("[data-recorder]");
  if (!box) return null;
  if (!isSecureContext) {
    form.querySelector("[data-insecure]").hidden = false;
    return null;
  }
  const can = Object.keys(KINDS).filter(typeFor);
  for (const kind of Object.keys(KINDS)) {
    box.querySelector(`[data-do=${kind}]`).hidden = !can.includes(kind);
  }
  const recorder = new Recorder(form, box);
  recorder.looked = recorder.look(can.length > 0);
  return recorder;
}

class Recorder {
  /** Whether the form is to be sent with it. */
  chosen = false;
  #ends = []; // what to end with the take

  constructor(form, box) {
    this.form = form;
    this.box = box;
    this.view = makeRecorderView(box);
    this.most = Number(box.dataset.maxSeconds) - LOST_SECONDS;
    this.mostBytes = Number(form.dataset.maxBytes);
    box.addEventListener("click", ({ target }) => {
      const what = target.closest("[data-do]")?.dataset.do;
      if (what) this.#ways[what]();
    });
  }

  /** What was recorded before, and not sent yet: resolves to where it is sent to, or "". */
  async look(offered) {
    const found = await findKept(this.box.dataset.draft).catch(() => null);
    const { kept } = this.form.dataset;
    if (found && kept && found.facts.address.includes(kept)) {
      found.forget();
    } else if (found && !(await this.#alone(found.facts.id))) {
      this.view.show("elsewhere", false);
      return found.facts.address;
    } else if (found) {
      this.recording = found;
      this.#send();
      this.sending.source.more(true);
      this.#review(gettext("You recorded this before"), false);
      return found.facts.address;
    }
    if (offered) this.view.show("offer", false);
    return "";
  }

  #ways = {
    sound: () => this.#ask("sound"),
    film: () => this.#ask("film"),
    allow: () => this.#open(),
    leave: () => {
      this.#close();
      this.view.trouble("");
      this.view.show("offer");
    },
    begin: () => this.#begin(),
    pause: () => this.#pause(),
    stop: () => this.take.stop(),
    use: () => this.#use(),
    again: () => this.#confirm(true),
    keep: () => this.#confirm(false),
    discard: () => this.#discard(),
    back: () => this.#review(gettext("Your recording")),
  };

  #ask(kind) {
    this.kind = kind;
    const { view } = this;
    view.trouble("");
    view.fill("devices", KINDS[kind].devices);
    const minute = amountOf(megabytesAMinute(kind) * 1_000_000);
    const cost = [gettext("A minute takes about %(amount)s.", { amount: minute })];
    if (onMobileData()) cost.push(gettext("You seem to be on mobile data: you may want Wi-Fi."));
    view.fill("cost", cost.join(" "));
    view.show("ask");
    this.#lookForRoom();
  }

  async #lookForRoom() {
    const { quota = Infinity, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
    const left = quota - usage;
    const minutes = Math.floor(left / 1_000_000 / megabytesAMinute(this.kind));
    this.view.reveal(
      "room",
      left < LITTLE_ROOM
        ? ngettext(
            "There is little room left on this device: enough for about %(n)s minute.",
            "There is little room left on this device: enough for about %(n)s minutes.",
            minutes,
          )
        : "",
    );
  }

  async #open() {
    const { view, kind } = this;
    view.trouble("");
    if (this.asking) return;
    this.asking = true;
    try {
      this.stream = await openDevices(kind);
    } catch (error) {
      return view.trouble(sentenceFor(error, kind));
    } finally {
      this.asking = false;
    }
    // The question was answered after somebody had pressed "Not now".
    if (!view.isShown("ask")) return this.#close();
    view.preview(this.stream);
    view.fill("level", gettext("Say something: the bar grows when we hear you."));
    view.live("ready");
    view.show("live");
    const end = watchLevel(this.stream, {
      level: view.level,
      words: (words) => view.fill("level", words),
      silence: () =>
        this.take && view.say(gettext("We can’t hear anything. Is the microphone on?")),
    });
    this.#ends.push(end);
  }

  async #begin() {
    const { view, kind } = this;
    if (this.take || this.recording) return;
    this.recording = await beginRecording(this.box.dataset.draft, kind, typeFor(kind));
    await this.#alone(this.recording.facts.id);
    this.#send();
    this.take = new Take(this.stream, this.recording, {
      // Whoever rests, or looks elsewhere, may not come back.
      piece: () => this.sending?.source.more(this.take?.isPaused || document.hidden),
      ended: (error) => this.#ended(error),
    });
    this.take.begin();
    this.warned = false;
    const clock = setInterval(() => this.#tick(), 500);
    this.#ends.push(warnBeforeLeaving(), stayAwake(), () => clearInterval(clock));
    view.live("running");
    view.say(gettext("Recording."));
    this.#tick();
    view.show("live", false);
    this.box.querySelector("[data-do=stop]").focus();
  }

  #tick() {
    const { view, take, recording } = this;
    if (!take) return;
    view.count(take.seconds, recording.size);
    const left = this.most - take.seconds;
    if (left <= 0 || recording.size > this.mostBytes * 0.99) {
      this.reason = gettext("That is as long as a recording can be, so it stopped.");
      return take.stop();
    }
    if (left < NEARLY_SECONDS && !this.warned && this.most > 2 * NEARLY_SECONDS) {
      this.warned = true;
      view.say(gettext("Five minutes are left."));
    }
    const notes = [this.note];
    if (!recording.kept) {
      notes.push(
        gettext(
          "This device is full or keeps nothing: please leave this page open until all is sent.",
        ),
      );
    }
    view.reveal("sending", notes.filter(Boolean).join(" "));
  }

  #pause() {
    const { view, take } = this;
    if (take.isPaused) take.resume();
    else take.pause();
    view.live(take.isPaused ? "paused" : "running");
    view.say(take.isPaused ? gettext("Paused.") : gettext("Recording."));
  }

  #ended(error) {
    const { take, recording } = this;
    this.take = null;
    this.#close();
    if (!recording.size) {
      this.recording = null;
      recording.forget();
      this.sending?.stop();
      this.view.show("offer");
      return this.view.trouble(gettext("Nothing was recorded. Please try again."));
    }
    recording.facts.seconds = take.seconds;
    this.sending?.source.more(true);
    const why = error
      ? gettext("The recording stopped by itself: perhaps a call came in.")
      : "";
    const heading =
      recording.facts.kind === "film"
        ? gettext("Look before you decide")
        : gettext("Listen before you decide");
    this.#review(heading, true, this.reason || why);
    this.reason = "";
  }

  #review(heading, focus = true, before = "") {
    const { view, recording } = this;
    const { kind, seconds } = recording.facts;
    const length = spokenLength(seconds);
    this.chosen = false;
    view.trouble("");
    view.fill("heading", heading);
    const said = gettext(
      "You recorded %(length)s, %(amount)s. Play it, use it, or begin again. " +
        "Until you use it, it stays on this device for a day.",
      { length, amount: amountOf(recording.size) },
    );
    view.fill("review", before ? `${before} ${said}` : said);
    view.fill("length", length);
    view.player(recording.whole(), kind === "film");
    this.#confirm(false);
    view.show("review", focus);
  }

  #confirm(asking) {
    this.view.group("confirm", asking);
    this.view.group("choose", !asking);
    const first = this.box.querySelector(asking ? "[data-group=confirm] p" : "[data-do=again]");
    if (this.view.isShown("review")) first.focus();
  }

  async #discard() {
    const { kind } = this.recording.facts;
    await this.throwAway();
    if (!typeFor(kind)) return this.view.show("offer");
    this.#ask(kind);
    await this.#open();
  }

  #use() {
    const { view, recording } = this;
    this.chosen = true;
    view.fill("chosen", `${spokenLength(recording.facts.seconds)}, ${amountOf(recording.size)}.`);
    view.player(null);
    view.show("chosen");
    if (this.form.querySelector("[name=transcribe]:checked")) this.form.requestSubmit();
  }

  /** Sends what is still missing, and its end. `tell` as in upload-pieces.js. */
  finish(tell) {
    if (!this.sending) this.#send();
    this.tell = tell;
    this.sending.source.finish();
    return this.sending;
  }

  /** Stops sending; what is here and what arrived stay. */
  rest() {
    this.sending?.rest();
    this.sending = null;
  }

  /** Nothing of it is needed on this device any more. */
  async forget() {
    await this.recording?.forget();
  }

  /** Another page takes over. */
  async release() {
    this.letGo?.();
    await this.held;
  }

  /** Throws it away, here and where it was sent. */
  async throwAway() {
    this.sending?.stop();
    this.sending = null;
    await this.recording.forget();
    this.recording = null;
    await this.release();
  }

  #send() {
    const { recording, form } = this;
    const source = new Growing(recording);
    this.tell = { progress() {}, waiting() {}, done() {}, failed() {} };
    const where = {
      endpoint: form.dataset.upload,
      address: recording.facts.address,
      fingerprint: "",
      token: form.querySelector("[name=csrfmiddlewaretoken]").value,
    };
    this.sending = sendPieces(source, where, {
      begun: (address) => recording.note(new URL(address, location.href).pathname),
      safe: (bytes) => (this.note = gettext("%(amount)s of it is safe with us.", { amount: amountOf(bytes) })),
      progress: (sent) => this.tell.progress(sent, recording.size),
      waiting: () => {
        this.note = gettext(
          "No connection just now. It is kept on this device, and goes on its way later.",
        );
        this.tell.waiting();
      },
      done: (address) => this.tell.done(address),
      failed: (status, sentence) => {
        this.sending = null;
        this.note =
          sentence || gettext("We can’t take more of it just now. It is kept on this device.");
        this.tell.failed(status, sentence);
      },
    });
    this.sending.source = source;
  }

  #close() {
    for (const end of this.#ends.splice(0)) end();
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.view.preview(null);
  }

  /** Whether no other window has this recording; then none gets it while this page lives. */
  #alone(id) {
    if (!navigator.locks) return true;
    return new Promise((resolve) => {
      this.held = navigator.locks.request(`recording ${id}`, { ifAvailable: true }, (lock) => {
        resolve(Boolean(lock));
        return lock && new Promise((letGo) => (this.letGo = letGo));
      });
    });
  }
}
