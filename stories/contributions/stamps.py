"""The signed stamp in a form that anybody may send: no puzzle, no script, no cookie.

It holds a number, so that a form sent twice counts once, and when the page was made: nobody reads
and writes faster than QUICKEST, and a machine that has to wait sends less.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.core import signing

QUICKEST = timedelta(seconds=2)
LONGEST = timedelta(hours=24)


class NotOurs(Exception):
    """Forged, made with a key that was changed meanwhile, or older than LONGEST."""


def new_stamp(form: str) -> str:
    """For one page with this form; `form` names it, so that no other form takes the stamp."""
    return _signer(form).sign(str(uuid.uuid4()))


def read_stamp(form: str, stamp: str) -> tuple[uuid.UUID, bool]:
    """The page's number, and whether it came back too quickly. Raises NotOurs."""
    try:
        number = uuid.UUID(_signer(form).unsign(stamp, max_age=LONGEST))
    except (signing.BadSignature, ValueError):
        raise NotOurs from None
    try:
        _signer(form).unsign(stamp, max_age=QUICKEST)
    except signing.SignatureExpired:
        return number, False
    return number, True


def _signer(form: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=form)
