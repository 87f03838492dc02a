"""A real nginx in front of the real site, and the same questions asked of both."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.files.storage import storages

from archive.stack.nginx import nginx
from archive.stack.places import Home
from media_pipeline import api, storage
from media_pipeline.models import MediaAsset, Rendition

ALWAYS_DIFFERENT = {"connection", "date", "keep-alive", "server"}


class Room(Home):
    """A stack's home that is a test's own folder."""

    def __init__(self, path: Path) -> None:
        self.path = self.link = path


@dataclass(frozen=True)
class Answer:
    status: int
    headers: frozenset[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return dict(self.headers).get(name, "")


@dataclass
class Front:
    """nginx, and the site behind it, which can be asked alone too."""

    settings: object
    site_port: int
    nginx_port: int
    home: Home

    def through_nginx(self, path: str, method: str = "GET", **headers: str) -> Answer:
        self.settings.DELIVERY = "nginx"
        return ask(self.nginx_port, path, method, headers)

    def by_threads(self, path: str, method: str = "GET", **headers: str) -> Answer:
        self.settings.DELIVERY = "threads"
        return ask(self.site_port, path, method, headers)

    def logs(self) -> str:
        folder = self.home.folder("logs")
        return "".join(path.read_text(errors="replace") for path in folder.iterdir())


def ask(
    port: int,
    path: str,
    method: str = "GET",
    headers: dict | None = None,
    body: bytes | None = None,
) -> Answer:
    """One request, by a connection of its own. Headers that always differ are left out."""
    sent = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as link:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # refused while we send
            link.request(method, path, body=body, headers={"Host": "localhost", **sent})
        answer = link.getresponse()
        given = answer.read()
        seen = [(name.lower(), value) for name, value in answer.getheaders()]
    kept = [pair for pair in seen if pair[0] not in ALWAYS_DIFFERENT]
    assert len(kept) == len({name for name, _ in kept}), f"said twice: {kept}"
    return Answer(answer.status, frozenset(kept), given)


@pytest.fixture(autouse=True)
def _site(site, settings):
    settings.ROOT_URLCONF = "tests.delivery.urls"


@pytest.fixture(params=["files", "s3"])
def engine(request, settings, tmp_path) -> str:
    """Where the renditions lie in this test."""
    if request.param == "files":
        place = {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "media" / "renditions"},
        }
        settings.STORAGES = {**settings.STORAGES, "renditions": place}
    return request.param


@pytest.fixture
def s3_address() -> str:
    """Where nginx looks for the S3 server."""
    return storages["originals"].endpoint_url


@pytest.fixture
def front(live_server, settings, tmp_path, s3_address) -> Iterator[Front]:
    home = Room(tmp_path)
    port = free_port()
    static = tmp_path / "static"
    static.mkdir()
    (static / "page.0123456789ab.css").write_text("p { color: green }\n" * 100)
    (static / "plain.js").write_text("'plain'\n")
    server = nginx(
        home,
        live_server.thread.port,
        port,
        static=static,
        files=tmp_path / "media",
        s3_endpoint=s3_address,
        max_body_bytes=200_000,
    )
    server.start()
    try:
        server.wait()
        yield Front(settings, live_server.thread.port, port, home)
    finally:
        server.signal_end()
        server.wait_end()


@pytest.fixture
def rendition(engine, tmp_path) -> Iterator[tuple[str, bytes]]:
    """(address, bytes) of a released rendition; its asset is erased afterwards."""
    content = os.urandom(3 * 2**20 + 17)
    path = tmp_path / "made"
    path.write_bytes(content)
    asset = MediaAsset.objects.create(
        kind="audio",
        container="mp3",
        bytes=len(content),
        sha256="0" * 64,
        seconds=1,
        has_picture=False,
        has_sound=True,
    )
    row = Rendition(asset=asset, name="story.mp3", content_type="audio/mpeg", bytes=len(content))
    row.sha256, row.proven_clean, row.released = storage.sha256(path), True, True
    row.stored = storage.keep(storage.renditions(), asset.pk, path, row.content_type)
    row.save()
    yield f"/released/{asset.pk}/story.mp3", content
    api.erase(uuid.UUID(str(asset.pk)))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
