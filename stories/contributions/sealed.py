"""Everything that a contributor typed, sealed under their contribution's own key."""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict, dataclass, fields

from stories.contributions import keys


@dataclass
class Private:
    """What only the contributor and the moderators read. All texts; empty until given."""

    title: str = ""
    words: str = ""  # the written story, or what a recording is about
    shown_name: str = ""
    email: str = ""
    reply: str = ""  # what a moderator wrote to the contributor
    objection: str = ""  # what the contributor wrote back about a moderator's change
    asked_name: str = ""  # another name to show, until a moderator has looked at it
    language: str = ""  # that a written story is in, by its code; "" and "en" are English
    others: str = ""  # who else is in the recording, in the contributor's words, one a line


def seal(owner: uuid.UUID, private: Private) -> bytes:
    """Raises KeyDestroyed."""
    return keys.load(owner).encrypt(json.dumps(asdict(private)).encode())


def unseal(owner: uuid.UUID, sealed: bytes | memoryview | None) -> Private:
    """An empty Private where nothing was sealed, or where the key has been destroyed."""
    if not sealed:
        return Private()
    try:
        data = json.loads(keys.load(owner).decrypt(bytes(sealed)))
    except keys.KeyDestroyed:
        return Private()
    known = {field.name for field in fields(Private)}
    return Private(**{name: value for name, value in data.items() if name in known})


def seal_text(owner: uuid.UUID, text: str) -> bytes:
    """One short text by itself. Raises KeyDestroyed."""
    return keys.load(owner).encrypt(text.encode())


def unseal_text(owner: uuid.UUID, sealed: bytes | memoryview | None) -> str:
    """ "" where nothing was sealed, or where the key has been destroyed."""
    if not sealed:
        return ""
    try:
        return keys.load(owner).decrypt(bytes(sealed)).decode()
    except keys.KeyDestroyed:
        return ""
