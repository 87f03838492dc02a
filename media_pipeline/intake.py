"""Taking a recording in: what it is by its content, whole or not, and kept sealed."""

from __future__ import annotations

import tempfile
import uuid
from pathlib import Path

import puremagic
from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from media_pipeline import facts, ffmpeg, layout, originals, still, storage
from media_pipeline.errors import Away, NotKept, UnreadableMedia
from media_pipeline.models import MediaAsset

INSTEAD = _("Choose a video or sound recording, or write your story instead.")
MOST_FRAMES_A_SECOND = 1000  # a telephone's slowest motion has 960
LEAST_SECONDS = 0.05
KINDS = [  # how a person would call what puremagic found
    ("image/", _("a picture")),
    ("application/pdf", _("a PDF document")),
    ("application/vnd.openxmlformats", _("a document")),
    ("application/msword", _("a document")),
    ("application/rtf", _("a document")),
    ("text/", _("a text file")),
]


def take_in(upload: File, owner: uuid.UUID, asset_id: uuid.UUID | None = None) -> MediaAsset:
    """Check an upload and keep it sealed under its owner's key.

    Raises UnreadableMedia, KeyGone or NotKept, and then nothing is kept.
    """
    if upload.size > settings.MAX_UPLOAD_BYTES:
        most = _size(settings.MAX_UPLOAD_BYTES)
        raise UnreadableMedia(
            "too_large",
            gettext(
                "That file is too large. The largest we can take is %(most)s. Make it "
                "shorter, or save it in a smaller size, and choose it again."
            )
            % {"most": most},
        )
    with storage.spooled(upload) as path:
        try:
            found, seconds = examine(path)
        except Away as error:
            raise NotKept from error
        asset = MediaAsset(
            id=asset_id or uuid.uuid4(),
            kind="audio" if found.video is None else "video",
            container=found.container,
            bytes=path.stat().st_size,
            seconds=round(seconds, 3),
            has_picture=found.video is not None,
            has_sound=found.audio is not None,
        )
        try:
            with originals.kept(asset, path, owner):
                asset.save(force_insert=True)
        except OSError as error:  # a store that is away, a full disk
            raise NotKept from error
    return asset


def examine(path: Path) -> tuple[facts.Facts, float]:
    """The facts of a file and its length in seconds, or UnreadableMedia saying what to do."""
    size = path.stat().st_size
    if not size:
        raise UnreadableMedia(
            "empty", gettext("That file is empty. %(instead)s") % {"instead": INSTEAD}
        )
    with path.open("rb") as file:
        refuse_other_kinds(file.read(8192))
    try:
        probed = ffmpeg.probe(path)
    except ffmpeg.FfmpegFailed as error:
        # A "low score" means that only the name ended in .mp4.
        cut = "moov atom not found" in error.tail and "low score" not in error.tail
        if cut or layout.ends_at(path) > size:
            raise _truncated() from error
        raise _not_media() from error
    found = facts.read(probed)
    # ffprobe takes random bytes for a very bad MP3, and says so with a score of 1.
    if not found.container or int(probed["format"].get("probe_score", 0)) < 25:
        raise _not_media()
    too_many = found.width * found.height > ffmpeg.MAX_PIXELS
    # Beyond its own limit ffprobe gives a picture no size at all.
    if too_many or any(facts.has_no_size(stream) for stream in probed["streams"]):
        raise UnreadableMedia(
            "too_many_pixels",
            gettext(
                "The picture in that video is too large for us. "
                "Save it at 4K or smaller and choose it again."
            ),
        )
    if layout.is_locked(path):
        raise UnreadableMedia(
            "encrypted",
            gettext(
                "That recording is locked, as films from a shop are, and we have no key to it. "
                "Choose one that you made yourself."
            ),
        )
    _refuse_streams(probed["streams"])
    if found.video is None and found.audio is None:
        raise UnreadableMedia(
            "no_streams",
            gettext("We found no picture and no sound in that file. %(instead)s")
            % {"instead": INSTEAD},
        )
    if layout.ends_at(path) > size:
        raise _truncated()
    if found.audio is None and still.is_still(path, found):
        raise UnreadableMedia(
            "no_streams",
            gettext(
                "There is one single picture in that file, and no sound: nothing to play. "
                "%(instead)s"
            )
            % {"instead": INSTEAD},
        )
    seconds = _played_length(path, found)
    if seconds > settings.MEDIA_MAX_SECONDS:
        hours = settings.MEDIA_MAX_SECONDS / 3600
        raise UnreadableMedia(
            "too_long",
            gettext(
                "That recording is too long. The longest we can take is %(hours)s hours. Cut "
                "it into parts, or choose a shorter one."
            )
            % {"hours": f"{hours:.3g}"},
        )
    return found, seconds


