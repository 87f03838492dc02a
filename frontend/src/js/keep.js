// Recordings that are being made, kept on this device until they are sent: a tab can be killed.
// Telephones are shared: what is kept here is taken away as soon as it can be.

const NAME = "recordings";
const DAY_MS = 86_400_000;

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const done = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });

/** The database; null where there is none and `make` is false, for looking leaves no trace. */
async function open(make) {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    if (!make) return request.transaction.abort();
    request.result.createObjectStore("recordings", { keyPath: "id" });
    request.result.createObjectStore("pieces", { keyPath: ["id", "number"] });
  };
  try {
    const base = await asked(request);
    base.onversionchange = () => base.close();
    return base;
  } catch (error) {
    if (make) throw error;
    return null;
  }
}

const piecesOf = (id) => IDBKeyRange.bound([id, 0], [id, Infinity]);

async function remove(base, ids) {
  const change = base.transaction(["recordings", "pieces"], "readwrite");
  for (const id of ids) {
    change.objectStore("recordings").delete(id);
    change.objectStore("pieces").delete(piecesOf(id));
  }
  await done(change);
}

/** Takes away what nothing was added to for a day, and the database with the last of it. */
export async function forgetOld() {
  const base = await open(false);
  if (!base) return;
  const all = await asked(base.transaction("recordings").objectStore("recordings").getAll());
  const old = all.filter(({ touched }) => touched < Date.now() - DAY_MS);
  await remove(base, old.map(({ id }) => id));
  base.close();
  if (old.length === all.length) indexedDB.deleteDatabase(NAME);
}

/** Takes away every recording that is kept on this device. */
export function forgetAll() {
  indexedDB.deleteDatabase(NAME);
}

/** The newest recording of a draft that is kept here, or null. */
export async function findKept(draft) {
  await forgetOld();
  const base = await open(false);
  if (!base) return null;
  const read = base.transaction(["recordings", "pieces"]);
  const all = await asked(read.objectStore("recordings").getAll());
  const facts = all
    .filter((each) => each.draft === draft && each.size)
    .sort((one, other) => other.touched - one.touched)[0];
  if (!facts) {
    base.close();
    return null;
  }
  const pieces = await asked(read.objectStore("pieces").getAll(piecesOf(facts.id)));
  return new Recording(facts, base, pieces.map(({ blob }) => blob));
}

/** Begins a recording. Where this device keeps nothing it lives as long as the page. */
export async function beginRecording(draft, kind, type) {
  const id = [...crypto.getRandomValues(new Uint8Array(16))].join("-");
  const facts = { id, draft, kind, type, seconds: 0, size: 0, address: "", touched: Date.now() };
  return new Recording(facts, await open(true).catch(() => null), []);
}

/** One recording: its pieces in order, in this page and, where that works, on this device. */
export class Recording {
  constructor(facts, base, pieces) {
    this.facts = facts;
    this.base = base;
    this.pieces = pieces;
    this.kept = Boolean(base);
  }

  get size() {
    return this.facts.size;
  }

  /** The part from `start` to `end`, in bytes. */
  slice(start, end) {
    let at = 0;
    const parts = [];
    for (const piece of this.pieces) {
      if (at + piece.size > start && at < end) {
        parts.push(piece.slice(Math.max(0, start - at), end - at));
      }
      at += piece.size;
    }
    return new Blob(parts);
  }

  whole() {
    return new Blob(this.pieces, { type: this.facts.type.split(";")[0] });
  }

  /** Adds what was recorded up to `seconds`; `kept` tells whether this device could keep it. */
  async add(blob, seconds) {
    const number = this.pieces.push(blob);
    Object.assign(this.facts, { seconds, size: this.size + blob.size });
    await this.#write((pieces) => pieces.put({ id: this.facts.id, number, blob }));
  }

  async note(address) {
    this.facts.address = address;
    if (this.size) await this.#write();
  }

  async #write(more = () => {}) {
    if (!this.kept) return;
    this.facts.touched = Date.now();
    try {
      const change = this.base.transaction(["recordings", "pieces"], "readwrite");
      change.objectStore("recordings").put({ ...this.facts });
      more(change.objectStore("pieces"));
      await done(change);
    } catch {
      // Full, or taken away by another window. A gap would spoil the rest: nothing more is kept.
      this.kept = false;
    }
  }

  async forget() {
    this.kept = false;
    this.pieces = [];
    try {
      await remove(this.base, [this.facts.id]);
      this.base.close();
    } catch {
      // Never kept, or gone already.
    }
    await forgetOld().catch(() => {});
  }
}
