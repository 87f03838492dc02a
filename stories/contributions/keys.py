"""One encryption key a contribution, in a store of its own.

The store is outside every backup set: destroying a key makes what it sealed unreadable in the
database and in each copy ever made of it. Fernet (AES-128-CBC with HMAC-SHA256) seals.
"""

from __future__ import annotations

import base64
import os
import uuid
from pathlib import Path

from cryptography.fernet import Fernet
from django.conf import settings


class KeyDestroyed(LookupError):
    """The key is gone, so what it sealed can't be read by anyone."""


def _path(owner: uuid.UUID) -> Path:
    return Path(settings.KEYS_DIR) / f"{owner}.key"


def create(owner: uuid.UUID) -> None:
    """Make a key, readable by this account only, on disk before it is first used."""
    folder = Path(settings.KEYS_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(_path(owner), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(Fernet.generate_key())
        file.flush()
        os.fsync(file.fileno())


def exists(owner: uuid.UUID) -> bool:
    return _path(owner).exists()


def load(owner: uuid.UUID) -> Fernet:
    """Raises KeyDestroyed."""
    try:
        return Fernet(_path(owner).read_bytes())
    except FileNotFoundError:
        raise KeyDestroyed from None


def secret(owner: uuid.UUID) -> bytes:
    """The key itself, 32 bytes, to make others of: recordings are sealed under those.

    Raises KeyDestroyed; OSError where the store of keys can't be read, which says nothing of keys.
    """
    os.stat(settings.KEYS_DIR)
    try:
        return base64.urlsafe_b64decode(_path(owner).read_bytes())
    except FileNotFoundError:
        raise KeyDestroyed from None


def destroy(owner: uuid.UUID) -> None:
    """Overwrite and unlink. Doing it twice is harmless."""
    path = _path(owner)
    if not path.exists():
        return
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink(missing_ok=True)
