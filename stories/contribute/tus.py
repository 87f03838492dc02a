"""Large files over a bad connection: the tus protocol 1.0.0, for the draft whose cookie comes.

https://tus.io/protocols/resumable-upload, with creation, deferred length (for a recording that is
still being made), checksum, expiration and termination.
A body is read in blocks and handed on, so that a worker holds little of it however long it is.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext_lazy as _

from media_pipeline import api as media
from stories.contribute.receiving import TOO_OFTEN, too_big
from stories.contribute.views import draft_from
from stories.contributions.models import Contribution
from stories.contributions.places import is_too_often, names_of_place

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-defer-length,expiration,checksum,termination"
BLOCK = 256 * 1024  # bytes; a connection that breaks can lose so many of those that came
BODY_TYPE = "application/offset+octet-stream"
FINGERPRINT = re.compile(r"[0-9a-f]{64}")
NUMBER = re.compile(r"\d{1,15}", re.ASCII)
RETRY_SECONDS = "10"

NO_DRAFT = _(
    "This story was sent or thrown away in another window, or has waited for too long. So we did "
    "not take the file."
)
GONE = _("This upload is not here any more. Please choose the file again.")
AWAY = _(
    "We can't take more of your file just now: the fault is ours, not yours. What has arrived is "
    "safe, and nothing you wrote is lost. Please go on in a few minutes."
)
EMPTY = _("That file is empty. Choose a video or sound recording, or write your story instead.")


class Refusal(Exception):
    """`status` is HTTP's; `sentence` is for people where a person can do something about it."""

    def __init__(self, status: int, sentence: str = "", **headers: str) -> None:
        super().__init__(status)
        self.status, self.sentence, self.headers = status, sentence, headers


def files(request: HttpRequest) -> HttpResponse:
    """Where an upload is begun."""
    return _answer(request, {"POST": _begin})


def file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """One upload: how far it is, more of it, or its end."""
    ways = {"HEAD": _look, "PATCH": _add, "DELETE": _end}
    return _answer(request, {name: partial(way, file_id=file_id) for name, way in ways.items()})


def _answer(
    request: HttpRequest, ways: dict[str, Callable[[HttpRequest], HttpResponse]]
) -> HttpResponse:
    method = request.method or ""
    if method == "POST":  # for senders that may say nothing else; only what is checked for forgery
        method = request.headers.get("X-HTTP-Method-Override", method).upper()
    try:
        if method == "OPTIONS":
            response = _options()
        elif method not in ways:
            raise Refusal(405, Allow=", ".join([*ways, "OPTIONS"]))
        elif request.headers.get("Tus-Resumable") != VERSION:
            raise Refusal(412, **{"Tus-Version": VERSION})
        else:
            response = ways[method](request)
    except Refusal as refusal:
        response = _say(refusal)
    except media.incoming.UploadExpired:
        response = _say(Refusal(410, str(GONE)))
    except media.incoming.UnknownUpload:
        response = _say(Refusal(404, str(GONE)))
    except OSError:
        response = _say(Refusal(503, str(AWAY), **{"Retry-After": RETRY_SECONDS}))
    response["Tus-Resumable"] = VERSION
    response["Cache-Control"] = "no-store"
    return response


def _say(refusal: Refusal) -> HttpResponse:
    plain = "text/plain; charset=utf-8"
    return HttpResponse(
        refusal.sentence, status=refusal.status, content_type=plain, headers=refusal.headers
    )


def _options() -> HttpResponse:
    said = {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Max-Size": str(settings.MAX_UPLOAD_BYTES),
        "Tus-Checksum-Algorithm": ",".join(media.incoming.ALGORITHMS),
    }
    return HttpResponse(status=204, headers=said)


def _begin(request: HttpRequest) -> HttpResponse:
    draft = _draft(request)
    length = _length(request)
    if length is None and request.headers.get("Upload-Defer-Length") != "1":
        raise Refusal(400)
    if is_too_often(request, "upload", settings.UPLOADS_PER_PLACE_PER_DAY, timedelta(days=1)):
        raise Refusal(429, str(TOO_OFTEN))
    with _as_refusals():
        begun = media.incoming.begin(
            draft.contributor_key, length, _places(request), _fingerprint(request)
        )
    # A draft of which a file is coming is not one that nobody came back to.
    Contribution.objects.filter(pk=draft.pk).update(saved_at=timezone.now())
    response = HttpResponse(status=201)
    response["Location"] = reverse("share_incoming_file", args=[begun.id])
    return _with_facts(response, begun)


