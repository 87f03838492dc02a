"""Sealing a file under its owner's key, and reading what was sealed, a piece at a time.

libsodium's secret stream (XChaCha20-Poly1305) seals each piece with its place in the file, and
marks the last: what was changed, cut short, put in another order or lengthened is refused. Each
file has a key of its own, made of the owner's and a random salt (HKDF, RFC 5869). Who an owner is,
and where keys are kept, is known to MEDIA_KEY_OF alone.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from typing import IO, Any
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.module_loading import import_string
from nacl import bindings, exceptions

from media_pipeline.errors import Damaged, KeyGone, StoreFailed

MARK = b"sealed1\n"  # what the file begins with; then the salt, the stream's head and the pieces
SALT_BYTES = 32
HEAD_BYTES = bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES
PIECE_BYTES = 2**18
MORE_BYTES = bindings.crypto_secretstream_xchacha20poly1305_ABYTES  # than was in the piece
MESSAGE = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
FINAL = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL


def key_of(owner: UUID) -> bytes:
    """The owner's 32 secret bytes. Raises KeyGone, and StoreFailed where keys can't be read."""
    try:
        return import_string(settings.MEDIA_KEY_OF)(owner)
    except LookupError:
        raise KeyGone("The key that it was sealed under has been destroyed.") from None
    except OSError as error:
        raise StoreFailed(f"The keys can't be read: {type(error).__name__}.") from None


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    """What is in an open file, in pieces of the size that `seal` takes."""
    return iter(lambda: file.read(PIECE_BYTES), b"")


def seal(pieces: Iterable[bytes], secret: bytes, about: UUID) -> Iterator[bytes]:
    """The pieces sealed, all of PIECE_BYTES but the last. Who opens them has to know what they
    are `about`."""
    salt = os.urandom(SALT_BYTES)
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    key = _file_key(secret, salt, about)
    head = bindings.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    yield MARK + salt + head
    before = b""
    for piece in pieces:
        yield bindings.crypto_secretstream_xchacha20poly1305_push(state, before, None, MESSAGE)
        before = piece
    yield bindings.crypto_secretstream_xchacha20poly1305_push(state, before, None, FINAL)


def unseal(file: IO[bytes], secret: bytes, about: UUID) -> Iterator[bytes]:
    """What was sealed, a piece at a time. Raises Damaged where it is not what was sealed, and
    then what came before must not be used either. Errors of `file` itself pass through."""
    if file.read(len(MARK)) != MARK:
        raise Damaged
    key = _file_key(secret, file.read(SALT_BYTES), about)
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    tag = MESSAGE
    try:
        head = file.read(HEAD_BYTES)
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, head, key)
        sealed = file.read(MORE_BYTES)  # the empty piece that every stream begins with
        while sealed:
            piece, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(state, sealed)
            yield piece
            sealed = file.read(PIECE_BYTES + MORE_BYTES)
    except exceptions.CryptoError:  # also where a piece is too short to be one
        raise Damaged from None
    if tag != FINAL:
        raise Damaged


class Unsealed(io.RawIOBase):
    """What was sealed, as an open file that is read from its beginning. Closes `file`."""

    def __init__(self, file: IO[bytes], secret: bytes, about: UUID) -> None:
        self.file, self.pieces, self.left = file, unseal(file, secret, about), memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.left:
            piece = next(self.pieces, None)
            if piece is None:
                return 0
            self.left = memoryview(piece)
        count = min(len(buffer), len(self.left))
        buffer[:count], self.left = self.left[:count], self.left[count:]
        return count

    def close(self) -> None:
        self.file.close()
        super().close()


def _file_key(secret: bytes, salt: bytes, about: UUID) -> bytes:
    return HKDF(SHA256(), 32, salt, b"a recording as it was sent: " + about.bytes).derive(secret)
