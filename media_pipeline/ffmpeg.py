"""The only code that runs ffmpeg and ffprobe.

Every input is treated as hostile. The demuxer whitelist is the control (a playlist named .mp4
would otherwise read other local files), with a protocol and a decoder whitelist beside it.
`setpriv` makes the kernel kill ffmpeg when its worker dies; `prlimit` bounds memory, processor
time and file size. Both are in util-linux, and both become ffmpeg by exec, so the process
group that we can kill is ffmpeg's own.
"""

from __future__ import annotations

import collections
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

DEMUXERS = "mov,mp4,matroska,webm,mp3,wav,ogg,flac"
DECODERS = (
    "h264,hevc,vp8,vp9,libvpx,libvpx-vp9,av1,libdav1d,libaom-av1,mpeg4,mjpeg,prores,theora,"
    "aac,mp3,mp3float,opus,libopus,vorbis,flac,alac,ac3,eac3,amrnb,amrwb,pcm_s16le,pcm_s16be,"
    "pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_u8,pcm_s8,"
    "pcm_alaw,pcm_mulaw"
)
MAX_PIXELS = 8192 * 4352  # 8K film; more is a decompression bomb
MEMORY_BYTES = 6 * 2**30
LARGEST_OUTPUT_BYTES = 200 * 2**30
TAIL_BYTES = 2_000

GUARDED_INPUT = {
    "protocol_whitelist": "file",
    "format_whitelist": DEMUXERS,
    "codec_whitelist": DECODERS,
    "max_pixels": MAX_PIXELS,
    "max_streams": 64,
}
BITEXACT = {"fflags": "+bitexact", "map_metadata": -1, "map_chapters": -1}


class FfmpegFailed(RuntimeError):
    """ffmpeg ended badly, stalled or took too long. `tail` is the end of what it said.

    `code` is its exit code, a signal's number below zero; 0 where we ended it ourselves.
    """

    def __init__(self, reason: str, tail: str = "", code: int = 0):
        super().__init__(reason)
        self.tail, self.code = tail, code


class Stopped(RuntimeError):
    """We were asked to stop, and did."""


def guarded(argv: list[str], processor_seconds: int) -> list[str]:
    """`argv` so that it dies with its parent and within its limits."""
    limits = [
        "prlimit",
        f"--as={MEMORY_BYTES}",
        f"--cpu={processor_seconds}",
        f"--fsize={LARGEST_OUTPUT_BYTES}",
        "--core=0",
        "--nofile=64",
        "--",
    ]
    return ["setpriv", "--pdeathsig", "KILL", *limits, *argv]


def input_flags(*, decodes: bool = True) -> list[str]:
    """The whitelists as command-line words, for commands that are not compiled from a graph."""
    flags = dict(GUARDED_INPUT)
    if not decodes:  # ffprobe gives up at the first cover or subtitle that it may not decode
        del flags["codec_whitelist"]
    return [word for key, value in flags.items() for word in (f"-{key}", str(value))]


def probe(path: Path, *extra: str) -> dict:
    """What ffprobe says of a file: {"format": …, "streams": […], "chapters": […], "warnings": "…"}.

    Raises FfmpegFailed when it is none of the accepted containers.
    """
    argv = ["ffprobe", "-hide_banner", "-v", "warning", *input_flags(decodes=False), "-of", "json"]
    argv += ["-show_format", "-show_streams", "-show_chapters", *extra, str(path)]
    try:
        done = subprocess.run(
            guarded(argv, 60), stdin=subprocess.DEVNULL, capture_output=True, timeout=120
        )
    except subprocess.TimeoutExpired as error:
        raise FfmpegFailed("ffprobe took too long") from error
    tail = _without(done.stderr[-TAIL_BYTES:].decode(errors="replace"), path)
    if done.returncode:
        raise FfmpegFailed(f"ffprobe ended with {done.returncode}", tail)
    return {**json.loads(done.stdout), "warnings": tail}


