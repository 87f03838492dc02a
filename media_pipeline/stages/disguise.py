"""Another voice, hidden faces, or neither sound nor picture, as was wished for.

Writes one recording, with hardly a loss, that is kept beside the original. Everything after this
stage reads that instead, so none of what others may meet can hold an unaltered byte.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ffmpeg as graph

from media_pipeline import facts, ffmpeg, loudness, source, upright, voice, wishes
from media_pipeline.models import MediaAsset
from media_pipeline.work import Result, Work

MADE = "disguised.mkv"
NOTES: dict[str, str] = {}
PICTURE = {"vcodec": "libx264", "preset": "ultrafast", "crf": 12}
VERSION = 1


def profile() -> dict:
    return {"picture": PICTURE, "version": VERSION}


def run(work: Work) -> Result:
    """One recording without what was not to be shown; none at all for words only."""
    asset = work.asset
    wish = wishes.altered(asset)
    with source.sent(work) as path:
        found = facts.read(ffmpeg.probe(path))
        incoming = graph.input(str(path), **ffmpeg.GUARDED_INPUT)
        streams = []
        if found.video is not None and wish.get("face") != "none":
            streams.append(upright.picture(incoming, found))
        if found.audio is not None and wish.get("voice") != "none":
            streams.append(_sound(work, path, incoming, found, wish.get("voice", "")))
        if not streams:
            return Result(record=lambda: _record(asset, None))
        made = graph.output(*streams, MADE, **PICTURE, acodec="flac", **ffmpeg.BITEXACT)
        _run(work, made, 0.6, 0.95)
    loud = None
    if wish.get("voice") != "none" and found.audio is not None:
        stream = facts.read(ffmpeg.probe(work.folder / MADE)).audio or 0
        loud = loudness.measure(work.folder / MADE, stream, work.folder, work.deadline, work.stop)
    return Result(record=lambda: _record(asset, loud), disguised=work.folder / MADE)


def _sound(work: Work, path: Path, incoming: Any, found: facts.Facts, wish: str) -> Any:
    """A stream of the sound: as it was sent, or with another voice."""
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
