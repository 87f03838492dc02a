"""Starting a program, seeing that it is well, and ending exactly what was started."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from archive.stack.places import HOST, NOBODY, Home, is_root

LOOK_SECONDS = 0.2
STOP_SECONDS = 20
LOG_LINES = 15


class CannotStart(RuntimeError):
    """A part of the stack did not come up; the message is for whoever typed the command."""


@dataclass
class Server:
    """One program of the stack. `healthy` is asked until it says True or `patience` seconds end.

    `refuses_root`: run it as nobody when we are root; `end` is the signal for a quick clean stop.
    """

    name: str
    home: Home
    command: list[str]
    healthy: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    refuses_root: bool = False
    end: signal.Signals = signal.SIGTERM
    patience: float = 60
    folder: Path | None = None

    @classmethod
    def noted(cls, name: str, home: Home) -> Server:
        """One that was started earlier, to be ended: how it is started need not be known."""
        part = cls(name, home, [], lambda: True)
        with contextlib.suppress(FileNotFoundError, KeyError):
            part.end = signal.Signals(json.loads(part._note.read_text())["end"])
        return part

    @property
    def log(self) -> Path:
        return self.home.folder("logs", f"{self.name}.log")

    @property
    def _note(self) -> Path:
        return self.home.folder("running", f"{self.name}.json")

    def pid(self) -> int | None:
        """The process that we started, if it still runs; never another one with its number."""
        try:
            note = json.loads(self._note.read_text())
        except FileNotFoundError:
            return None
        # One that ended before we could look has no beginning.
        return note["pid"] if note["born"] and began_at(note["pid"]) == note["born"] else None

    def start(self) -> bool:
        """False when it runs already."""
        if self.pid():
            return False
        self.log.parent.mkdir(exist_ok=True)
        self._note.parent.mkdir(exist_ok=True)
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                [*(as_nobody() if self.refuses_root else []), *self.command],
                env=os.environ | dict(self.environment),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # Who was started in the background is deaf to Ctrl-C, and so would its children be.
                preexec_fn=_hear_again,
            )
        note = {"pid": process.pid, "born": began_at(process.pid), "end": self.end}
        self._note.write_text(json.dumps(note))
        return True

    def wait(self) -> None:
        """Until it is well. Raises CannotStart, with the end of its log."""
        ends = time.monotonic() + self.patience
        while not self.healthy():
            if not self.pid():
                raise CannotStart(f"{self.name} ended by itself.\n{self.last_words()}")
            if time.monotonic() > ends:
                raise CannotStart(
                    f"{self.name} was not ready after {self.patience:.0f} seconds.\n"
                    f"{self.last_words()}"
                )
            time.sleep(LOOK_SECONDS)

    def last_words(self) -> str:
        with contextlib.suppress(FileNotFoundError):
            lines = self.log.read_text(errors="replace").splitlines()[-LOG_LINES:]
            return "\n".join([*lines, f"(from {self.log})"])
        return ""

    def signal_end(self) -> bool:
        """Ask it to end. False when it does not run."""
        pid = self.pid()
        if pid:
            os.kill(pid, self.end)
        return bool(pid)

    def wait_end(self) -> None:
        ends = time.monotonic() + STOP_SECONDS
        while pid := self.pid():
            if time.monotonic() > ends:
                os.killpg(pid, signal.SIGKILL)
                break
            time.sleep(LOOK_SECONDS / 2)
        self._note.unlink(missing_ok=True)


def _hear_again() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def as_nobody() -> list[str]:
    """What to put before a command that refuses to be run by root."""
    if not is_root():
        return []
    return ["setpriv", f"--reuid={NOBODY}", "--regid=nogroup", "--clear-groups"]


def own_folder(path: Path) -> Path:
    """A data folder for a server that runs as nobody."""
    if not path.exists():
        path.mkdir(parents=True, mode=0o700)
        if is_root():
            shutil.chown(path, NOBODY, "nogroup")
    return path


def answers(port: int) -> bool:
    """Whether something takes connections there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def began_at(pid: int) -> str | None:
    """When a process began, in the kernel's ticks; None when it is gone or only waits for burial.

    Fields after the name in brackets: state is the first, the start time the twentieth (proc(5)).
    """
    with contextlib.suppress(OSError, IndexError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return fields[19] if fields[0] not in "ZX" else None
    return None
