"""The only code that runs ffmpeg and ffprobe.

Every input is treated as hostile. The demuxer whitelist is the control (a playlist named .mp4
would otherwise read other local files), with a protocol and a decoder whitelist beside it, and
the walls and limits of `sandbox` around it.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from media_pipeline import sandbox
from media_pipeline.errors import SandboxFailed
from media_pipeline.sandbox import Limits

DEMUXERS = "mov,mp4,matroska,webm,mp3,wav,ogg,flac"
DECODERS = (
    "h264,hevc,vp8,vp9,libvpx,libvpx-vp9,av1,libdav1d,libaom-av1,mpeg4,mjpeg,prores,theora,"
    "aac,mp3,mp3float,opus,libopus,vorbis,flac,alac,ac3,eac3,amrnb,amrwb,pcm_s16le,pcm_s16be,"
    "pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le,pcm_u8,pcm_s8,"
    "pcm_alaw,pcm_mulaw"
)
# As ffprobe calls what those decode.
CODECS = {*DECODERS.split(","), "amr_nb", "amr_wb"}
MAX_PIXELS = 8192 * 4352  # 8K film; more is a decompression bomb
TAIL_BYTES = 2_000
LOG_BYTES = 64_000
# What ffprobe says is a few kilobytes, unless a file is made of names and chapters.
PROBE = Limits(processor_seconds=20, memory_bytes=2 * 2**30, file_bytes=4 * 2**20)
PROBE_WAIT_SECONDS = 120
SIGNALS: dict[int, str] = {
    signal.SIGKILL: "was killed, as when memory runs out",
    signal.SIGSEGV: "crashed",
    signal.SIGABRT: "crashed",
    signal.SIGXCPU: "worked for too long",
    signal.SIGXFSZ: "wrote too much",
}

GUARDED_INPUT = {
    "protocol_whitelist": "file",
    "format_whitelist": DEMUXERS,
    "codec_whitelist": DECODERS,
    "max_pixels": MAX_PIXELS,
    "max_streams": 64,
}
BITEXACT = {"fflags": "+bitexact", "map_metadata": -1, "map_chapters": -1}


class CommandFailed(RuntimeError):
    """A program ended badly, stalled or took too long. `tail` is the end of what it said.

    `code` is its exit code, a signal's number below zero; 0 where we ended it ourselves.
    """

    program = "A program"

    def __init__(self, reason: str, tail: str = "", code: int = 0):
        super().__init__(reason)
        self.tail, self.code = tail, code


class FfmpegFailed(CommandFailed):
    """ffmpeg or ffprobe did."""

    program = "ffmpeg"


class Stopped(RuntimeError):
    """We were asked to stop, and did."""


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
    argv += ["-show_format", "-show_streams", "-show_chapters", *extra, str(path.absolute())]
    # In memory, for they quote what the file says of people. Files, for these have a limit.
    with _unnamed() as answer, _unnamed() as said:
        process = Begun(sandbox.enclosed(argv, PROBE, reads=[path.absolute()]), answer, said)
        try:
            code = process.wait(PROBE_WAIT_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise FfmpegFailed("ffprobe took too long") from error
        finally:
            if process.poll() is None:
                kill_group(process, patience=0)
            process.let_go()
        said.seek(max(0, said.tell() - TAIL_BYTES))
        tail = _without(said.read().decode(errors="replace"), path.absolute())
        if code:
            raise failure(FfmpegFailed, code, tail, "ffprobe")
        answer.seek(0)
        return {**json.load(answer), "warnings": tail}


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
    argv = head + argv[1:]
    # Four processors for every second of wall time: more than that is a runaway.
    limits = Limits(processor_seconds=int(deadline) * 4 + 60)
    command = sandbox.enclosed(argv, limits, reads=_inputs(argv), folder=folder.absolute())
    process = Begun(command, subprocess.PIPE, subprocess.PIPE, folder)
    out_time = 0.0
    with watched(process, deadline, stall, stop) as watch:
        for line in watch.output:
            key, _, value = line.decode(errors="replace").strip().partition("=")
            watch.saw(key, value)
            if key == "out_time_us" and value.lstrip("-").isdigit():
                out_time = max(out_time, int(value) / 1e6)
                if on_progress:
                    on_progress(out_time)
    return _judge(watch, folder), out_time


@contextlib.contextmanager
def watched(
    process: Begun,
    deadline: float,
    stall: float,
    stop: threading.Event | None,
    called: str = "ffmpeg",
) -> Iterator[Watch]:
    """Read the process's `output` inside the block; afterwards `code`, `reason` and `tail` are
    known. It has ended by then, whatever happens inside."""
    assert process.stdout is not None  # noqa: S101 (for the type checker)
    assert process.stderr is not None  # noqa: S101
    log = _Tail(process.stderr)
    watch = Watch(process, deadline, stall, stop, called)
    watcher = threading.Thread(target=watch.run, name=f"{called}-watch", daemon=True)
    watcher.start()
    try:
        yield watch
        watch.code = process.wait()
    finally:
        if process.poll() is None:
            kill_group(process)
        process.let_go()
        watch.finished.set()
        watcher.join()
        watch.tail = log.whole()
        process.stdout.close()


def frames(
    argv: list[str], size: int, *, folder: Path, deadline: float, stop: threading.Event | None
) -> Iterator[bytes]:
    """What one ffmpeg writes to its standard output, `size` bytes at a time.

    Raises as run() does, when it has ended. The caller takes all of it, or closes the iterator.
    """
    argv = ["ffmpeg", "-hide_banner", "-nostdin", "-v", "warning", *argv[1:]]
    limits = Limits(processor_seconds=int(deadline) * 4 + 60)
    command = sandbox.enclosed(argv, limits, reads=_inputs(argv), folder=folder.absolute())
    process = Begun(command, subprocess.PIPE, subprocess.PIPE, folder)
    with watched(process, deadline, deadline, stop) as watch:
        while len(frame := watch.output.read(size)) == size:
            yield frame
    _judge(watch, folder)


def _judge(watch: Watch, folder: Path) -> str:
    """The end of what an ffmpeg said that went well. Raises FfmpegFailed and Stopped."""
    tail = _without(watch.tail, folder)
    if watch.reason == "stopped":
        raise Stopped("ffmpeg was stopped")
    if watch.reason:
        raise FfmpegFailed(watch.reason, tail)
    if watch.code:
        raise failure(FfmpegFailed, watch.code, tail)
    return tail


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


class Watch:
    """Ends the process when asked to, when it is too slow, and when it no longer moves."""

    MOVES = frozenset({"frame", "out_time_us", "total_size"})

    def __init__(
        self,
        process: subprocess.Popen,
        deadline: float,
        stall: float,
        stop: threading.Event | None,
        called: str,
    ):
        self.process, self.stop, self.stall, self.called = process, stop, stall, called
        self.ends = time.monotonic() + deadline
        self.moved = time.monotonic()
        self.seen: dict[str, str] = {}
        self.finished = threading.Event()
        self.reason = self.tail = ""
        self.code = 0

    @property
    def output(self) -> IO[bytes]:
        return self.process.stdout  # type: ignore[return-value]

    def moves(self) -> None:
        self.moved = time.monotonic()

    def saw(self, key: str, value: str) -> None:
        if key in self.MOVES and self.seen.get(key) != value:
            self.seen[key] = value
            self.moves()

    def run(self) -> None:
        while not self.finished.wait(0.2):
            now = time.monotonic()
            if self.stop is not None and self.stop.is_set():
                self.reason = "stopped"
            elif now > self.ends:
                self.reason = f"{self.called} took too long"
            elif now - self.moved > self.stall:
                self.reason = f"{self.called} stopped moving"
            if self.reason:
                kill_group(self.process)
                return


class _Tail:
    """The end of what a pipe says. What makes a decoder complain without end fills no disk."""

    def __init__(self, pipe: IO[bytes]):
        self.pipe, self.kept = pipe, b""
        self.reader = threading.Thread(target=self._read, name="ffmpeg-log", daemon=True)
        self.reader.start()

    def _read(self) -> None:
        while said := os.read(self.pipe.fileno(), 2**16):
            self.kept = (self.kept + said)[-LOG_BYTES:]

    def whole(self) -> str:
        """What is kept, once nobody holds the pipe: all have ended then, behind walls too."""
        self.reader.join()
        self.pipe.close()
        return "\n".join(self.kept.decode(errors="replace").splitlines()[-200:])


class Begun(subprocess.Popen):
    """A command in a session of its own, that ends with its worker, however the worker ends.

    The kernel's own signal for that comes too late for a parent that is killed in these first
    milliseconds, and is forgotten whenever bubblewrap gives up a right. A pipe has no such gaps:
    the kernel shuts it with the worker, and who reads it then ends the whole group.
    """

    # The reader keeps none of the command's pipes open, and isn't in its folder.
    READER = '(cd /; trap "" TERM; read -r _ <&"$0"; kill -KILL 0) </dev/null >/dev/null 2>&1'

    def __init__(
        self,
        command: list[str],
        output,
        errors,
        folder: Path | str = "/",
        incoming: int | IO[bytes] = subprocess.DEVNULL,
    ):
        """It has nothing of our environment, and no input but `incoming`."""
        end, self._lifeline = os.pipe()
        try:
            super().__init__(
                ["sh", "-c", f'{self.READER} & exec "$@"', str(end), *command],
                stdin=incoming,
                stdout=output,
                stderr=errors,
                cwd=folder,
                env=sandbox.ENVIRONMENT,
                start_new_session=True,
                pass_fds=[end],
            )
        except BaseException:
            self.let_go()
            raise
        finally:
            os.close(end)

    def let_go(self) -> None:
        """Whatever may still run of it is killed. Say it once, when it has ended."""
        os.close(self._lifeline)


def _inputs(argv: list[str]) -> list[Path]:
    """The files that a command reads from elsewhere; those in its own folder have short names."""
    named = [value for flag, value in itertools.pairwise(argv) if flag == "-i"]
    return [path for path in map(Path, named) if path.is_absolute()]


def _unnamed() -> IO[bytes]:
    return os.fdopen(os.memfd_create("ffprobe"), "w+b")


def failure(kind: type[CommandFailed], code: int, tail: str, called: str = "") -> Exception:
    """Why a command ended with `code`, as an error of this kind; or that it never came to run."""
    if tail.startswith(sandbox.SPEAKS):
        return SandboxFailed(f"there could be no walls around {kind.program} just now")
    # A signal is told in one way through walls, and in another without.
    number = -code if code < 0 else code - 128
    why = SIGNALS.get(number, f"ended with {code}")
    return kind(f"{called or kind.program} {why}", tail, code)


def _without(text: str, path: Path) -> str:
    """Our own storage names say nothing of anyone, but a log has no need of them."""
    return text.replace(str(path), "(file)")
