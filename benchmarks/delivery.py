"""A recording through the gate, beside nginx serving the same file: `make bench-delivery`.

A story goes through the real form, the real pipeline and the desk; then the same requests are
sent, by turns, to nginx for a plain copy of the rendition, to the gate by threads, and to the gate
behind nginx (X-Accel). The gate's share is what it costs to ask consent for every request.
"""

from __future__ import annotations

import http.client
import os
import shutil
import statistics
import subprocess
import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from archive.stack.nginx import nginx
from archive.stack.places import Home
from benchmarks.site import HOST, Site, free_port, site

SECONDS = int(os.environ.get("BENCH_SECONDS", "1800"))  # of sound: 29 MB of MP3
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "60"))
# What a player asks for when somebody jumps. Just below the largest packet of the loopback: what is
# a little larger waits 40 ms for an acknowledgement that no real network makes it wait for.
PART = 60_000
PIECES = 8  # parts of the whole, as a player takes them

TELL = """
import sys
from pathlib import Path
from tests.people import Contributor, Moderator, work
contributor = Contributor().tell(recording=Path(sys.argv[1]), transcribe="no")
work()
moderator = Moderator.appointed()
moderator.approve(moderator.waiting()[0])
work()
from media_pipeline.models import Rendition
from stories.pages.models import StoryPage
sound = Rendition.objects.get(name="story.mp3")
print(StoryPage.objects.public().get().url + "media/story.mp3", sound.stored, sound.bytes)
"""


@dataclass(frozen=True)
class Way:
    """Where the same bytes are asked for."""

    name: str
    port: int
    path: str


class Room(Home):
    """nginx's folder, in the benchmark's own."""

    def __init__(self, path: Path) -> None:
        self.path = self.link = path


def main() -> None:
    with site("delivery") as made, ExitStack() as running:
        address, stored, size = told(made)
        static = made.room / "static"
        static.mkdir()
        shutil.copy(made.room / "data" / "media" / "renditions" / stored, static / "story.mp3")
        by_threads, _ = running.enter_context(made.gunicorn())
        behind, _ = running.enter_context(made.gunicorn(DELIVERY="nginx"))
        front = nginx(
            Room(made.room / "front"),
            behind,
            port := free_port(),
            static=static,
            files=made.room / "data" / "media",
            s3_endpoint=f"http://{HOST}:9",
        )
        front.start()
        running.callback(front.wait_end)
        running.callback(front.signal_end)
        front.wait()
        ways = [
            Way("nginx, a plain file", port, "/static/story.mp3"),
            Way("the gate behind nginx", port, address),
            Way("the gate by threads", by_threads, address),
        ]
        print(f"{size / 1e6:.1f} MB of MP3, {ROUNDS} rounds by turns, medians")
        show("a part of 60 kB, milliseconds", *measure(ways, size, part))
        show("the whole in 8 parts, MB/s", *measure(ways, size, whole), lower_is_better=False)


def told(made: Site) -> tuple[str, str, int]:
    """(address, stored name, bytes) of the MP3 of a story that went all the way."""
    source = made.room / "tone.wav"
    tone = f"sine=f=220:r=44100:d={SECONDS}"
    command = ["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", tone, "-ac", "2"]
    subprocess.run([*command, str(source)], check=True)
    address, stored, size = made.python(TELL, str(source)).split()[-3:]
    source.unlink()
    return address, stored, int(size)


def part(link: http.client.HTTPConnection, way: Way, size: int, number: int) -> float:
    """Milliseconds for one part, at a place of its own each time."""
    begin = (number * 7919 * PART) % (size - PART)
    started = time.perf_counter()
    _get(link, way.path, begin, begin + PART - 1)
    return (time.perf_counter() - started) * 1000


def whole(link: http.client.HTTPConnection, way: Way, size: int, number: int) -> float:
    """MB/s over the whole of it."""
    step = -(-size // PIECES)
    started = time.perf_counter()
    for begin in range(0, size, step):
        _get(link, way.path, begin, min(begin + step, size) - 1)
    return size / 1e6 / (time.perf_counter() - started)


def _get(link: http.client.HTTPConnection, path: str, begin: int, end: int) -> None:
    link.request("GET", path, headers={"Range": f"bytes={begin}-{end}", "Host": "localhost"})
    answer = link.getresponse()
    given = answer.read()
    assert (answer.status, len(given)) == (206, end - begin + 1), answer.status


def measure(ways: list[Way], size: int, ask) -> tuple[list[str], list[float]]:
    links = {way: http.client.HTTPConnection(HOST, way.port, timeout=60) for way in ways}
    taken = defaultdict(list)
    for number in range(-3, ROUNDS):
        for way in ways:
            figure = ask(links[way], way, size, abs(number))
            if number >= 0:  # the first three warm up
                taken[way].append(figure)
    return [way.name for way in ways], [statistics.median(taken[way]) for way in ways]


def show(what: str, names: list[str], figures: list[float], lower_is_better: bool = True) -> None:
    print(f"\n{what}")
    for name, figure in zip(names, figures, strict=True):
        ratio = figure / figures[0] if lower_is_better else figures[0] / figure
        print(f"  {name:24}{figure:10.2f}{ratio:8.2f} x")


if __name__ == "__main__":
    main()
