"""The words and when they are said; captions in lines easy to read."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import ffmpeg as graph_compiler
from django.utils.translation import gettext_noop as _

from media_pipeline import captions, facts, ffmpeg, source, storage, transcriber, words
from media_pipeline.models import MediaAsset
from media_pipeline.speech import RATE
from media_pipeline.transcriber import Heard
from media_pipeline.work import Result, Work

By = MediaAsset.By
NOTHING_LEFT = _("There is no sound left to hear: a person has to write the words down.")
UNSURE = _(
    "The computer could not tell which language is spoken, and wrote nothing: a person has to "
    "write the words down."
)
SILENT = _("The computer heard nobody speak.")


def profile() -> dict:
    return {"model": transcriber.model_name(), "captions": captions.RULES, "version": 2}


def run(work: Work) -> Result:
    """Words, language and captions.vtt. Needs `transcriber.available()`.

    Raises SpeechFailed, and Stopped on a lost lease.
    """
    asset = work.asset
    named = asset.language if asset.language_by == By.PERSON else ""
    wave = work.folder / "speech.wav"
    with _sound(work) as path:
        if path is None:
            return Result(record=lambda: _keep(asset, None, NOTHING_LEFT))
        _make_wave(work, path, wave)
    heard = transcriber.hear(
        wave, deadline=work.deadline, language=named, stop=work.stop, on_progress=work.reached
    )
    note = UNSURE if heard.unsure else "" if heard.words else SILENT
    return Result(record=lambda: _keep(asset, heard, note))


@contextlib.contextmanager
def _sound(work: Work) -> Iterator[Path | None]:
    """The recording as it was sent; where that is gone, the sound that was made of it; or None.

    What others hear may have a disguised voice, and be hard to understand.
    """
    if work.asset.original:
        with source.sent(work) as path:
            yield path
    elif made := work.asset.renditions.filter(name="audio.m4a").first():
        with storage.local(storage.renditions(), made.stored, work.folder) as path:
            yield path
    else:
        yield None


def _make_wave(work: Work, path: Path, wave: Path) -> None:
    """As a model hears it. Made here and not in the transcode: half a second of work for a minute
    of speech, and words can be asked for later without decoding the picture again."""
    stream = facts.read(ffmpeg.probe(path)).audio
    incoming = graph_compiler.input(str(path), **ffmpeg.GUARDED_INPUT)
    # On the same timeline as everything that is made: gaps are silence.
    sound = incoming[str(stream)].filter("aresample", RATE, **{"async": 1, "first_pts": 0})
    wanted = {"ac": 1, "acodec": "pcm_s16le", **ffmpeg.BITEXACT}
    argv = sound.output(wave.name, **wanted).compile(cmd="ffmpeg")
    ffmpeg.run(argv, folder=work.folder, deadline=work.deadline, stop=work.stop)


def _keep(asset: MediaAsset, heard: Heard | None, note: str) -> None:
    """Runs in the finishing transaction, so never for a lease that was taken away."""
    cues = captions.cues(heard.words) if heard else []
    if words.keep(asset, cues, By.MACHINE, note) and heard and heard.language:
        MediaAsset.objects.filter(pk=asset.pk).exclude(language_by=By.PERSON).update(
            language=heard.language,
            language_by=By.ASSUMED if heard.assumed else By.MACHINE,
            language_probability=None if heard.assumed else heard.probability,
        )
