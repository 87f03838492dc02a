"""Everything that a phone, an editor or a recorder may write into a file, in every kind we take.

Planted by hands that are not ours: exiftool, ffmpeg, and boxes written byte by byte. Looked for in
all that the real pipeline makes, by bytes and by exiftool.
"""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import RequestFactory
from PIL import Image, ImageCms

from media_pipeline import api, tasks
from tests import recordings
from tests.media_pipeline.conftest import receive

pytestmark = pytest.mark.django_db(transaction=True)

NAME, PLACE, DAY = "Zanthorpe", "+57.1497-002.0943", "2019-07-"
MAKE, MODEL = "Quillmaker", "Quill 9"
MOMENT = f"{DAY.replace('-', ':')}14 09:26:53"
NOTE, CHAPTER, LETTER, XMP = "Craigdarroch", "Ward Sevenoaks", "letter-from-gran", "Ostrakova"
READ = ["57 deg 8'", "2019:07:", "57.1497"]  # as exiftool says it
MARKS = [NAME, PLACE, MAKE, MODEL, DAY, NOTE, CHAPTER, LETTER, XMP, *READ]
TAGS = {
    "title": NAME,
    "artist": NAME,
    "comment": NOTE,
    "location": f"{PLACE}/",
    "com.apple.quicktime.location.ISO6709": f"{PLACE}/",
    "com.apple.quicktime.make": MAKE,
    "com.apple.quicktime.model": MODEL,
    "make": MAKE,
    "model": MODEL,
    "date": f"{DAY}14",
    "creation_time": f"{DAY}14T09:26:53Z",
    "encoded_by": XMP,
}
RDF = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    'syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator='
    f'"{XMP}"/></rdf:RDF></x:xmpmeta>'
)
XMP_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def _cover(folder: Path) -> Path:
    """A picture with EXIF and a colour profile that name somebody."""
    exif = Image.Exif()
    exif.update({0x010F: MAKE, 0x0110: MODEL, 0x013B: NAME, 0x9003: MOMENT})
    exif.get_ifd(0x8825).update({1: "N", 2: (57.0, 8.0, 59.0), 3: "W", 4: (2.0, 5.0, 39.0)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    built_in, named = (text.encode("utf-16-be") for text in ("sRGB built-in", f"{NOTE}!"))
    assert built_in in profile
    profile = profile.replace(built_in, named)
    Image.new("RGB", (64, 64), "red").save(folder / "c.jpg", exif=exif, icc_profile=profile)
    return folder / "c.jpg"


def _with_tags(source: Path, target: Path, *argv: str | Path) -> None:
    chapters = target.parent / "chapters.txt"
    chapters.write_text(
        ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=900\n" + f"title={CHAPTER}\n"
    )
    tags = [word for name, value in TAGS.items() for word in ("-metadata", f"{name}={value}")]
    recordings.run(
        *("-i", source, "-f", "ffmetadata", "-i", chapters, *argv, "-map_chapters", "1"),
        *("-c", "copy", *tags, "-metadata:s", f"title={NAME}"),
        *("-metadata:s", f"handler_name={NAME}"),
        target,
    )


def _mp4(source: Path, target: Path) -> None:
    """Tags, chapters and a cover by ffmpeg; GPS, XMP and keys by exiftool; the rest by hand."""
    cover = _cover(target.parent)
    maps: list[str | Path] = ["-i", cover, "-map", "0", "-map", "2"]
    maps += ["-movflags", "use_metadata_tags"]
    maps += ["-disposition:v:" + ("0" if target.suffix == ".m4a" else "1"), "attached_pic"]
    if target.suffix == ".mov":
        maps = ["-map", "0", "-movflags", "use_metadata_tags"]
    _with_tags(source, target, *maps)
    argv = ["exiftool", "-q", "-m", "-overwrite_original", f"-XMP-dc:Creator={XMP}"]
    argv += [f"-Keys:Make={MAKE}", f"-Keys:Model={MODEL}", "-Keys:GPSCoordinates=57.1497, -2.0943"]
    argv += [
        f"-UserData:Author={NAME}",
        f"-QuickTime:CreateDate={DAY.replace('-', ':')}14 09:26:53",
    ]
    argv += [f"-TrackCreateDate={MOMENT}"]
    subprocess.run([*argv, str(target)], check=True)
    place = f"{PLACE}/".encode()
    by_hand = _box(b"\xa9xyz", struct.pack(">HH", len(place), 0x15C7) + place)
    with target.open("ab") as file:  # boxes at the end move no other
        file.write(_box(b"uuid", XMP_BOX + RDF.encode()))
        file.write(_box(b"uuid", b"\x11" * 16 + NAME.encode()))
        file.write(_box(b"udta", by_hand + _box(b"\xa9mak", b"\0\0\0\0" + MAKE.encode())))
        file.write(_box(b"free", NOTE.encode()))


def _matroska(source: Path, target: Path) -> None:
    attached = target.parent / f"{LETTER}.txt"
    attached.write_text(NOTE)
    cover = _cover(target.parent)
    maps: list[str | Path] = ["-map", "0"]
    if target.suffix == ".mkv":
        maps += ["-attach", attached, "-metadata:s:t:0", "mimetype=text/plain"]
        maps += ["-attach", cover, "-metadata:s:t:1", "mimetype=image/jpeg"]
    _with_tags(source, target, *maps)


def _mp3(source: Path, target: Path) -> None:
    cover = _cover(target.parent)
    maps = ["-i", cover, "-map", "0:a", "-map", "2", "-disposition:v:0", "attached_pic"]
    _with_tags(source, target, *maps, "-write_id3v1", "1", "-id3v2_version", "3")
    with target.open("ab") as file:
        file.write(b"APETAGEX" + NAME.encode())


def _wav(source: Path, target: Path) -> None:
    _with_tags(source, target, "-map", "0:a", "-write_bext", "1")
    raw = bytearray(target.read_bytes())
    for kind, body in ((b"_PMX", RDF.encode()), (b"iXML", f"<NOTE>{NOTE}</NOTE>".encode())):
        body += b"\0" * (len(body) % 2)
        raw += kind + struct.pack("<I", len(body)) + body
    raw[4:8] = struct.pack("<I", len(raw) - 8)
    target.write_bytes(raw)


def _vorbis(source: Path, target: Path) -> None:
    maps: list[str | Path] = ["-map", "0:a"]
    if target.suffix == ".flac":
        maps = ["-i", _cover(target.parent), *maps, "-map", "2", "-disposition:v:0", "attached_pic"]
    _with_tags(source, target, *maps)


PLANTERS: dict[str, tuple[Callable[[Path, Path], None], int]] = {  # and how many marks it can hold
    "mp4": (_mp4, 8),
    "mov": (_mp4, 8),
    "m4a": (_mp4, 8),
    "webm": (_matroska, 5),
    "mkv": (_matroska, 8),
    "mp3": (_mp3, 6),
    "wav": (_wav, 3),
    "ogg": (_vorbis, 6),
    "flac": (_vorbis, 6),
}


def _short(kind: str, folder: Path) -> Path:
    """A second and a half of a reading."""
    whole = (
        recordings.sound(kind, 1) if kind in recordings.SOUND_KINDS else recordings.video(kind, 1)
    )
    again = "flac" if kind == "flac" else "copy"  # a copied one would still declare its old length
    recordings.run("-i", whole, "-t", "1.5", "-c", again, folder / f"short.{kind}")
    return folder / f"short.{kind}"


def _found(*paths: Path) -> set[str]:
    """The marks in files: in their bytes, in 16-bit letters, and as exiftool reads them."""
    raw = b"".join(path.read_bytes() for path in paths)
    argv = ["exiftool", "-a", "-u", "-G1", "-ee3", "-api", "LargeFileSupport=1"]
    done = subprocess.run([*argv, *map(str, paths)], capture_output=True, errors="replace")
    lines = done.stdout.splitlines()
    assert sum("File Name" in line for line in lines) >= len(paths), done.stderr
    # The names of files and folders are the test's own.
    read = "\n".join(line for line in lines if "[System]" not in line and line[:8] != "========")
    return {
        mark
        for mark in MARKS
        if mark.encode() in raw
        or mark.encode("utf-16-le") in raw
        or mark.encode("utf-16-be") in raw
        or mark in read
    }


def test_every_kind_that_is_taken_in_is_here():
    assert set(PLANTERS) == {*recordings.VIDEO_KINDS, *recordings.SOUND_KINDS}


@pytest.mark.parametrize("kind", PLANTERS)
def test_nothing_that_was_planted_comes_out(kind, tmp_path):
    plant, least = PLANTERS[kind]
    planted = tmp_path / f"planted.{kind}"
    plant(_short(kind, tmp_path), planted)
    assert len(_found(planted)) >= least, f"planted only {_found(planted)}"
    asset = receive(planted)
    try:
        api.start(asset.id, transcribe=False)
        tasks.run_asset.call(str(asset.id))
        assert api.progress(asset.id).state == "done", api.progress(asset.id)
        made = api.renditions(asset.id)
        assert {"story.mp4", "storyboard.jpg", "poster-1.jpg"} <= set(made) or not asset.has_picture
        assert "story.mp3" in made
        api.release(asset.id, made)  # all of it is proven clean
        for name in made:
            path = tmp_path / name
            answer = api.respond(RequestFactory().get("/"), asset.id, name, allowed=api.RELEASED)
            path.write_bytes(answer.getvalue())
        assert _found(*(tmp_path / name for name in made)) == set()
    finally:
        api.erase(asset.id)
