"""The words as they are written down now, read aloud by a computer's voice.

It reads whole sentences, as people do, and each cue has its share of its sentence by its letters.
What comes out goes through the same encoders as any recording, and is proven clean here.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

from django.utils.translation import gettext_noop as _

from media_pipeline import aloud, captions, facts, ffmpeg, graph, loudness
from media_pipeline.captions import Cue
from media_pipeline.models import MediaAsset
from media_pipeline.names import TYPES
from media_pipeline.stages import clean, transcode
from media_pipeline.work import Made, Result, Work

FILE = "spoken.vtt"
JOINED = "read.wav"
MOST_LETTERS = 200_000  # some four hours
LINE_LETTERS = 400  # where no sentence ends
PAUSE, NEW_THOUGHT = 0.4, 0.8  # seconds after a line; where whoever spoke was silent for long
LONG = 2.0  # seconds
CLOSING = "\"') \N{RIGHT DOUBLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
NOTES = {
    "no_speaker": _(
        "The words can't be read aloud here: Piper is not installed. The story can go "
        "out with its words alone."
    ),
    "no_words": _(
        "There are no words to read aloud yet. They are read once they are written down."
    ),
    "other_language": _(
        "The computer's voice does not speak the language of this recording. The "
        "story can go out with its words alone."
    ),
    "failed": _(
        "The words could not be read aloud: the page Recordings says why, and there it can "
        "be tried again. The story can go out with its words alone."
    ),
    "too_long": _(
        "The words are too long to be read aloud. The story can go out with its words alone."
    ),
}
RULES = {"line": LINE_LETTERS, "pauses": [PAUSE, NEW_THOUGHT, LONG], "version": 1}


def profile() -> dict:
    return {"speaker": aloud.name(), "reading": RULES}


def run(work: Work) -> Result:
    """The sound and its captions; or a note for staff why there is none, and the words alone.

    Raises ReadingFailed, FfmpegFailed, NotClean, and Stopped on a lost lease.
    """
    asset = work.asset
    said = [Cue(row.start, row.end, row.text, (), row.speaker) for row in asset.cues.all()]
    if note := _why_not(asset, said):
        return Result(record=lambda: _record(asset, note))
    groups = lines(captions.numbered(said))
    texts = spoken_texts(groups)
    deadline = 600 + 0.5 * sum(map(len, texts))

    def reached(share: float) -> None:
        work.done = 0.9 * share

    files = aloud.read(
        [text for text in texts if text],
        work.folder,
        deadline=deadline,
        stop=work.stop,
        on_progress=reached,
    )
    rest = iter(files)
    parts = [next(rest) if text else None for text in texts]
    heard = aloud.join(parts, _pauses(groups), work.folder / JOINED)
    cues = [
        cue
        for group, when in zip(groups, heard, strict=True)
        for cue in captions.shared(group, *when)
    ]
    made = _sounds(work, heard[-1][1], deadline)
    text = captions.to_webvtt(cues)
    made.append(Made(FILE, TYPES[FILE], text=text, seconds=made[0].seconds, clean=True))
    return Result(made, lambda: _record(asset, "", loudness.result(work.folder)))


def spoken_texts(groups: list[list[Cue]]) -> list[str]:
    """What is said of each group. Where somebody else begins to speak it is said who, for one
    voice reads them all."""
    turns = captions.turns([group[0] for group in groups])
    return [
        speakable(" ".join([f"{turn}." if turn else "", *(cue.text for cue in group)]))
        for turn, group in zip(turns, groups, strict=True)
    ]


def lines(cues: list[Cue]) -> list[list[Cue]]:
    """The cues that are read in one breath: up to the end of a sentence, LINE_LETTERS, or where
    somebody else begins."""
    groups: list[list[Cue]] = []
    letters, ended = 0, True
    for cue in cues:
        ended = ended or cue.speaker != groups[-1][-1].speaker
        if ended or letters + len(cue.text) > LINE_LETTERS:
            groups.append([])
            letters = 0
        groups[-1].append(cue)
        letters += len(cue.text)
        ended = cue.text.rstrip(CLOSING).endswith(captions.SENTENCE)
    return groups


def speakable(text: str) -> str:
    """One line of what a voice can say; "" where there is nothing, for Piper ends at such a line.

    Letters, digits, marks and signs stay; brackets, in which Piper expects sounds instead of
    letters, pictures and whatever steers a machine go.
    """
    plain = unicodedata.normalize("NFKC", text)
    kept = "".join(
        letter if unicodedata.category(letter) not in UNSAID and letter not in "[]{}<>" else " "
        for letter in plain
    )
    return " ".join(kept.split()) if any(map(str.isalnum, kept)) else ""


UNSAID = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "So", "Sk", "Zl", "Zp"})


def _why_not(asset: MediaAsset, said: list[Cue]) -> str:
    if not aloud.available():
        return "no_speaker"
    if asset.language and asset.language != aloud.language():
        return "other_language"
    letters = sum(len(cue.text) for cue in said)
    if letters > MOST_LETTERS:
        return "too_long"
    return "" if any(speakable(cue.text) for cue in said) else "no_words"


def _pauses(groups: list[list[Cue]]) -> list[float]:
    following = [group[0].start for group in groups[1:]]
    silences = [after - group[-1].end for group, after in zip(groups, following, strict=False)]
    return [*(NEW_THOUGHT if silence >= LONG else PAUSE for silence in silences), PAUSE]


def _sounds(work: Work, seconds: float, deadline: float) -> list[Made]:
    path: Path = (work.folder / JOINED).absolute()
    found = facts.read(ffmpeg.probe(path))
    loud = loudness.measure(path, found.audio or 0, work.folder, deadline, work.stop)
    gain = loudness.gain(loud, found.channels)
    ffmpeg.run(
        graph.everything(path, found, gain, seconds),
        folder=work.folder,
        deadline=deadline,
        stop=work.stop,
    )
    made = transcode.sounds(work.folder, found)
    for item in made:
        clean.prove(item.name, item.path or item.text)
        item.clean = True
    return made


def _record(asset: MediaAsset, note: str, loud: float | None = None) -> None:
    MediaAsset.objects.filter(pk=asset.pk).update(disguise_note=note, loudness_made=loud)
