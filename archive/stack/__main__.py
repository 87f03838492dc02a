"""The command behind `make stack`: up and down, and what they are made of."""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
import time

from archive.stack import elastic, gateway, running
from archive.stack.places import Home
from archive.stack.server import CannotStart
from archive.stack.servers import create_database, environment, servers

PORT = 8080


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m archive.stack", description=__doc__)
    what = ["up", "down", "servers", "running", "environment", "needs", "install"]
    parser.add_argument("what", choices=what)
    parser.add_argument("--home", default="stack", help="the stack's folder below var/")
    parser.add_argument("--port", type=int, default=PORT, help="where nginx listens, for up")
    parser.add_argument(
        "--throw-away",
        action="store_true",
        help="for tests: servers that are fast, not durable; with down, their data goes too",
    )
    given = parser.parse_args()
    home = Home(given.home)
    began = time.monotonic()
    try:
        match given.what:
            case "up":
                from archive.stack import site

                site.up(home, given.port, say)
                say(f"done after {time.monotonic() - began:.0f} s")
            case "servers":
                home.make()
                fresh = running.start(servers(home, durable=not given.throw_away))
                create_database(home)
                if fresh:
                    say(f"{', '.join(fresh)} ready after {time.monotonic() - began:.0f} s")
            case "down":
                ended = running.stop(home)
                if given.throw_away:
                    home.throw_away()
                elif not ended:
                    say("nothing of it runs")
            case "running":
                parts = running.started(home)
                return 0 if parts and running.all_run(parts) else 1
            case "environment":
                for name, value in environment(home).items():
                    print(f"export {name}={shlex.quote(value)}")
            case "needs":
                print("\n".join(needs()))
            case "install":
                install()
    except (CannotStart, subprocess.CalledProcessError) as error:
        print(f"stack: {error}", file=sys.stderr)
        return 1
    return 0


def needs() -> list[str]:
    """What has to be there before `install` and `up` can work, of jdk, maven and go."""
    wanted = {
        "jdk": not elastic.has_java(),
        "maven": not elastic.is_installed(),
        "go": not gateway.is_installed(),
    }
    return [name for name, is_wanted in wanted.items() if is_wanted]


def install() -> None:
    if not elastic.is_installed():
        elastic.install()
    if not gateway.is_installed():
        gateway.install()


def say(sentence: str) -> None:
    print(sentence if sentence.startswith(" ") else f"stack: {sentence}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
