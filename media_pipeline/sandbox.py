"""The room in which ffmpeg reads what strangers sent: limits everywhere, walls where there can be.

The whitelists in `ffmpeg` refuse hostile files. This is for the day on which a decoder has a hole
in it: bubblewrap gives each command namespaces of its own, in which there is no network, no other
process, and no file but ffmpeg's libraries, what it is to read and one folder to write into.
`prlimit` bounds what it can use up, also where bubblewrap doesn't work. Each becomes the next one
by exec, or ends it when it ends.
"""

from __future__ import annotations

import functools
import logging
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from media_pipeline.errors import SandboxFailed

log = logging.getLogger(__name__)

# Nothing of our own environment, which may hold passwords.
ENVIRONMENT = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
LIBRARIES = ("/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib")
LINKED = ("/lib", "/lib32", "/lib64")  # into /usr on most systems
LOADER = ("/etc/ld.so.cache", "/etc/alternatives")
# A user's tasks are counted over the whole machine; behind walls only the command's own are.
TASKS, TASKS_INSIDE = 4096, 512
SPEAKS = ("bwrap: ", "prlimit: ")  # how those that stand before ffmpeg complain


@dataclass(frozen=True)
class Limits:
    """What one command may use up. It is ended when a file reaches `file_bytes`."""

    processor_seconds: int
    memory_bytes: int = 6 * 2**30
    file_bytes: int = 200 * 2**30
    files: int = 64

    def words(self) -> list[str]:
        return [
            f"--as={self.memory_bytes}",
            f"--cpu={self.processor_seconds}",
            f"--fsize={self.file_bytes}",
            f"--nofile={self.files}",
            "--core=0",
        ]


def enclosed(
    argv: list[str], limits: Limits, *, reads: Sequence[Path] = (), folder: Path | None = None
) -> list[str]:
    """`argv` within its limits and behind walls.

    It can read `reads` and write into `folder`, each under its own name. Raises SandboxFailed
    where MEDIA_SANDBOX is "required" and there can be no walls.
    """
    begin = ["prlimit", *limits.words()]
    if not _has_walls():
        return [*begin, f"--nproc={TASKS}", "--", *argv]
    walls = _walls(argv[0])
    if folder is not None:
        walls += ["--bind", str(folder), str(folder), "--chdir", str(folder)]
    for path in reads:  # after the folder, in which it may lie
        walls += ["--ro-bind", str(path), str(path)]
    inside = ["prlimit", f"--nproc={TASKS_INSIDE}", "--", *argv]
    return [*begin, "--", *walls, "--remount-ro", "/", "--", *inside]


def problem() -> str:
    """ "" unless there have to be walls and can be none; then why, and what to do."""
    return notice() if settings.MEDIA_SANDBOX == "required" else ""


def notice() -> str:
    """ "" where ffmpeg works behind walls; else a sentence: that it does not, and what to do."""
    if settings.MEDIA_SANDBOX == "off":
        return "There are no walls around ffmpeg: MEDIA_SANDBOX is off. Set it to auto."
    if why := why_not():
        return (
            f"There are no walls around ffmpeg: {why}. Install bubblewrap, and let the site's "
            "user make namespaces (docs/deployment.md, “Walls around ffmpeg”)."
        )
    return ""


def why_not() -> str:
    """ "" where walls can be put up; else why they can't, in bubblewrap's words.

    Kept for the life of the process once it has worked; a failure may have been a passing one.
    """
    return "" if _options() is not None else _tried(())


def _has_walls() -> bool:
    if settings.MEDIA_SANDBOX == "off":
        return False
    if _options() is not None:
        return True
    if settings.MEDIA_SANDBOX == "required":
        raise SandboxFailed("there are no walls around ffmpeg, and there have to be")
    _say_once()
    return False


@functools.cache
def _say_once() -> None:
    log.warning("There are no walls around ffmpeg: check_parts says why")


_works: list[tuple[str, ...]] = []


def _options() -> tuple[str, ...] | None:
    """What this bubblewrap can do besides; None where it can do nothing."""
    if not _works:
        # Not every kernel and container lets a namespace be closed to further ones.
        found = next((each for each in (("--disable-userns",), ()) if not _tried(each)), None)
        if found is None:
            return None
        _works.append(found)
    return _works[0]


def _tried(options: tuple[str, ...]) -> str:
    if shutil.which("bwrap") is None:
        return "bwrap is not installed"
    command = [*_walls("ffprobe", options), "--remount-ro", "/", "--", "ffprobe", "-version"]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=30,
            env=ENVIRONMENT,
            cwd="/",
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return type(error).__name__
    said = done.stderr.decode(errors="replace").strip().removeprefix(SPEAKS[0])
    return (said.rstrip(".") or f"it ended with {done.returncode}") if done.returncode else ""


def _walls(program: str, options: tuple[str, ...] | None = None) -> list[str]:
    """bubblewrap's words for an empty room with `program` and its libraries in it.

    No /proc: ffmpeg has no need of it, and containers don't let a new one be mounted.
    """
    words = ["bwrap", "--unshare-all", "--unshare-user", "--die-with-parent"]
    words += ["--cap-drop", "ALL", *(_works[0] if options is None else options)]
    for path in LIBRARIES + LOADER:
        words += ["--ro-bind-try", path, path]
    for path in LINKED:
        if os.path.islink(path):
            words += ["--symlink", os.readlink(path), path]
        else:
            words += ["--ro-bind-try", path, path]
    for name in ("prlimit", program):
        if found := shutil.which(name):
            words += ["--ro-bind", found, found]
    for device in ("/dev/null", "/dev/urandom"):
        words += ["--dev-bind", device, device]
    return words
