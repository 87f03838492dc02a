"""Byte ranges as RFC 9110 has them, over a real file."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from media_pipeline import ranges

pytestmark = pytest.mark.django_db  # closing a response closes old connections
CONTENT = bytes(range(256)) * 1000
SHA = "f" * 64


@pytest.fixture
def ask(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(CONTENT)
    opened = []

    def open_():
        opened.append(path.open("rb"))
        return opened[-1]

    def send(method="get", **headers):
        request = getattr(RequestFactory(), method)("/x", headers=headers)
        return ranges.respond(
            request, open_=open_, size=len(CONTENT), sha256=SHA, type_="video/mp4"
        )

    yield send
    assert all(file.closed for file in opened), "a file stayed open"


def body(response) -> bytes:
    try:
        return response.getvalue()
    finally:
        response.close()


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=100-200", 100, 200),
        ("bytes=255990-", 255_990, 255_999),
        ("bytes=-5", 255_995, 255_999),
        ("bytes=-999999999", 0, 255_999),
        ("bytes=255000-999999999", 255_000, 255_999),
        ("bytes=60000-140000", 60_000, 140_000),
    ],
)
def test_one_range(ask, header, first, last):
    response = ask(Range=header)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/256000"
    assert response["Content-Length"] == str(last - first + 1)
    assert body(response) == CONTENT[first : last + 1]


@pytest.mark.parametrize("header", ["bytes=256000-", "bytes=999999-1000000", "bytes=-0"])
def test_a_range_beyond_the_end(ask, header):
    response = ask(Range=header)
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */256000")
    assert body(response) == b""


@pytest.mark.parametrize(
    "header", ["bytes=0-1,5-6", "bytes=9-3", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=²-"]
)
def test_what_is_malformed_or_several_is_answered_whole(ask, header):
    response = ask(Range=header)
    assert response.status_code == 200
    assert body(response) == CONTENT


def test_if_range_and_if_none_match(ask):
    mine, other = f'"{SHA}"', '"another"'
    for tag, status in ((mine, 206), (other, 200), ("Wed, 21 Oct 2026 07:28:00 GMT", 200)):
        response = ask(**{"Range": "bytes=0-9", "If-Range": tag})
        assert response.status_code == status
        response.close()
    assert ask(**{"If-None-Match": f"{other}, W/{mine}"}).status_code == 304
    response = ask(**{"If-None-Match": other})
    assert response.status_code == 200
    response.close()


def test_head_and_headers(ask):
    response = ask("head")
    assert (response.status_code, response["Content-Length"]) == (200, "256000")
    assert body(response) == b""
    assert response["Content-Type"] == "video/mp4"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Accept-Ranges"] == "bytes"
    assert response["ETag"] == f'"{SHA}"'
    assert ask("post").status_code == 405
