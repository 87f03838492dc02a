"""Chapters inside an MP3: an ID3v2.3 tag that stands before its first frame.

https://id3.org/id3v2.3.0 and https://id3.org/id3v2-chapters-1.0. The MP3 files that are made here
carry no tag (graph.py), so that one before the bytes that were proven clean is a whole file again,
and holds of a person nothing but the titles that it was given.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import IO

Marks = Sequence[tuple[float, str]]  # (seconds, title), in order
MOST = 255  # a table holds its number of entries in one byte
_NO_OFFSET = b"\xff\xff\xff\xff"  # times count, not places in the file
_TOP_LEVEL_IN_ORDER = 0x03
_UTF_16 = b"\x01"


def id3_tag(marks: Marks, seconds: float) -> bytes:
    """The tag for chapters of a sound of so many seconds; nothing for none.

    Raises ValueError for more than MOST.
    """
    if not marks:
        return b""
    if len(marks) > MOST:
        raise ValueError(f"more than {MOST} chapters")
    names = [f"ch{number}".encode() + b"\0" for number in range(len(marks))]
    starts = [_milliseconds(start) for start, _ in marks]
    ends = [*starts[1:], max(_milliseconds(seconds), starts[-1])]
    head = bytes([_TOP_LEVEL_IN_ORDER, len(marks)])
    frames = [_frame(b"CTOC", b"toc\0" + head + b"".join(names))]
    for name, start, end, (_, title) in zip(names, starts, ends, marks, strict=True):
        times = start.to_bytes(4) + end.to_bytes(4) + _NO_OFFSET * 2
        heading = _frame(b"TIT2", _UTF_16 + title.encode("utf-16"))
        frames.append(_frame(b"CHAP", name + times + heading))
    body = b"".join(frames)
    return b"ID3\x03\x00\x00" + _seven_bits(len(body)) + body


class Tagged(io.RawIOBase):
    """A tag and the file after it, as one that can be read and sought in. Closes the file."""

    def __init__(self, tag: bytes, file: IO[bytes]):
        self._tag, self._file, self._place = tag, file, 0

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET:
            raise io.UnsupportedOperation("only from the beginning")
        self._place = offset
        self._file.seek(max(0, offset - len(self._tag)))
        return offset

    def read(self, size: int = -1) -> bytes:
        block = self._tag[self._place :] if size < 0 else self._tag[self._place :][:size]
        if size < 0 or len(block) < size:
            block += self._file.read(size if size < 0 else size - len(block))
        self._place += len(block)
        return block

    def close(self) -> None:
        self._file.close()
        super().close()


def _milliseconds(seconds: float) -> int:
    return min(round(seconds * 1000), 2**32 - 1)


def _frame(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4) + b"\0\0" + body


def _seven_bits(size: int) -> bytes:
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
