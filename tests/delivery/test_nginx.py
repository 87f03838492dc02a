"""Through nginx every answer is the one that the site's own threads give, and nothing more."""

from __future__ import annotations

import json
import re

import pytest
from django.core.files.storage import storages

from archive.stack.nginx import nginx
from media_pipeline import storage
from media_pipeline.models import Rendition
from tests.delivery.conftest import Room, ask, free_port
from tests.faults import door_to

pytestmark = pytest.mark.stack

MIDDLE = "bytes=1000000-1999999"
REQUESTS = {
    "whole": {},
    "first byte": {"Range": "bytes=0-0"},
    "middle": {"Range": MIDDLE},
    "to the end": {"Range": "bytes=3145000-"},
    "from the first": {"Range": "bytes=0-"},
    "beyond the last": {"Range": "bytes=3145000-999999999999"},
    "beyond any number": {"Range": "bytes=3145000-" + "9" * 30},
    "suffix": {"Range": "bytes=-500"},
    "suffix longer than the file": {"Range": "bytes=-99999999"},
    "begins beyond": {"Range": "bytes=99999999-"},
    "empty suffix": {"Range": "bytes=-0"},
    "several": {"Range": "bytes=0-9,20-29"},
    "several, one beyond": {"Range": "bytes=0-9,99999999-"},
    "backwards": {"Range": "bytes=9-3"},
    "malformed": {"Range": "bytes=a-b"},
    "nothing asked": {"Range": "bytes=-"},
    "another unit": {"Range": "lines=1-2"},
    "shouted": {"Range": "BYTES=0-9"},
    "spaced": {"Range": "bytes = 0-9"},
    "not modified": {"If_None_Match": "{etag}"},
    "not modified, weakly": {"If_None_Match": 'W/{etag}, "b"'},
    "modified": {"If_None_Match": '"another"'},
    "modified, in part": {"If_None_Match": '"another"', "Range": MIDDLE},
    "if range holds": {"If_Range": "{etag}", "Range": MIDDLE},
    "if range fails": {"If_Range": '"another"', "Range": MIDDLE},
    "if range is a date": {"If_Range": "Wed, 21 Oct 2026 07:28:00 GMT", "Range": MIDDLE},
    "since a date": {"If_Modified_Since": "Wed, 21 Oct 2099 07:28:00 GMT"},
    "unless since a date": {"If_Unmodified_Since": "Wed, 21 Oct 1999 07:28:00 GMT"},
    "if match": {"If_Match": '"another"'},
    "with a cookie and a login": {"Cookie": "a=b", "Authorization": "Basic YTpi"},
    "compressed": {"Accept_Encoding": "gzip, br"},
}
TELLING = re.compile(
    rb"x-amz|signature|versity|bucket|credential|_s3/|_files/|127\.0\.0\.1:\d", re.I
)


def all_of(answer) -> bytes:
    return repr(sorted(answer.headers)).encode() + answer.body


def test_every_request_is_answered_as_the_site_itself_does(front, rendition):
    address, content = rendition
    etag = front.by_threads(address, "HEAD").header("etag")
    assert re.fullmatch('"[0-9a-f]{64}"', etag)
    for what, headers in REQUESTS.items():
        sent = {name: value.replace("{etag}", etag) for name, value in headers.items()}
        for method in ("GET", "HEAD"):
            ours = front.by_threads(address, method, **sent)
            theirs = front.through_nginx(address, method, **sent)
            assert theirs.status == ours.status, (what, method)
            assert theirs.body == ours.body, (what, method)
            assert theirs.headers == ours.headers, (what, method)
            if method == "GET" and ours.status == 206:
                first, last = re.match(r"bytes (\d+)-(\d+)/", ours.header("content-range")).groups()
                assert ours.body == content[int(first) : int(last) + 1], what
    whole = front.through_nginx(address)
    assert (whole.status, whole.body) == (200, content)
    said = dict(whole.headers)
    assert said["content-type"] == "audio/mpeg"
    assert said["content-disposition"] == "inline"
    assert said["cache-control"] == "private, no-cache"
    assert said["accept-ranges"] == "bytes"
    assert said["x-content-type-options"] == "nosniff"
    assert said["x-robots-tag"] == "noindex, noarchive, noai, noimageai"
    assert said["tdm-reservation"] == "1"


def test_the_bytes_come_from_nginx_and_not_from_a_thread(front, rendition, monkeypatch):
    address, content = rendition

    def refuse(*_):
        raise AssertionError("a thread read the file")

    monkeypatch.setattr(storage, "read", refuse)
    assert front.through_nginx(address).body == content
    assert front.through_nginx(address, Range="bytes=5-9").body == content[5:10]


def test_nothing_tells_where_the_bytes_lie(front, rendition, engine):
    address, _ = rendition
    store = storage.renditions()
    stored = Rendition.objects.get().stored
    for headers in ({}, {"Range": MIDDLE}, {"Range": "bytes=99999999-"}):
        answer = front.through_nginx(address, **headers)
        said = repr(sorted(answer.headers)).encode()
        assert not TELLING.search(said), said
        assert stored.encode() not in said
        if engine == "s3":
            assert store.bucket_name.encode() not in said


def test_internal_addresses_are_nothing_from_outside(front, rendition, engine):
    stored = Rendition.objects.get().stored
    inside = storage.address(storage.renditions(), "renditions", stored)
    for path in (inside, "/_s3/", "/_files/", "/_files/renditions", "/_files/../nginx/nginx.conf"):
        answer = ask(front.nginx_port, path)
        assert answer.status == 404, path
        assert not TELLING.search(all_of(answer)), path


