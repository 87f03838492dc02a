"""Recognition by our stage beside bare faster-whisper: `python -m benchmarks.words`.

The same sound and the same settings, by turns. Ours is all of `media_pipeline.transcriber.hear`: a
process of its own behind its walls, the model loaded, words over as lines of JSON, and cues. Bare
is a process that loads the same model and listens to it, with nothing around it.

READINGS is how often the reading of 25 seconds is heard in a row (default 4), ROUNDS how many
turns are taken (default 5). Behind walls nobody counts the processor's seconds of what is inside:
with MEDIA_SANDBOX=off they are told too.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings.test")

import django
from django.conf import settings

django.setup()

from media_pipeline import captions, sandbox, transcriber
from tests import recordings

READINGS = int(os.environ.get("READINGS", "4"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
BARE = """
import json, sys
from faster_whisper import WhisperModel
model, sound, threads, beam = sys.argv[1:]
model = WhisperModel(model, device="cpu", compute_type="int8", cpu_threads=int(threads))
segments, _ = model.transcribe(sound, beam_size=int(beam), word_timestamps=True, vad_filter=True,
                               condition_on_previous_text=False)
print(json.dumps([word.word.strip() for segment in segments for word in segment.words]))
"""


def ours(sound: Path) -> list[str]:
    heard = transcriber.hear(sound, deadline=3600)
    return [word.text for cue in captions.cues(heard.words) for word in cue.words]


def bare(sound: Path) -> list[str]:
    model = transcriber.folder()
    argv = [sys.executable, "-c", BARE, model, sound, transcriber.threads(), transcriber.BEAM]
    done = subprocess.run([str(word) for word in argv], capture_output=True, check=True)
    return json.loads(done.stdout)


def timed(what, sound: Path) -> tuple[float, float, list[str]]:
    """Seconds on the wall, processor-seconds of all its processes, and what was heard."""
    began, spent = time.perf_counter(), _spent()
    said = what(sound)
    return time.perf_counter() - began, _spent() - spent, said


def _spent() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "speech.wav"
        options = ("-stream_loop", str(READINGS - 1), "-i", recordings.reading().path)
        recordings.run(*options, "-ac", "1", "-ar", "16000", "-acodec", "pcm_s16le", sound)
        length = recordings.seconds(sound)
        counted = settings.MEDIA_SANDBOX == "off" or bool(sandbox.why_not())
        walls = "without walls" if counted else "behind walls"
        print(f"{length:.0f} s of speech, {transcriber.model_name()}, {walls}, {ROUNDS} rounds")
        ours(sound), bare(sound)  # files into memory
        spans: dict[str, list[tuple[float, float]]] = {"ours": [], "bare": []}
        for _ in range(ROUNDS):
            *mine, heard = timed(ours, sound)
            *its, said = timed(bare, sound)
            # Ours keeps a word with a hyphen in one, the model gives it in two.
            assert "".join(heard) == "".join(said), "they did not hear the same"
            spans["ours"].append(tuple(mine))
            spans["bare"].append(tuple(its))
    for at, what in enumerate(("seconds", "processor-seconds")[: 1 + counted]):
        middle = {
            name: statistics.median(one[at] for one in found) for name, found in spans.items()
        }
        pairs = zip(spans["ours"], spans["bare"], strict=True)
        ratio = statistics.median(mine[at] / its[at] for mine, its in pairs)
        print(
            f"{what}: ours {middle['ours']:.2f}, bare {middle['bare']:.2f}, ratio {ratio:.3f}, "
            f"{middle['ours'] / length:.3f} of real time"
        )


if __name__ == "__main__":
    main()
