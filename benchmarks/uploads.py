"""What a long upload costs the web server: memory and time, beside a plain copy with SHA-256.

    UPLOAD_BYTES=5000000000 .venv/bin/python -m benchmarks.uploads

A real gunicorn on folders of its own takes a sound file that is made on the fly, in one PATCH of
the tus protocol, looks at it and keeps it. Everything it made is removed at the end. With
STORAGE=s3 and its settings in the environment the bytes go to buckets of its own.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import struct
import time
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.site import site

SIZE = int(os.environ.get("UPLOAD_BYTES", "0"))
BLOCK = 2**20
FORM = "/share-your-story/"
RESUMABLE = {"Tus-Resumable": "1.0.0"}


def film(size: int) -> Iterator[bytes]:
    """A WAV of so many bytes: eight channels at 96 kHz, so that hours are not too many.

    Above 4 GB the format has no length, and the largest number stands for it.
    """
    data = size - 44
    declared = min(data, 0xFFFFFFFF - 36)
    yield b"RIFF" + struct.pack("<I", 0xFFFFFFFF if declared < data else declared + 36) + b"WAVE"
    about = struct.pack("<IHHIIHH", 16, 1, 8, 96_000, 96_000 * 16, 16, 16)
    yield b"fmt " + about + b"data" + struct.pack("<I", declared)
    noise = os.urandom(BLOCK)
    for at in range(0, data, BLOCK):
        yield noise[: data - at]


class Visitor:
    """A contributor's browser, as far as this needs one."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, SimpleCookie()

    def ask(self, method: str, path: str, body=None, **headers: str):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=3600)
        said = "; ".join(f"{name}={one.value}" for name, one in self.cookies.items())
        token = self.cookies["csrftoken"].value if "csrftoken" in self.cookies else ""
        link.request(method, path, body, {"Cookie": said, "X-CSRFToken": token} | headers)
        answer = link.getresponse()
        answer.read()
        for one in answer.headers.get_all("Set-Cookie", ()):
            self.cookies.load(one)
        link.close()
        return answer

    def fill_in(self, page: str, **answers: str):
        self.ask("GET", FORM + page)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", FORM + page, urlencode(answers), **kind)


def memory(pid: int, name: str) -> int:
    """Bytes of a process: VmRSS is now, VmHWM the most there ever was."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


def worker_of(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    while not children.read_text().split():
        time.sleep(0.1)
    return int(children.read_text().split()[0])


def measure(visitor: Visitor, worker: int) -> None:
    visitor.fill_in("age/", adult="yes")
    visitor.fill_in("how/", kind="recording")
    visitor.ask("GET", FORM + "recording/")
    before = memory(worker, "VmRSS")
    begun = visitor.ask("POST", FORM + "incoming/", **RESUMABLE | {"Upload-Length": str(SIZE)})
    assert begun.status == 201, begun.status
    address = begun.headers["Location"]
    about = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    start = time.perf_counter()
    added = visitor.ask(
        "PATCH", address, film(SIZE), **RESUMABLE | about | {"Content-Length": str(SIZE)}
    )
    sent = time.perf_counter() - start
    assert added.status == 204, added.status
    after = memory(worker, "VmHWM")
    start = time.perf_counter()
    kept = visitor.fill_in("recording/", transcribe="no", incoming=address.split("/")[-2])
    looked = time.perf_counter() - start
    assert kept.status == 302, kept.status
    last = memory(worker, "VmHWM")
    print(f"sent:              {SIZE / 1e6 / sent:8.0f} MB/s   {sent:7.1f} s")
    print(f"looked at, kept:   {SIZE / 1e6 / looked:8.0f} MB/s   {looked:7.1f} s")
    mb = 2**20
    print(f"the worker: {before / mb:.1f} MB before, at most {(after - before) / mb:.1f} MB more")
    print(f"  while it was sent, and {(last - before) / mb:.1f} MB more until it was kept")


def plain_copy(folder: Path) -> None:
    start, digest = time.perf_counter(), hashlib.sha256()
    path = folder / "copy"
    with path.open("wb") as file:
        for block in film(SIZE):
            file.write(block)
            digest.update(block)
        file.flush()
        os.fsync(file.fileno())
    taken = time.perf_counter() - start
    path.unlink()
    print(f"copy with SHA-256: {SIZE / 1e6 / taken:8.0f} MB/s   {taken:7.1f} s")


def main() -> None:
    if not SIZE:
        raise SystemExit("Say how much: UPLOAD_BYTES=5000000000 (that many bytes of disk, twice).")
    with (
        site("uploads", UNFINISHED_BYTES_PER_STORY="1000000000000") as made,
        made.gunicorn() as (port, pid),
    ):
        plain_copy(made.room)
        visitor = Visitor(port)
        visitor.ask("GET", FORM)  # the worker is there, and warm
        measure(visitor, worker_of(pid))


if __name__ == "__main__":
    main()