def test_closed_a_moment_later_it_is_gone_at_once(front, rendition):
    address, content = rendition
    assert front.through_nginx(address).body == content
    Rendition.objects.update(released=False)
    answer = front.through_nginx(address)
    assert answer.status == 404
    assert answer.header("etag") == ""


def test_a_file_that_is_missing_is_a_plain_404(front, rendition, engine):
    address, _ = rendition
    storage.delete(storage.renditions(), Rendition.objects.get().stored)
    answer = front.through_nginx(address)
    assert answer.status == 404
    assert b"There is nothing at this address" in answer.body
    assert not TELLING.search(all_of(answer))


class TestWithoutTheS3Server:
    """nginx reaches it through a door; the site signs for the same address."""

    @pytest.fixture(params=["s3"])
    def engine(self, request) -> str:
        return request.param

    @pytest.fixture
    def door(self, settings):
        with door_to(storages["originals"].endpoint_url) as door:
            place = settings.STORAGES["renditions"]
            place = {**place, "OPTIONS": place["OPTIONS"] | {"endpoint_url": door.address}}
            settings.STORAGES = {**settings.STORAGES, "renditions": place}
            yield door
            door.open()

    @pytest.fixture
    def s3_address(self, door) -> str:
        return door.address

    @pytest.mark.parametrize("fault", ["shut", "busy"])
    def test_it_rests_without_a_word_of_why(self, door, front, rendition, fault):
        address, content = rendition
        assert front.through_nginx(address).body == content
        getattr(door, fault)()
        answer = front.through_nginx(address, Range=MIDDLE)
        assert answer.status == 503
        assert b"resting" in answer.body
        assert answer.header("retry-after") == "60"
        assert not TELLING.search(all_of(answer))
        door.open()
        assert front.through_nginx(address).body == content

    def test_a_signature_that_is_refused_names_nothing(self, front, rendition, settings):
        address, _ = rendition
        place = settings.STORAGES["renditions"]
        wrong = {**place, "OPTIONS": place["OPTIONS"] | {"secret_key": "wrong"}}
        right, settings.STORAGES = settings.STORAGES, {**settings.STORAGES, "renditions": wrong}
        answer = front.through_nginx(address)
        settings.STORAGES = right
        assert answer.status == 503
        assert b"<Error>" not in answer.body
        assert not TELLING.search(all_of(answer))


def test_static_files_come_without_the_site(front):
    answer = front.through_nginx("/static/page.0123456789ab.css")
    assert answer.header("content-type") == "text/css; charset=utf-8"
    assert "immutable" in answer.header("cache-control")
    assert answer.header("x-content-type-options") == "nosniff"
    assert front.through_nginx("/static/plain.js").header("cache-control") == "public, max-age=60"
    packed = front.through_nginx("/static/page.0123456789ab.css", Accept_Encoding="gzip")
    assert packed.header("content-encoding") == "gzip"
    assert front.through_nginx("/static/nothing.css").status == 404
    for path in ("/static/../nginx/nginx.conf", "/static/..%2fnginx/nginx.conf"):
        assert b"worker_processes" not in front.through_nginx(path).body


def test_the_site_knows_who_asks_and_how(front):
    """nginx adds the visitor's address, and passes on what a TLS proxy before it said."""

    def seen(**headers):
        return json.loads(front.through_nginx("/seen", **headers).body)

    assert seen() == ["localhost", "127.0.0.1", "http"]
    told = seen(X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="https")
    assert told == ["localhost", "203.0.113.9, 127.0.0.1", "https"]
    assert seen(X_Forwarded_Proto="nonsense")[2] == "http"


def test_what_is_sent_touches_no_disk_on_the_way(front):
    """A body larger than any buffer of nginx's arrives, and nginx has written nothing."""
    body = b"x" * 150_000
    answer = ask(front.nginx_port, "/sent", "POST", body=body)
    assert json.loads(answer.body) == len(body)
    written = [path for path in front.home.folder("nginx").rglob("*") if path.is_file()]
    assert {path.name for path in written} == {"nginx.conf", "nginx.pid"}


def test_what_is_too_large_for_nginx_is_refused_in_words(front):
    answer = ask(front.nginx_port, "/sent", "POST", body=b"x" * 250_000)
    assert answer.status == 413
    assert b"more than we can take" in answer.body


def test_a_site_that_is_away_rests(front, tmp_path):
    """nginx alone, with nobody behind it."""
    config = front.home.folder("nginx", "nginx.conf").read_text()
    assert f"server 127.0.0.1:{front.site_port};" in config
    home, port = Room(tmp_path / "alone"), free_port()
    alone = nginx(home, free_port(), port, static=tmp_path, s3_endpoint="http://127.0.0.1:9")
    alone.start()
    try:
        alone.wait()
        answer = ask(port, "/stories/")
    finally:
        alone.signal_end()
        alone.wait_end()
    assert answer.status == 503
    assert answer.header("retry-after") == "60"
    assert b"resting" in answer.body


def test_nothing_is_logged_of_a_visitor(front, rendition):
    address, _ = rendition
    for path in (address, "/stories/my-winter/", "/search/?q=sadness", "/static/none.css"):
        front.through_nginx(path, User_Agent="a telling browser")
    ask(front.nginx_port, "/" + "x" * 9000)
    said = front.logs()
    for word in ("released", "my-winter", "sadness", "none.css", "127.0.0.1", "telling", "xxxx"):
        assert word not in said, said
