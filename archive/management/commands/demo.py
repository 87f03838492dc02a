"""Serve the site on this machine with its demonstration stories. Ctrl-C stops everything.

Starts a web server and the background workers, and fills the archive while it serves. What is
there already stays: a second start changes nothing.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from archive.demo import sections
from archive.demo.directory import fill_directory
from archive.demo.fill import Filler
from archive.demo.sign_ins import make_sign_ins
from archive.demo.stories import NOTICE

STOP_SECONDS = 10
BAR = 24


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--reset", action="store_true", help="Start over: throw it all away.")
        parser.add_argument("--until-filled", action="store_true", help="Stop when all is there.")

    def handle(self, *args, **options) -> None:
        port = options["port"]
        if is_taken(port):
            raise CommandError(
                f"Something else is using port {port}. Stop it, or choose another port with "
                f"manage.py demo --port {port + 1}"
            )
        self.home = Path(settings.DATA_DIR).parent / "demo"
        if options["reset"]:
            start_over(self.home)
        call_command("migrate", verbosity=0)
        call_command("set_up_site", verbosity=0)
        fill_directory()
        passwords = make_sign_ins(self.home / "sign-ins.json")
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        # A shell that started us in the background has made us deaf to it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        children = [
            start(
                "-m",
                "gunicorn",
                "archive.wsgi",
                "--bind",
                f"127.0.0.1:{port}",
                "--log-level",
                "warning",
            ),
            start("manage.py", "worker"),
        ]
        try:
            wait_for(port, children[0])
            self.greet(port, passwords)
            filler = threading.Thread(target=self.fill, daemon=True)
            filler.start()
            while all(child.poll() is None for child in children):
                filler.join(0.5)
                if options["until_filled"] and not filler.is_alive():
                    return
                time.sleep(0.1)
            raise CommandError("A part of the demonstration stopped; what it said stands above.")
        except KeyboardInterrupt:
            self.stdout.write("\nStopped. What was told is kept for the next time.")
        finally:
            stop(children)

    def greet(self, port: int, passwords: dict[str, str]) -> None:
        site = f"http://localhost:{port}"
        self.stdout.write(
            f"\n  The site        {site}/\n"
            f"  Share a story   {site}/share-your-story/\n"
            f"  The desk        {site}/admin/   as moderator, password {passwords['moderator']}\n"
            f"                  {' ' * len(site)}          or as admin, {passwords['admin']}\n"
            "\n  Ctrl-C stops everything.\n"
        )

    def fill(self) -> None:
        filler = Filler(self.home, "moderator", self.show)
        sections.build(self.home, filler.done)
        before = set(filler.done)
        if filler.done:
            self.stdout.write(f"  {len(filler.done)} demonstration stories are there already.")
        else:
            self.stdout.write("  Telling the demonstration stories; each appears when it is ready.")
        for sentence in filler.fill():
            self.stdout.write(f"\n  {sentence}")
        if set(filler.done) != before:
            sections.pick_stories(filler.done)
        self.stdout.write("\n  All there.")

    def show(self, sentence: str, done: int, of: int) -> None:
        """A progress bar that stays on its line; on paper, a line for each story that is done."""
        full = BAR * done // of
        line = f"  [{'#' * full}{'.' * (BAR - full)}] {done} of {of}  {sentence}"
        if self.stdout.isatty():
            width = shutil.get_terminal_size().columns - 1
            self.stdout.write("\r" + line[:width].ljust(width), ending="")
        elif sentence.endswith(("on the site", "is done")):
            self.stdout.write(line)
        self.stdout.flush()


def start(*arguments: str) -> subprocess.Popen:
    """A child in a session of its own, so that Ctrl-C reaches only us and we stop it in order."""
    environment = os.environ | {"SITE_NOTICE": NOTICE}
    return subprocess.Popen([sys.executable, *arguments], env=environment, start_new_session=True)


def stop(children: list[subprocess.Popen]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(port: int, server: subprocess.Popen, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_taken(port):
        if server.poll() is not None or time.monotonic() > deadline:
            raise CommandError("The web server did not start.")
        time.sleep(0.1)


def start_over(home: Path) -> None:
    """Throw away stories, keys, journal and sign-ins. Recordings stay: they are made alike."""
    for folder in (
        settings.DATA_DIR,
        settings.KEYS_DIR,
        settings.JOURNAL_PATH.parent,
        settings.MEDIA_WORK_DIR,
    ):
        shutil.rmtree(folder, ignore_errors=True)
    for file in home.glob("*.json"):
        file.unlink()
    settings.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True)
