"""One decode that makes every rendition; then the muxed file and the poster from those."""

from __future__ import annotations

from pathlib import Path

import ffmpeg as graph_compiler

from media_pipeline import facts, ffmpeg, graph, loudness, playlists, source, wishes
from media_pipeline.models import MediaAsset
from media_pipeline.names import TYPES
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
        found = facts.read(ffmpeg.probe(path))
        gain = loudness.gain(asset.loudness_sent, found.channels)
        ffmpeg.run(
            graph.everything(path, found, gain),
            folder=work.folder,
            deadline=work.deadline,
            stop=work.stop,
            on_progress=lambda seconds: work.reached(seconds, 0, 0.9),
        )
    if found.video is not None:
        _mux(work, with_sound=found.audio is not None)
        _poster(work)
    made = _collect(work.folder, found)
    longest = max(item.seconds for item in made)
    if asset.seconds - longest > max(1.0, asset.seconds * 0.03):
        raise ffmpeg.FfmpegFailed("what was made is shorter than the recording")
    loud = None
    if found.audio is not None:
        sound = work.folder / "audio.m4a"
        loud = loudness.measure(sound, 0, work.folder, work.deadline, work.stop)

    def record() -> None:
        MediaAsset.objects.filter(pk=asset.pk).update(loudness_made=loud)
        _only(asset, made)

    return Result(made, record)


def _only(asset: MediaAsset, made: list[Made]) -> None:
    """What was made before and is not any more goes, but the words. Its files are swept next."""
    names = [item.name for item in made]
    asset.renditions.exclude(name__in=[*names, "captions.vtt"]).delete()


def _mux(work: Work, with_sound: bool) -> None:
    """One ordinary file for players without HLS, and to keep: a stream copy of ours."""
    names = ["video.mp4", "audio.m4a"] if with_sound else ["video.mp4"]
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


def _poster(work: Work) -> None:
    """A typical frame a tenth of the way in, from the picture we made: upright and small."""
    at = min(30.0, work.asset.seconds / 10)
    frame = graph_compiler.input("video.mp4", ss=f"{at:.3f}", **ffmpeg.GUARDED_INPUT)
    poster = frame["v:0"].filter("thumbnail", 25).filter("format", "yuvj420p")
    options = {"frames:v": 1, "q:v": 4, "flags:v": "+bitexact", **ffmpeg.BITEXACT}
    _run(work, poster.output("poster.jpg", format="image2", update=1, **options).compile("ffmpeg"))


def _run(work: Work, argv: list[str]) -> None:
    ffmpeg.run(argv, folder=work.folder, deadline=work.deadline, stop=work.stop)


def _collect(folder: Path, found: facts.Facts) -> list[Made]:
    """Every file as it really is: length and size from a probe of what lies there."""
    made: list[Made] = []
    if found.video is not None:
        made += [_file(folder / "video.mp4"), _file(folder / "story.mp4")]
        width, height = made[0].width, made[0].height
        made.append(Made("poster.jpg", TYPES["poster.jpg"], folder / "poster.jpg", width=width))
        made[-1].height = height
        made.append(
            _playlist(
                folder / "video.m3u8",
                codec=playlists.picture_codec(folder / "video.mp4"),
                size=f"{width}x{height}",
                rate=float(found.rate),
            )
        )
    if found.audio is not None:
        made += [_file(folder / "audio.m4a"), _file(folder / "story.mp3")]
        made.append(
            _playlist(folder / "audio.m3u8", codec="mp4a.40.2", channels=min(2, found.channels))
        )
    if found.video is not None:
        text = playlists.master_for({item.name: item.hls for item in made}, TYPES)
        made.append(Made("master.m3u8", TYPES["master.m3u8"], text=text))
    return made


def _file(path: Path) -> Made:
    found = facts.read(ffmpeg.probe(path))
    return Made(
        path.name,
        TYPES[path.name],
        path,
        seconds=found.seconds,
        width=found.width,
        height=found.height,
    )


def _playlist(path: Path, **about) -> Made:
    text = path.read_text()
    peak, average = playlists.rates(text)
    hls = {"peak": peak, "average": average, **about}
    return Made(path.name, TYPES[path.name], text=text, hls=hls)
