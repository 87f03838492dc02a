"""The words and when they are said, from the cleaned sound; captions in lines easy to read."""

from __future__ import annotations

import ffmpeg as graph_compiler

from media_pipeline import captions, ffmpeg, source, transcriber
from media_pipeline.models import TranscriptCue
from media_pipeline.names import TYPES
from media_pipeline.work import Made, Result, Work


def profile() -> dict:
    return {"model": transcriber.model_name(), "captions": captions.RULES, "version": 1}


def run(work: Work) -> Result:
    """Cues and captions.vtt. Needs `transcriber.available()`; raises Stopped on a lost lease.

    The 16 kHz sound is made here from audio.m4a, not in the transcode: half a second of work
    for a minute of speech, and words can be asked for later without decoding the picture again.
    """
    asset = work.asset
    wave = work.folder / "speech.wav"
    with source.spoken(work) as (path, stream):
        incoming = graph_compiler.input(str(path), **ffmpeg.GUARDED_INPUT)
        sound = incoming[str(stream)].filter("aresample", 16_000, **{"async": 1, "first_pts": 0})
        argv = sound.output(wave.name, ac=1, acodec="pcm_s16le").compile(cmd="ffmpeg")
        ffmpeg.run(argv, folder=work.folder, deadline=work.deadline, stop=work.stop)
    words = []
    for word in transcriber.words(wave, work.reached):
        if work.stop.is_set():
            raise ffmpeg.Stopped("the lease was lost")
        words.append(word)
    cues = captions.cues(words)
    text = captions.to_webvtt(cues)

    def record() -> None:
        asset.cues.all().delete()
        TranscriptCue.objects.bulk_create(
            TranscriptCue(
                asset=asset,
                number=number,
                start=cue.start,
                end=cue.end,
                text=cue.text,
                words=[[w.start, w.end, w.text, w.probability] for w in cue.words],
            )
            for number, cue in enumerate(cues)
        )

    # Made of words alone: there is nothing else in it that could need cleaning.
    made = Made("captions.vtt", TYPES["captions.vtt"], text=text, clean=True)
    made.seconds = asset.seconds
    return Result([made], record)
