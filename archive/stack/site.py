"""The site on the stack's servers: made ready, then served by gunicorn, Celery and nginx."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from archive.stack.nginx import nginx
from archive.stack.places import HOST, ROOT, Home
from archive.stack.running import all_run, start
from archive.stack.server import CannotStart, Server, answers
from archive.stack.servers import create_database, environment, servers

FLOOR_BYTES = 2 * 10**9
Say = Callable[[str], None]


def up(home: Home, port: int, say: Say) -> None:
    """Everything, from the servers to nginx; returns when all of it is well.

    Raises CannotStart. What is well by then goes on running: a second try is short, and
    `make stack-stop` ends it.
    """
    home.make()
    _look_before(home, port)
    engines, site = servers(home), parts(home, port)
    if all_run([*engines, *site]):
        for part in (*engines, *site):
            part.wait()
        say("It runs already. To start it with changed code: make stack-stop stack")
        say(describe(home, port))
        return
    say("starting PostgreSQL, Redis, Elasticsearch and the S3 server")
    start(engines)
    create_database(home)
    say("making database, buckets, index and pages ready")
    _make_ready(home, port)
    say("starting the site")
    start(site)
    if not _is_ready(port):
        raise CannotStart(
            f"nginx is there, but does not reach the site: see {home.folder('logs', 'web.log')}"
        )
    say(describe(home, port))


def site_environment(home: Home, port: int) -> dict[str, str]:
    """What the site reads: the servers, and folders of its own in the stack's home."""
    return environment(home) | {
        "DJANGO_SETTINGS_MODULE": "archive.settings.stack",
        "SECRET_KEY_FILE": str(home.secret("secret_key")),
        "SITE_ADDRESS": f"http://localhost:{port}",
        "PROXIES_IN_FRONT": "1",
        "DATA_DIR": str(home.folder("site")),
        "KEYS_DIR": str(home.folder("keys")),
        "JOURNAL_PATH": str(home.folder("journal", "tombstones.jsonl")),
        "MEDIA_WORK_DIR": str(home.folder("work")),
    }


def parts(home: Home, port: int) -> list[Server]:
    """nginx, gunicorn, the two workers and beat."""
    web = home.port("web")
    said = site_environment(home, port)

    def program(name: str, words: str, healthy: Callable[[], bool]) -> Server:
        command = [sys.executable, "-m", *words.split()]
        return Server(name, home, command, healthy, environment=said, folder=ROOT)

    def celery(name: str, words: str, connected: str) -> Server:
        # Celery has no address to ask at: its log says when it has reached the broker.
        log = home.folder("logs", f"{name}.log")
        return program(name, f"celery -A archive.background {words}", lambda: _says(log, connected))

    serve = f"gunicorn archive.wsgi --bind {HOST}:{web} --workers 2 --log-level warning"
    return [
        program("web", serve, lambda: _is_ready(web)),
        celery("light", "worker -n light@%h -Q default,light -c 2", "ready."),
        celery("media", "worker -n media@%h -Q media -c 1 --max-tasks-per-child 20", "ready."),
        celery("beat", "beat", "beat: Starting"),
        nginx(home, web, port, static=home.folder("site", "static")),
    ]


def describe(home: Home, port: int) -> str:
    """A table of the parts, and where to go."""
    rows = [("part", "address", "log")]
    for part in [*servers(home), *parts(home, port)]:
        at = home.known_port(part.name)
        rows.append((part.name, f"{HOST}:{at}" if at else "", _short(part.log)))
    widths = [max(len(row[column]) for row in rows) + 2 for column in (0, 1)]
    lines = [f"  {name:{widths[0]}}{at:{widths[1]}}{log}" for name, at, log in rows]
    sign_ins = home.folder("sign-ins.json")
    passwords = json.loads(sign_ins.read_text())
    lines += [
        "",
        f"  The site   http://localhost:{port}/",
        f"  The desk   http://localhost:{port}/admin/   as admin, password {passwords['admin']}",
        "  Letters    are files in " + _short(home.folder("site", "letters")),
        "  The end    make stack-stop",
    ]
    return "\n".join(lines)


def _look_before(home: Home, port: int) -> None:
    """What would go wrong half-way is said first."""
    free = shutil.disk_usage(home.path).free
    if free < FLOOR_BYTES:
        raise CannotStart(
            f"The disk that holds {home.path} has {free // 10**6} MB left, and the servers need "
            f"{FLOOR_BYTES // 10**6}. Make room, then try again."
        )
    door = Server.noted("nginx", home)
    if not door.pid():
        if answers(port):
            raise CannotStart(
                f"Something else uses port {port}. Stop it, or choose another: "
                f"make stack PORT={port + 1}"
            )
        home.keep_port("nginx", port)
    elif home.port("nginx") != port:
        raise CannotStart(
            f"It runs already, at port {home.port('nginx')}. To move it: make stack-stop first."
        )


def _make_ready(home: Home, port: int) -> None:
    log = home.folder("logs", "make-ready.log")
    command = [sys.executable, "manage.py", "make_ready", "--sign-ins"]
    with log.open("wb") as file:
        done = subprocess.run(
            [*command, home.folder("sign-ins.json")],
            env=os.environ | site_environment(home, port),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        last = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
        raise CannotStart(f"The site could not be made ready.\n{last}\n(from {log})")


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/readyz", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _says(log: Path, words: str) -> bool:
    return words in log.read_text(errors="replace")


def _short(path: Path) -> str:
    """From the project's folder, where that is shorter to type."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
