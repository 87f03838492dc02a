"""The command behind `make stack`: up, down, servers, environment, install."""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
import time

from archive.stack import elastic
from archive.stack.places import Home
from archive.stack.server import CannotStart, Server
from archive.stack.servers import create_database, environment, servers


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m archive.stack", description=__doc__)
    parser.add_argument("what", choices=["servers", "down", "environment", "install"])
    parser.add_argument("--home", default="stack", help="the stack's folder below var/")
    parser.add_argument("--throw-away", action="store_true", help="for tests: fast, not durable")
    given = parser.parse_args()
    home = Home(given.home)
    try:
        match given.what:
            case "servers":
                home.make()
                start(servers(home, durable=not given.throw_away))
                create_database(home)
            case "down":
                stop(home)
            case "environment":
                for name, value in environment(home).items():
                    print(f"export {name}={shlex.quote(value)}")
            case "install":
                elastic.install()
    except (CannotStart, subprocess.CalledProcessError) as error:
        print(f"stack: {error}", file=sys.stderr)
        return 1
    return 0


def start(parts: list[Server]) -> None:
    """All at once, then wait for each."""
    began = time.monotonic()
    fresh = [part for part in parts if part.start()]
    for part in parts:
        part.wait()
    if fresh:
        names = ", ".join(part.name for part in fresh)
        print(f"stack: {names} ready after {time.monotonic() - began:.0f} s")


def stop(home: Home) -> None:
    """End what this stack started, and nothing else, the last started first."""
    running = home.folder("running")
    if not running.is_dir():
        return
    notes = sorted(running.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    parts = [Server(note.stem, home, [], lambda: True) for note in notes]
    for part in parts:
        part.signal_end()
    for part in parts:
        part.wait_end()


if __name__ == "__main__":
    sys.exit(main())
