"""Another voice, hidden faces, or neither sound nor picture, as was wished for.

Writes one recording, with hardly a loss, that is kept beside the original. Everything after this
stage reads that instead, so none of what others may meet can hold an unaltered byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ffmpeg as graph
import numpy as np
from django.utils.translation import gettext_noop as _

from media_pipeline import faces, facts, ffmpeg, loudness, source, upright, wishes
from media_pipeline.models import MediaAsset
from media_pipeline.work import Result, Work

MADE = "disguised.mkv"
NOTES = {
    "no_face": _(
        "We looked for faces to blur and found none, so nothing in the picture is covered. "
        "Watch all of it before you approve it."
    ),
    "no_model": _(
        "Faces can't be blurred here: the face finder is not installed. The picture is "
        "left out, as if no picture had been chosen."
    ),
}
COVER = "0x2a2430"
PICTURE = {"vcodec": "libx264", "preset": "ultrafast", "crf": 12}
VERSION = 1


def profile() -> dict:
    found = {**faces.PROFILE, "possible": faces.available()}
    return {"picture": PICTURE, "faces": found, "version": VERSION}


def run(work: Work) -> Result:
    """One recording without what was not to be shown; none at all for words only."""
    asset = work.asset
    wish = wishes.left(asset)
    with source.sent(work) as path:
        found = facts.read(ffmpeg.probe(path))
        incoming = graph.input(str(path), **ffmpeg.GUARDED_INPUT)
        streams, note = [], ""
        if found.video is not None and "face" not in wish:
            streams.append(upright.picture(incoming, found))
        elif found.video is not None and wish["face"] == "blurred":
            shown, note = _covered(work, incoming, found)
            streams += [shown] if shown else []
        if found.audio is not None and wish.get("voice") != "none":
            streams.append(_sound(work, path, incoming, found, wish.get("voice", "")))
        if not streams:
            return Result(record=lambda: _record(asset, None, note))
        made = graph.output(*streams, MADE, **PICTURE, acodec="flac", **ffmpeg.BITEXACT)
        _run(work, made, 0.6, 0.95)
    loud = None
    if wish.get("voice") != "none" and found.audio is not None:
        stream = facts.read(ffmpeg.probe(work.folder / MADE)).audio or 0
        loud = loudness.measure(work.folder / MADE, stream, work.folder, work.deadline, work.stop)
    return Result(record=lambda: _record(asset, loud, note), disguised=work.folder / MADE)


def _sound(work: Work, path: Path, incoming: Any, found: facts.Facts, wish: str) -> Any:
    """A stream of the sound: as it was sent, or with another voice."""
    # Here, for it brings scipy: no other process should spend the seconds that takes to load.
    from media_pipeline import voice

    heard = upright.sound(incoming, found)
    if wish != "disguised" or source.is_there(work.asset)[0] == wish:
        return heard
    raw = {"format": "s16le", "acodec": "pcm_s16le", "ar": voice.RATE, "ac": 1}
    _run(work, heard.output("sent.raw", **raw), 0, 0.15)
    names = [work.folder / name for name in ("sent.raw", "other.raw", "between.raw")]

    def moved(share: float) -> None:
        if work.stop.is_set():
            raise ffmpeg.Stopped("the lease was lost")
        work.done = 0.15 + 0.15 * share

    voice.disguise(*names, on_progress=moved)
    for name in ("sent.raw", "between.raw"):
        (work.folder / name).unlink(missing_ok=True)
    return graph.input("other.raw", format="s16le", ar=voice.RATE, ac=1)["a:0"]


def _covered(work: Work, incoming: Any, found: facts.Facts) -> tuple[Any, str]:
    """(a stream of the picture with every face covered, a note for staff)."""
    whole = upright.picture(incoming, found)
    if source.is_there(work.asset)[1] == "blurred":
        return whole, ""
    if not faces.available():
        return None, "no_model"  # not a single frame of it, then
    looks = list(_looks(work, incoming, found))
    size = faces.board_size(found.width, found.height)
    per_second = float(found.rate) / faces.EVERY
    with (work.folder / "boards.raw").open("wb") as file:
        file.writelines(faces.boards(faces.held(looks, per_second), size, 3 * int(found.rate) + 3))
    _, width, height = facts.rungs(found.width, found.height)[0]
    raw = {"format": "rawvideo", "pix_fmt": "monob", "r": _ratio(found)}
    board = graph.input("boards.raw", s=f"{size[0]}x{size[1]}", **raw)["v:0"]
    # Cells stay cells: nothing of what is under them shines through at their edges.
    board = board.filter("format", "gray").filter("scale", width, height, flags="neighbor")
    plain = graph.input(f"color=c={COVER}:s={width}x{height}:r={_ratio(found)}", f="lavfi")["v:0"]
    cover = graph.filter([plain.filter("format", "yuva420p"), board], "alphamerge")
    shown = graph.filter([whole, cover], "overlay", shortest=1, format="yuv420")
    return shown.filter("format", "yuv420p"), "" if any(looks) else "no_face"


def _looks(work: Work, incoming: Any, found: facts.Facts) -> Iterator[list[faces.Box]]:
    """The faces in every faces.EVERYth frame."""
    width, height = faces.look_size(found.width, found.height)
    some = upright.picture(incoming, found, (width, height))
    some = some.filter("select", f"not(mod(n,{faces.EVERY}))")
    raw = {"format": "rawvideo", "pix_fmt": "rgb24", "vsync": "passthrough"}
    argv = some.output("pipe:1", **raw).compile(cmd="ffmpeg")
    frames = ffmpeg.frames(
        argv, width * height * 3, folder=work.folder, deadline=work.deadline, stop=work.stop
    )
    for number, frame in enumerate(frames):
        work.reached(number * faces.EVERY / float(found.rate), 0.3, 0.6)
        yield faces.find(np.frombuffer(frame, np.uint8).reshape(height, width, 3))


def _ratio(found: facts.Facts) -> str:
    return f"{found.rate.numerator}/{found.rate.denominator}"


def _run(work: Work, made: Any, begin: float, end: float) -> None:
    ffmpeg.run(
        made.compile(cmd="ffmpeg"),
        folder=work.folder,
        deadline=work.deadline,
        stop=work.stop,
        on_progress=lambda seconds: work.reached(seconds, begin, end),
    )


def _record(asset: MediaAsset, loud: float | None, note: str = "") -> None:
    MediaAsset.objects.filter(pk=asset.pk).update(loudness_sent=loud, disguise_note=note)
