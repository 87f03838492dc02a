// "Listen": a voice of the visitor's own device reads a long text. A voice that isn't on the device
// would send it the words: such a voice is never asked, and without one there is no button. Whether
// a text is long enough for it, the page has asked already.
import { gettext } from "./language.js";

// What is read: a written story's paragraphs; on editors' pages text, quotes and steps.
const READ =
  ".telling p[data-told], " +
  ".blocks :is(.prose :is(p, h2, h3, h4, li), .quoted blockquote p, .steps :is(h2, h3))";

const base = (language) => language.toLowerCase().split(/[-_]/)[0];
const languageOf = (passage) => passage.closest("[lang]").lang;
const wordsOf = (passage) => passage.innerText.trim().replace(/\s+/g, " ");

/** A voice on this device for a language, of its own country if there is one; else undefined. */
function voiceFor(language, speech) {
  const voices = speech.getVoices().filter((each) => each.localService && base(each.lang) === base(language));
  const same = ({ lang }) => lang.toLowerCase().replace("_", "-") === language.toLowerCase();
  return voices.find(same) ?? voices.find((each) => each.default) ?? voices[0];
}

/** One at a time: some voices give up in the middle of a long text, and going on begins nearby. */
function sentencesOf(passage) {
  const words = wordsOf(passage);
  if (!Intl.Segmenter) return [words];
  const parts = new Intl.Segmenter(languageOf(passage), { granularity: "sentence" }).segment(words);
  return [...parts].map(({ segment }) => segment.trim()).filter(Boolean);
}

/** The line before a part that a content note is about; null where none begins here. */
const noteBefore = (passage) => {
  const line = passage.previousElementSibling;
  return line?.matches(".skip-line") ? line : null;
};

/**
 * @param {HTMLElement} box the [data-aloud] element, with the text's language
 * @param {SpeechSynthesis} speech
 */
function setUp(box, speech) {
  const [play, stop, skip, about, said] = ["play", "stop", "skip", "about", "said"].map((name) =>
    box.querySelector(`[data-aloud-${name}]`),
  );
  const passages = [...document.querySelectorAll(READ)].filter(
    (each) => !each.parentElement.closest(READ),
  );
  const listen = play.textContent;
  let at = 0; // passage
  let sentence = 0; // of that passage
  let turn = 0; // what an older one still says counts no more
  let state = "still"; // or reading, paused, asking
  let asked = -1; // the passage whose note was read and gone past
  let now = null; // a browser forgets an utterance that nobody holds

  function show(next, words = "") {
    state = next;
    const had = box.contains(document.activeElement);
    box.classList.toggle("aloud-on", state !== "still");
    play.textContent =
      state === "still" ? listen : state === "reading" ? gettext("Pause") : gettext("Go on");
    stop.hidden = state === "still";
    skip.hidden = state !== "asking";
    about.hidden = state !== "still";
    said.textContent = words;
    if (had && document.activeElement.hidden) play.focus();
  }

  function mark(passage) {
    for (const each of passages) each.removeAttribute("aria-current");
    passage?.setAttribute("aria-current", "true");
  }

  function fallSilent() {
    turn += 1;
    speech.cancel();
  }

  function pause() {
    fallSilent();
    show("paused");
  }

  function end() {
    if (state === "still") return;
    fallSilent();
    at = sentence = 0;
    asked = -1;
    mark(null);
    show("still");
  }

  function ask(line) {
    asked = at;
    mark(line.nextElementSibling);
    show("asking", gettext("The next part: %(about)s", { about: aboutOf(line) }));
  }

  function read() {
    const mine = ++turn;
    show("reading");
    say(mine);
  }

  function say(mine) {
    if (mine !== turn) return;
    const passage = passages[at];
    if (!passage) return end();
    const line = sentence === 0 && asked !== at ? noteBefore(passage) : null;
    if (line) return ask(line);
    const voice = voiceFor(languageOf(passage), speech);
    const words = sentencesOf(passage)[sentence];
    if (!voice || words === undefined) {
      at += 1;
      sentence = 0;
      return say(mine);
    }
    mark(passage);
    now = new SpeechSynthesisUtterance(words);
    now.voice = voice;
    now.lang = voice.lang;
    now.addEventListener("end", () => {
      if (mine === turn) sentence += 1;
      say(mine);
    });
    now.addEventListener("error", () => mine === turn && pause());
    speech.speak(now);
  }

  function goPast() {
    const link = noteBefore(passages[at]).querySelector("a");
    const after = passages.indexOf(document.querySelector(link.hash));
    if (after < 0) return end();
    at = after;
    sentence = 0;
    read();
  }

  play.addEventListener("click", () => (state === "reading" ? pause() : read()));
  stop.addEventListener("click", end);
  skip.addEventListener("click", goPast);
  document.addEventListener("keydown", (event) => event.key === "Escape" && end());
  addEventListener("pagehide", end);

  const offer = () => {
    if (voiceFor(box.dataset.aloud, speech)) box.hidden = false;
  };
  // Some browsers find their voices a moment after they are first asked for them.
  speech.addEventListener?.("voiceschanged", offer);
  offer();
}

/** What a skip line says, without its link. */
function aboutOf(line) {
  return line.firstChild.textContent.trim();
}

const box = document.querySelector("[data-aloud]");
if (window.speechSynthesis) setUp(box, window.speechSynthesis);
