"""Bytes over HTTP, whole or a range of them (RFC 9110, sections 13 and 14).

Whether they may be sent, and which, is decided here; who sends them is this thread or nginx.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseNotModified,
    StreamingHttpResponse,
)

BLOCK = 2**16
ONE_RANGE = re.compile(r"bytes\s*=\s*(\d*)-(\d*)", re.ASCII)
# What nginx reads as we do; it is stricter about spaces and about numbers beyond its own.
PLAIN_RANGE = re.compile(r"bytes=\d{0,18}-\d{0,18}", re.ASCII)
CONDITIONS = ("If-Range", "If-Match", "If-Unmodified-Since")


class NotSatisfiable(ValueError):
    """The range begins beyond the end."""


@dataclass(frozen=True)
class HandOver:
    """How nginx may send a file in our place. `address` gives its internal address of the file.

    With `sends_any_part` it sends the part that we name; else it reads the request's own headers,
    so that it is only asked for what it would read in them as we do.
    """

    address: Callable[[], str]
    sends_any_part: bool


def wanted(header: str, size: int) -> tuple[int, int] | None:
    """(first, last) byte of the one range asked for; None means send everything.

    What is malformed, or asks for several ranges, is answered whole, as the standard allows.
    Raises NotSatisfiable.
    """
    found = ONE_RANGE.fullmatch(header.strip())
    if not found or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:  # the last so many bytes
        count = int(last)
        if not count or not size:
            raise NotSatisfiable
        return max(0, size - count), size - 1
    begin, end = int(first), int(last) if last else size - 1
    if last and end < begin:
        return None
    if begin >= size:
        raise NotSatisfiable
    return begin, min(end, size - 1)


def respond(
    request: HttpRequest,
    *,
    open_: Callable[[], IO[bytes]],
    size: int,
    sha256: str,
    type_: str,
    hand_over: HandOver | None = None,
) -> HttpResponseBase:
    """The answer to GET or HEAD. `open_` gives a seekable file of `size` bytes.

    With `hand_over`, a GET for bytes is answered without any: nginx sends them, and finds the
    part to ask for in X-Part (see deploy/nginx.conf.template).
    """
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    etag = f'"{sha256}"'
    if _same(request.headers.get("If-None-Match", ""), etag):
        return _dressed(HttpResponseNotModified(), etag)
    part = None
    # If-Range with a date, or with another version's tag: the range would be of something else.
    if request.method == "GET" and request.headers.get("If-Range", etag) == etag:
        try:
            part = wanted(request.headers.get("Range", ""), size)
        except NotSatisfiable:
            refusal = HttpResponse(status=416)
            refusal["Content-Range"] = f"bytes */{size}"
            return _dressed(refusal, etag)
    begin, end = part or (0, size - 1)
    response: HttpResponseBase
    if request.method == "HEAD":
        response = HttpResponse(content_type=type_)
    elif hand_over and size and (hand_over.sends_any_part or _nginx_agrees(request, part)):
        response = HttpResponse(content_type=type_)
        response["X-Accel-Redirect"] = hand_over.address()
        if part:
            response["X-Part"] = f"bytes={begin}-{end}"
        response["Content-Disposition"] = "inline"
        _dressed(response, etag)
        if not part and not hand_over.sends_any_part:
            del response["Accept-Ranges"]  # nginx says it too, of a whole file of its own
        return response
    else:
        body = Part(open_(), begin, end - begin + 1)
        response = StreamingHttpResponse(body, status=206 if part else 200, content_type=type_)
    response["Content-Length"] = str(end - begin + 1)
    if part:
        response["Content-Range"] = f"bytes {begin}-{end}/{size}"
    response["Content-Disposition"] = "inline"
    return _dressed(response, etag)


def _nginx_agrees(request: HttpRequest, part: tuple[int, int] | None) -> bool:
    if any(name in request.headers for name in CONDITIONS):
        return False
    header = request.headers.get("Range")
    return header is None or bool(part and PLAIN_RANGE.fullmatch(header))


def _same(header: str, etag: str) -> bool:
    tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return etag in tags or header.strip() == "*"


def _dressed(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    # Kept by the reader alone, and asked for again each time: a withdrawal must be felt at once.
    response["Cache-Control"] = "private, no-cache"
    return response


class Part:
    """Some bytes of a file. Closed by the response also when nobody reads it."""

    def __init__(self, file: IO[bytes], begin: int, count: int):
        self.file, self.left = file, count
        file.seek(begin)

    def __iter__(self) -> Iterator[bytes]:
        while self.left > 0:
            block = self.file.read(min(BLOCK, self.left))
            if not block:
                return
            self.left -= len(block)
            yield block

    def close(self) -> None:
        self.file.close()