def run(
    argv: list[str],
    *,
    folder: Path,
    deadline: float,
    stall: float = 120,
    stop: threading.Event | None = None,
    on_progress: Callable[[float], None] | None = None,
    verbosity: str = "warning",
) -> tuple[str, float]:
    """Run one ffmpeg in `folder`; return the end of its log and the last out_time in seconds.

    `argv` begins with "ffmpeg". `deadline` and `stall` are seconds: of wall time in all, and
    without any frame, byte or second gained. `on_progress` is told out_time, about twice a
    second. `verbosity` is ffmpeg's: from "info" on, the log quotes the input's own metadata, so
    never keep that log. Raises FfmpegFailed, or Stopped once `stop` is set. The caller owns the
    outputs and deletes them when this raises: it writes only into folders of its own.
    """
    head = ["ffmpeg", "-hide_banner", "-nostdin", "-y", "-v", f"repeat+level+{verbosity}"]
    head += ["-nostats", "-progress", "pipe:1", "-stats_period", "0.5"]
    log = folder / f"ffmpeg-{os.urandom(4).hex()}.log"
    # Four processors for every second of wall time: more than that is a runaway.
    command = guarded(head + argv[1:], int(deadline) * 4 + 60)
    with log.open("wb") as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=folder,
            start_new_session=True,
            text=True,
        )
    watch = _Watch(process, deadline, stall, stop)
    watcher = threading.Thread(target=watch.run, name="ffmpeg-watch", daemon=True)
    watcher.start()
    out_time = 0.0
    try:
        assert process.stdout is not None  # noqa: S101 (for the type checker)
        for line in process.stdout:
            key, _, value = line.strip().partition("=")
            watch.saw(key, value)
            if key == "out_time_us" and value.lstrip("-").isdigit():
                out_time = max(out_time, int(value) / 1e6)
                if on_progress:
                    on_progress(out_time)
        code = process.wait()
    finally:
        if process.poll() is None:
            kill_group(process)
        watch.finished.set()
        watcher.join()
        tail = _without(_tail(log), folder)
        log.unlink(missing_ok=True)
    if watch.reason == "stopped":
        raise Stopped("ffmpeg was stopped")
    if watch.reason or code:
        if watch.reason:
            raise FfmpegFailed(watch.reason, tail)
        raise FfmpegFailed(f"ffmpeg ended with {code}", tail, code)
    return tail, out_time


def kill_group(process: subprocess.Popen, patience: float = 3) -> None:
    """TERM the whole group, so that ffmpeg can end; KILL it after `patience` seconds."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            return
        try:
            process.wait(patience)
            return
        except subprocess.TimeoutExpired:
            continue


class _Watch:
    """Ends the process when asked to, when it is too slow, and when it no longer moves."""

    MOVES = frozenset({"frame", "out_time_us", "total_size"})

    def __init__(self, process, deadline: float, stall: float, stop: threading.Event | None):
        self.process, self.stop, self.stall = process, stop, stall
        self.ends = time.monotonic() + deadline
        self.moved = time.monotonic()
        self.seen: dict[str, str] = {}
        self.finished = threading.Event()
        self.reason = ""

    def saw(self, key: str, value: str) -> None:
        if key in self.MOVES and self.seen.get(key) != value:
            self.seen[key] = value
            self.moved = time.monotonic()

    def run(self) -> None:
        while not self.finished.wait(0.2):
            now = time.monotonic()
            if self.stop is not None and self.stop.is_set():
                self.reason = "stopped"
            elif now > self.ends:
                self.reason = "ffmpeg took too long"
            elif now - self.moved > self.stall:
                self.reason = "ffmpeg stopped moving"
            if self.reason:
                kill_group(self.process)
                return


def _tail(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 64_000))
        lines = collections.deque(file.read().decode(errors="replace").splitlines(), maxlen=200)
    return "\n".join(lines)


def _without(text: str, path: Path) -> str:
    """Our own storage names say nothing of anyone, but a log has no need of them."""
    return text.replace(str(path), "(file)")
