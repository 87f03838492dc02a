"""The only code that talks to clamd, ClamAV's daemon, in its INSTREAM protocol (clamd(8))."""

from __future__ import annotations

import socket
from collections.abc import Iterable

from django.conf import settings

from media_pipeline.errors import ScannerAway

CONNECT_SECONDS = 3
ANSWER_SECONDS = 600  # it begins to look only once all has come
SIZE_LIMIT = "INSTREAM size limit exceeded"
# With AlertExceedsMax it says so of what it did not look at to the end.
NOT_SEEN_WHOLE = "Heuristics.Limits.Exceeded"
LARGEST_BYTES = 2 * 10**9  # ClamAV can't look at a larger file, whatever it is told


class NotScanned(Exception):
    """It is more than this scanner looks at. Nothing is known of it."""


def is_wanted() -> bool:
    """Whether there is a scanner here, without whom nothing may pass."""
    return bool(settings.CLAMAV)


def scan(pieces: Iterable[bytes]) -> str:
    """ "" where nothing was found; else what clamd calls it. Raises NotScanned, ScannerAway."""
    with _connected() as link:
        cut_off = False
        try:
            link.sendall(b"zINSTREAM\0")
            for piece in pieces:
                link.sendall(len(piece).to_bytes(4, "big") + piece)
            link.sendall(bytes(4))
        except ConnectionError:  # at its limit it hangs up; what it said is still to be read
            cut_off = True
        answer = _answer(link)
    if SIZE_LIMIT in answer:
        raise NotScanned
    if not cut_off and answer == "stream: OK":
        return ""
    if answer.endswith(" FOUND"):
        found = answer.removeprefix("stream: ").removesuffix(" FOUND")
        if found.startswith(NOT_SEEN_WHOLE):
            raise NotScanned
        return found
    raise ScannerAway("The virus scanner gave no answer that we understand.")


def problem() -> str:
    """ "" where it answers, or none is wanted; else what is wrong and what to do."""
    if not is_wanted():
        return ""
    try:
        with _connected() as link:
            link.sendall(b"zPING\0")
            if _answer(link) == "PONG":
                return ""
    except OSError:
        pass
    return (
        f"clamd does not answer at {settings.CLAMAV}: recordings wait, and none is prepared. "
        "Start it, or correct CLAMAV."
    )


def notice() -> str:
    """ "" unless recordings may be larger than a scanner can look at."""
    if not is_wanted() or settings.MAX_UPLOAD_BYTES <= LARGEST_BYTES:
        return ""
    return (
        "ClamAV looks at no file above 2 GB, and such a recording would wait for ever. "
        f"Set MAX_UPLOAD_BYTES to {LARGEST_BYTES}."
    )


def _connected() -> socket.socket:
    kind, _, place = settings.CLAMAV.partition(":")
    try:
        if kind == "unix":
            link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            link.settimeout(CONNECT_SECONDS)
            link.connect(place)
        else:
            host, _, port = place.rpartition(":")
            link = socket.create_connection((host, int(port)), CONNECT_SECONDS)
    except OSError as error:
        raise ScannerAway(f"The virus scanner is away: {type(error).__name__}.") from None
    link.settimeout(ANSWER_SECONDS)
    return link


def _answer(link: socket.socket) -> str:
    said = b""
    try:
        while not said.endswith(b"\0") and (more := link.recv(4096)):
            said += more
    except OSError as error:
        raise ScannerAway(f"The virus scanner went away: {type(error).__name__}.") from None
    return said.rstrip(b"\0").decode(errors="replace").strip()
