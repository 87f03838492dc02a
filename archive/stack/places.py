"""Where a stack lives: its own home, and the cache of what was fetched and built for all."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import socket
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
# Who runs a server that refuses to be run by root.
NOBODY = "nobody"


def is_root() -> bool:
    return os.geteuid() == 0


def cache() -> Path:
    """What can be fetched or built again: outside the project, so that every clone shares it."""
    if is_root():  # below /root nobody but root could read it
        return Path("/var/cache/stories-archive")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "stories-archive"


@contextlib.contextmanager
def making() -> Iterator[Path]:
    """A folder in the cache for what is being made; renamed from there, nothing is half there."""
    work = cache() / f"making-{os.getpid()}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


class Home:
    """One stack's folder. `var/NAME` points to it.

    For root it lies outside the project, because servers that run as nobody have to reach it.
    """

    def __init__(self, name: str) -> None:
        self.link = ROOT / "var" / name
        if is_root():
            mark = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
            self.path = Path(f"/var/tmp/stories-archive-{mark}-{name}")  # noqa: S108
        else:
            self.path = self.link

    def make(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        if self.path == self.link or self.link.is_symlink():
            return
        self.link.parent.mkdir(parents=True, exist_ok=True)
        self.link.symlink_to(self.path)

    def folder(self, *names: str) -> Path:
        return self.path.joinpath(*names)

    @cached_property
    def _ports(self) -> dict[str, int]:
        kept = self.folder("ports.json")
        return json.loads(kept.read_text()) if kept.exists() else {}

    def port(self, name: str) -> int:
        """A server's port: the same at every start, chosen when it was first asked for."""
        if name not in self._ports:
            self.keep_port(name, _free_port())
        return self._ports[name]

    def known_port(self, name: str) -> int | None:
        """A server's port, where it has one."""
        return self._ports.get(name)

    def keep_port(self, name: str, port: int) -> None:
        self._ports[name] = port
        self.folder("ports.json").write_text(json.dumps(self._ports, indent=1))

    def throw_away(self) -> None:
        """All data, secrets and logs, once nothing runs on them; what was built is kept.

        Raises RuntimeError where a part of it still has a note: it could not be ended afterwards.
        """
        if any(self.folder("running").glob("*.json")):
            raise RuntimeError("Something of it still runs.")
        shutil.rmtree(self.path, ignore_errors=True)
        if self.link.is_symlink():
            self.link.unlink()

    def secret(self, name: str) -> Path:
        """A file with a random text that is this stack's own, made when first asked for."""
        path = self.folder("secrets", name)
        if not path.exists():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(40))
        return path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]
