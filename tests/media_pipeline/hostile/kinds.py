"""Files that are two things at once, and files of kinds that nobody sends."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile

from PIL import Image

from tests import recordings
from tests.media_pipeline.hostile.build import (
    CUT,
    NO,
    REF,
    Made,
    box,
    changed,
    element,
    film,
    noise,
    raw,
    sound,
    text,
    webm,
)


def _zip(names: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        for name, body in names.items():
            bundle.writestr(name, body)
    return out.getvalue()


def _tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as bundle:
        about = tarfile.TarInfo("../../film.mp4")
        about.size = len(film())
        bundle.addfile(about, io.BytesIO(film()))
    return out.getvalue()


SCRIPT = b"<script>alert('SAID BY A STRANGER')</script>"
SHELL = b"\n#!/bin/sh\necho SAID BY A STRANGER\n"


def _wav_with_page() -> bytes:
    song = sound("wav")
    note = b"LIST" + struct.pack("<I", 4 + 8 + len(SCRIPT)) + b"INFO"
    note += b"ICMT" + struct.pack("<I", len(SCRIPT)) + SCRIPT
    grown = struct.unpack_from("<I", song, 4)[0] + len(note)
    return song[:4] + struct.pack("<I", grown) + song[8:12] + note + song[12:]


POLYGLOTS: dict[str, tuple[set[str], Made]] = {
    "mp4 and zip": (CUT | {"taken"}, raw(lambda: film() + _zip({"a.exe": b"MZ"}))),
    "zip and mp4": (NO | CUT, raw(lambda: _zip({"a": b"x"}) + film())),
    "mp4 and a shell script": (CUT | {"taken"}, raw(lambda: film() + SHELL)),
    "mp4 with a page in a free box": ({"taken"}, raw(lambda: film() + box(b"free", SCRIPT))),
    "wav with a page in its notes": ({"taken"}, raw(_wav_with_page)),
    "pdf and mp3": (NO | {"taken"}, raw(lambda: b"%PDF-1.7\n%\xe2\xe3\n" + sound("mp3"))),
    "a page and mp3": (NO | {"taken"}, raw(lambda: SCRIPT + sound("mp3"))),
    "mp3 and a page": (CUT | {"taken"}, raw(lambda: sound("mp3") + SCRIPT * 50)),
    "mkv that holds a program": (
        CUT | NO | {"taken"},
        raw(
            lambda: (
                webm()
                + element(
                    "1941A469",
                    element("61A7", element("466E", b"run.sh") + element("465C", SHELL)),
                )
            )
        ),
    ),
    "zip that holds a film": (NO, raw(lambda: _zip({"../../film.mov": film()}))),
    "tar that holds a film": (NO | CUT, raw(_tar)),
    "gzip of a film": (NO, raw(lambda: gzip.compress(film()))),
}


# Of other kinds.


def _by_ffmpeg(kind: str, *options: str) -> Made:
    return raw(
        lambda: recordings.make(
            kind, 1, picture="testsrc2=s=96x64:r=5", options=("-t", "0.6", *options), voice=False
        ).read_bytes()
    )


def _picture(kind: str, size: tuple[int, int], **options) -> bytes:
    out = io.BytesIO()
    Image.new("L", size).save(out, kind, **options)
    return out.getvalue()


def _animated(kind: str) -> Made:
    def make() -> bytes:
        out = io.BytesIO()
        frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue", "green")]
        frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=200)
        return out.getvalue()

    return raw(make)


def _encrypted() -> bytes:
    """As a shop's film: the picture's kind is hidden behind `encv` (ISO 14496-12, 8.12)."""

    def entry(body: bytes) -> bytes:
        at = body.index(b"avc1")
        length = struct.unpack_from(">I", body, at - 4)[0]
        scheme = box(b"schm", bytes(4), b"cenc", b"\0\1\0\0")
        keys = box(b"schi", box(b"tenc", bytes(4), b"\0\0\1\x08" + noise(16)))
        hidden = box(b"sinf", box(b"frma", b"avc1"), scheme, keys)
        inside = body[at + 4 : at - 4 + length]
        return box(b"stsd", body[: at - 4], box(b"encv", inside, hidden), body[at - 4 + length :])

    return changed(film(), b"stsd", entry, only=0)


ASS = "[Script Info]\nScriptType: v4.00+\n[Events]\nDialogue: 0,0:00:00.00,0:00:05.00,,hello\n"
KINDS: dict[str, tuple[set[str], Made]] = {
    "srt": (NO, text("1\n00:00:00,000 --> 00:00:05,000\nhello\n" * 20)),
    "vtt": (NO, text("WEBVTT\n\n00:00.000 --> 00:05.000\nhello\n" * 20)),
    "ass": (NO, text(ASS)),
    "svg": (NO, text('<svg xmlns="http://www.w3.org/2000/svg"><image href="' + REF + '"/></svg>')),
    "html": (NO, text("<!doctype html><video src='" + REF + "'></video>" * 20)),
    "text as UTF-16": (NO, lambda c, p: ("This is my story. " * 99).encode("utf-16")),
    "an e-mail in S/MIME": (NO, raw(lambda: b"\x30\x80\x06\x09*\x86H\x86\xf7\r\x01\x07\x03" * 99)),
    "gif that moves": (NO, _animated("gif")),
    "png that moves": (NO, _animated("png")),
    "webp that moves": (NO, _animated("webp")),
    "tiff": (NO, raw(lambda: _picture("tiff", (64, 64)))),
    "mjpeg": (NO, _by_ffmpeg("mjpeg")),
    "bare h264": (NO, _by_ffmpeg("h264")),
    "mpeg-ts": (NO, _by_ffmpeg("ts")),
    "avi": (NO, _by_ffmpeg("avi")),
    "flv": (NO, _by_ffmpeg("flv", "-c:v", "flv1")),
    "a film of pngs": ({"not_media"}, _by_ffmpeg("mov", "-c:v", "png")),
    "a film of an unknown kind": (
        {"not_media"},
        raw(lambda: film().replace(b"avc1", b"zzzz")),
    ),
    "an encrypted film": ({"encrypted"}, raw(_encrypted)),
    "a midi song": (NO, raw(lambda: b"MThd\0\0\0\6\0\0\0\1\0\x60MTrk" + bytes(300))),
    "a program": (NO, raw(lambda: b"\x7fELF\2\1\1" + bytes(9) + noise(4000))),
}
