"""One decode that makes every rendition; then what is put together from those."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import ffmpeg as graph_compiler

from media_pipeline import (
    facts,
    ffmpeg,
    graph,
    loudness,
    peaks,
    playlists,
    source,
    still,
    storyboard,
    wishes,
)
from media_pipeline.models import MediaAsset
from media_pipeline.names import POSTERS, TYPES, silent_film
from media_pipeline.work import Made, Result, Work


def profile() -> dict:
    return graph.PROFILE


def run(work: Work) -> Result:
    """Renditions of what is shown of the recording. Raises FfmpegFailed also when ffmpeg says it
    went well but what it wrote is not as long as what it read."""
    asset = work.asset
    if wishes.shows_nothing(asset):
        return Result(record=lambda: _only(asset, []))
    with source.shown(work) as path:
        found = _left(facts.read(ffmpeg.probe(path)), asset)
        found = still.held(path, found, asset.seconds)
        gain = loudness.gain(asset.loudness_sent, found.channels)
        ffmpeg.run(
            graph.everything(path, found, gain, asset.seconds),
            folder=work.folder,
            deadline=work.deadline,
            stop=work.stop,
            on_progress=lambda seconds: work.reached(seconds, 0, 0.9),
        )
    made, loud = [], None
    if found.video is not None:
        made += _pictures(work, found)
    if found.audio is not None:
        made += sounds(work.folder, found)
        loud = loudness.result(work.folder)
    if found.video is not None:
        text = playlists.master_for({item.name: item.hls for item in made}, TYPES)
        made.append(_text("master.m3u8", text))
    longest = max(item.seconds for item in made)
    if asset.seconds - longest > max(1.0, asset.seconds * 0.03):
        raise ffmpeg.FfmpegFailed("what was made is shorter than the recording")

    def record() -> None:
        MediaAsset.objects.filter(pk=asset.pk).update(loudness_made=loud)
        _only(asset, made)

    return Result(made, record)


def _left(found: facts.Facts, asset: MediaAsset) -> facts.Facts:
    """Without the sound or the picture that is not to be shown at all."""
    wish = wishes.left(asset)
    return replace(
        found,
        video=None if wish.get("face") == "none" else found.video,
        audio=None if wish.get("voice") == "none" else found.audio,
    )


def _only(asset: MediaAsset, made: list[Made]) -> None:
    """What was made before and is not any more goes, but the words. Its files are swept next."""
    names = [item.name for item in made]
    asset.renditions.exclude(name__in=[*names, "captions.vtt"]).delete()


def _pictures(work: Work, found: facts.Facts) -> list[Made]:
    ladder = facts.rungs(found.width, found.height)
    made = []
    for rung, width, height in ladder:
        film = _file(work.folder / f"{rung}.mp4", width, height)
        about = {
            "codec": playlists.picture_codec(work.folder / film.name),
            "size": f"{film.width}x{film.height}",
            "rate": float(found.rate),
        }
        made += [film, _playlist(work.folder / f"{rung}.m3u8", **about)]
    shown = next(item for item in made if item.name == silent_film([one.name for one in made]))
    _mux(work, shown.name, with_sound=found.audio is not None)
    made.append(replace(shown, name="story.mp4", path=work.folder / "story.mp4"))
    _run(work, graph.posters(shown.name, shown.seconds))
    shutil.copyfile(work.folder / POSTERS[0], work.folder / "poster.jpg")
    for name in ("poster.jpg", *POSTERS):
        if (work.folder / name).exists():
            made.append(_image(work.folder / name, shown.width, shown.height))
    board = storyboard.plan(*ladder[-1][1:], work.asset.seconds)
    sheet = work.folder / "storyboard.jpg"
    made.append(_image(sheet, *board.sheet(work.folder / storyboard.RAW, sheet)))
    made.append(_text("storyboard.vtt", board.webvtt(shown.seconds)))
    return made


def sounds(folder: Path, found: facts.Facts) -> list[Made]:
    """The files of a sound, as `graph.everything` left them in the folder."""
    about = {"codec": "mp4a.40.2", "channels": min(2, found.channels)}
    sound = _file(folder / "audio.m4a")
    return [
        sound,
        Made("story.mp3", TYPES["story.mp3"], folder / "story.mp3", seconds=sound.seconds),
        _playlist(folder / "audio.m3u8", **about),
        _text("peaks.json", peaks.drawn(folder / peaks.PCM)),
    ]


def _mux(work: Work, picture: str, with_sound: bool) -> None:
    """One ordinary file for players without HLS, and to keep: a stream copy of ours."""
    names = [picture, "audio.m4a"] if with_sound else [picture]
    inputs = [graph_compiler.input(name, **ffmpeg.GUARDED_INPUT) for name in names]
    muxed = graph_compiler.output(
        inputs[0]["v:0"],
        *(one["a:0"] for one in inputs[1:]),
        "story.mp4",
        c="copy",
        movflags="+faststart",
        **ffmpeg.BITEXACT,
    )
    _run(work, muxed.compile(cmd="ffmpeg"))


def _run(work: Work, argv: list[str]) -> None:
    ffmpeg.run(argv, folder=work.folder, deadline=work.deadline, stop=work.stop)


def _file(path: Path, width: int = 0, height: int = 0) -> Made:
    """A file and how long it is, as its playlist says, which ffmpeg writes as it writes the file.

    `clean` reads the file itself. To do so here too would cost as much as a rung of a short film.
    """
    made = _image(path, width, height)
    made.seconds, size = playlists.extent(path.with_suffix(".m3u8").read_text())
    if path.stat().st_size < size:
        raise ffmpeg.FfmpegFailed("what was made is smaller than its playlist says")
    return made


def _image(path: Path, width: int = 0, height: int = 0) -> Made:
    return Made(path.name, TYPES[path.name], path, width=width, height=height)


def _text(name: str, text: str) -> Made:
    return Made(name, TYPES[name], text=text)


def _playlist(path: Path, **about) -> Made:
    text = path.read_text()
    peak, average = playlists.rates(text)
    hls = {"peak": peak, "average": average, **about}
    return Made(path.name, TYPES[path.name], text=text, hls=hls)