def _refuse_streams(streams: list[dict]) -> None:
    """What no stage could decode is said now, and not by a stage that fails each time."""
    for stream in filter(facts.is_played, streams):
        if stream.get("codec_name", "") not in ffmpeg.CODECS:
            raise UnreadableMedia(
                "not_media",
                gettext(
                    "The picture or the sound in that file is of a kind that we can't read. "
                    "Save it as an ordinary mp4 or mp3 and choose it again."
                ),
            )
        if facts.declared_rate(stream) > MOST_FRAMES_A_SECOND:
            raise UnreadableMedia(
                "too_many_frames",
                gettext(
                    "That video has more pictures in a second than we can take. "
                    "Save it with 240 or fewer and choose it again."
                ),
            )


def refuse_other_kinds(head: bytes) -> None:
    """A quick answer in plain words for the usual mistakes. The defence is ffprobe's whitelist."""
    if _is_text(head):
        raise UnreadableMedia(
            "wrong_type", gettext("That file is a text file. %(instead)s") % {"instead": INSTEAD}
        )
    try:
        best = puremagic.magic_string(head)[0]
    except (puremagic.PureError, ValueError, IndexError):
        return
    # Two bytes in the right place prove nothing: an MP3 can look like an old picture format.
    if len(best.byte_match) < 3 or best.offset:
        return
    for start, words in KINDS:
        if best.mime_type.startswith(start):
            raise UnreadableMedia(
                "wrong_type",
                gettext("That file is %(words)s. %(instead)s")
                % {"words": words, "instead": INSTEAD},
            )


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        head[: len(head) - 4].decode("utf-8")  # the last letter may be cut in two
    except UnicodeDecodeError:
        return False
    return True


def _played_length(path: Path, found: facts.Facts) -> float:
    """Seconds that are really there: every packet is read and counted, nothing is decoded.

    A file cut short still declares its full length, and a browser's own recording declares
    none; both show here.
    """
    argv = ["ffmpeg", *ffmpeg.input_flags(), "-i", str(path)]
    for number in (found.video, found.audio):
        if number is not None:
            argv += ["-map", f"0:{number}"]
    # What is longer than we take has been counted for long enough.
    argv += ["-c", "copy", "-t", str(settings.MEDIA_MAX_SECONDS + 60), "-f", "null", "-"]
    room = Path(settings.MEDIA_WORK_DIR)
    room.mkdir(parents=True, exist_ok=True)
    try:
        # A folder of its own: it is told where it may write, and has nothing to write.
        with tempfile.TemporaryDirectory(prefix="intake-", dir=room) as folder:
            _, there = ffmpeg.run(argv, folder=Path(folder), deadline=600)
    except ffmpeg.FfmpegFailed as error:
        raise _truncated() from error
    if there < LEAST_SECONDS:
        raise UnreadableMedia(
            "no_streams",
            gettext("There is nothing to play in that file. %(instead)s") % {"instead": INSTEAD},
        )
    counted = there <= settings.MEDIA_MAX_SECONDS  # to its end
    if counted and found.seconds - there > max(1.0, found.seconds * 0.02):
        raise _truncated()
    return there


def _truncated() -> UnreadableMedia:
    return UnreadableMedia(
        "truncated",
        gettext(
            "That recording is not complete: the end of it is missing. Perhaps it was still being "
            "copied. Choose the file again from where you recorded it."
        ),
    )


def _not_media() -> UnreadableMedia:
    return UnreadableMedia(
        "not_media",
        gettext(
            "We could not read that file as a video or sound recording. We can take mp4, mov, "
            "webm, mkv, mp3, m4a, wav, ogg and flac."
        ),
    )


def _size(count: int) -> str:
    for unit, name in ((10**9, gettext("GB")), (10**6, gettext("MB")), (10**3, "kB")):
        if count >= unit:
            return f"{count / unit:.3g} {name}"
    return gettext("%(count)s bytes") % {"count": count}