def _look(request: HttpRequest, file_id: UUID) -> HttpResponse:
    found = media.incoming.find(file_id, _draft(request).contributor_key)
    response = HttpResponse(status=200)
    if found.growing:
        response["Upload-Defer-Length"] = "1"
    else:
        response["Upload-Length"] = str(found.length)
    return _with_facts(response, found)


def _add(request: HttpRequest, file_id: UUID) -> HttpResponse:
    draft = _draft(request)
    if request.content_type != BODY_TYPE:
        raise Refusal(415)
    offset, size = _number(request, "Upload-Offset"), _size(request)
    checksum, length, places = _checksum(request), _length(request), _places(request)
    blocks = _blocks(request)
    try:
        with _as_refusals():
            there = media.incoming.append(
                file_id, draft.contributor_key, offset, blocks, size, checksum, length, places
            )
    except (media.incoming.WrongOffset, media.incoming.UploadBusy) as conflict:
        raise Refusal(409) from conflict
    except media.incoming.TooLong as more:
        raise Refusal(413, too_big()) from more
    except media.incoming.WrongLength as other:
        raise Refusal(400) from other
    except media.incoming.WrongChecksum as wrong:
        raise Refusal(460) from wrong
    return _with_facts(HttpResponse(status=204), there)


@contextmanager
def _as_refusals() -> Iterator[None]:
    """What can't be accepted now, in words for a person."""
    try:
        yield
    except media.incoming.NoRoom as full:
        raise Refusal(507, full.sentence) from full
    except media.incoming.NotAccepted as refused:
        raise Refusal(429, refused.sentence) from refused


def _end(request: HttpRequest, file_id: UUID) -> HttpResponse:
    media.incoming.end(file_id, _draft(request).contributor_key)
    return HttpResponse(status=204)


def _with_facts(response: HttpResponse, upload: media.incoming.IncomingInfo) -> HttpResponse:
    response["Upload-Offset"] = str(upload.offset)
    response["Upload-Expires"] = http_date(upload.expires.timestamp())
    return response


def _draft(request: HttpRequest) -> Contribution:
    draft = draft_from(request)
    if draft is None:
        raise Refusal(403, str(NO_DRAFT))
    return draft


def _places(request: HttpRequest) -> list[str]:
    return names_of_place(request, settings.UNFINISHED_UPLOAD_DAYS + 1)


def _blocks(request: HttpRequest) -> Iterator[bytes]:
    """The body as it comes. Where the connection breaks it just ends."""
    try:
        while block := request.read(BLOCK):
            yield block
    except UnreadablePostError:
        return


def _number(request: HttpRequest, name: str, status: int = 400) -> int:
    said = request.headers.get(name, "")
    if not NUMBER.fullmatch(said):
        raise Refusal(status)
    return int(said)


def _size(request: HttpRequest) -> int:
    """Of this body. A browser says nothing at all of one that is empty (RFC 9112, 6.3)."""
    told = request.headers.get("Content-Length") or request.headers.get("Transfer-Encoding")
    if not told:
        return 0
    return _number(request, "Content-Length", 411)


def _length(request: HttpRequest) -> int | None:
    """Of the whole file; None where it is not told yet."""
    if "Upload-Length" not in request.headers:
        return None
    if "Upload-Defer-Length" in request.headers:
        raise Refusal(400)
    length = _number(request, "Upload-Length")
    if not length:
        raise Refusal(400, str(EMPTY))
    if length > settings.MAX_UPLOAD_BYTES:
        raise Refusal(413, too_big())
    return length


def _checksum(request: HttpRequest) -> tuple[str, bytes] | None:
    """Upload-Checksum: an algorithm's name, a space, and the digest in base 64."""
    said = request.headers.get("Upload-Checksum")
    if said is None:
        return None
    name, _, digest = said.partition(" ")
    if name not in media.incoming.ALGORITHMS:
        raise Refusal(400)
    try:
        return name, base64.b64decode(digest, validate=True)
    except binascii.Error as error:
        raise Refusal(400) from error


def _fingerprint(request: HttpRequest) -> str:
    """Upload-Metadata is a list of names and base 64. Of all that could be sent one is looked at:
    the hash by which the page tells that the same file was chosen again."""
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        name, _, value = pair.strip().partition(" ")
        if name == "fingerprint":
            try:
                found = base64.b64decode(value, validate=True).decode("ascii")
            except (binascii.Error, UnicodeDecodeError) as error:
                raise Refusal(400) from error
            if not FINGERPRINT.fullmatch(found):
                raise Refusal(400)
            return found
    return ""
