"""Why a stage went wrong, in a sentence for staff. Nothing of the recording is repeated."""

from __future__ import annotations

import errno
import signal

from media_pipeline.errors import Away
from media_pipeline.ffmpeg import CommandFailed

DISK = "The disk is full: make room where recordings are worked on and kept."
MEMORY = "There was not enough memory for it."
KILLED = "{} was killed from outside, as happens when the machine runs out of memory."
TOO_LARGE = "What it wrote grew beyond every limit, as a trap does."
TOO_BUSY = "It took more of the processor than any recording should."
FULL = {errno.ENOSPC, errno.EDQUOT}
# What ffmpeg says (the system's words by libavutil/error.c), and x264.
SAID = {
    "No space left on device": DISK,
    "Disk quota exceeded": DISK,
    "Cannot allocate memory": MEMORY,
    "malloc of size": MEMORY,
    "MemoryError": MEMORY,  # what Python says, and C++ below it
    "std::bad_alloc": MEMORY,
    "failed to allocate memory": MEMORY,
}
SIGNALS = {
    signal.SIGKILL: KILLED,
    signal.SIGTERM: KILLED,
    signal.SIGXFSZ: TOO_LARGE,
    signal.SIGXCPU: TOO_BUSY,
}


def reason(error: Exception) -> str:
    """One of the sentences above; else what we know of it, and that is its type."""
    if isinstance(error, CommandFailed):
        words = next((said for mark, said in SAID.items() if mark in error.tail), "")
        words = words or _signalled(error.code).format(error.program)
        return words or f"{error}."
    if isinstance(error, Away):
        return str(error)
    if isinstance(error, MemoryError):
        return MEMORY
    if isinstance(error, OSError) and error.errno in FULL:
        return DISK
    return f"{type(error).__name__}."


def _signalled(code: int) -> str:
    """Of an exit code: a signal's number below zero, or, from a shell or a sandbox, above 128."""
    number = -code if code < 0 else code - 128
    return SIGNALS.get(number, "")  # type: ignore[call-overload]
