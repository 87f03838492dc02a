"""A speech model at work, in a process of its own: `python -I speech.py MODEL SOUND OPTIONS`.

No Django and nothing of ours is imported: behind walls there is nothing else to see. What it
hears goes out as lines of JSON, one after each thing heard:

    {"language": "en", "probability": 0.98, "assumed": false}
    {"words": [[start, end, text, probability], …], "reached": seconds}
    {"done": true}

`assumed` says that the model knows one language only, and was not asked which it is. Without the
last line it has not ended well. `python -I speech.py --fetch NAME` fetches a model by its name, and
answers {"folder": "…"}.
"""

from __future__ import annotations

import json
import os
import sys
import wave
from typing import IO, Any

RATE = 16_000  # samples a second, one channel: what these models hear
JOINING = "-'\N{RIGHT SINGLE QUOTATION MARK}"


def main(arguments: list[str]) -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints is no answer
    if arguments[0] == "--fetch":
        from faster_whisper.utils import download_model

        _say(answers, {"folder": download_model(arguments[1])})
        return
    model, sound, options = arguments
    hear(model, sound, json.loads(options), answers)


def hear(folder: str, sound: str, options: dict[str, Any], answers: IO[str]) -> None:
    """`options`: "threads", "beam", "language" ("" to find out), "sure" (least probability)."""
    from faster_whisper import WhisperModel

    model = WhisperModel(
        folder,
        device="cpu",
        compute_type="int8",
        cpu_threads=options["threads"],
        local_files_only=True,
    )
    knows_one = not model.model.is_multilingual
    named = "" if knows_one else options["language"]
    segments, found = model.transcribe(
        samples(sound),
        language=named or None,
        beam_size=options["beam"],
        word_timestamps=True,
        vad_filter=True,
        # A mistake must not be repeated through the rest of a long recording.
        condition_on_previous_text=False,
    )
    if not found.duration_after_vad:  # it looks for a language also where nobody speaks
        _say(answers, {"done": True})
        return
    probability = round(float(found.language_probability), 3)
    _say(answers, {"language": found.language, "probability": probability, "assumed": knows_one})
    if knows_one or named or probability >= options["sure"]:
        for segment in segments:
            _say(answers, {"words": words_of(segment), "reached": float(segment.end)})
    _say(answers, {"done": True})


def words_of(segment: Any) -> list[list]:
    """Times and probabilities arrive as numpy numbers, and a word with a space before it.

    What has none, and begins with a hyphen or an apostrophe, goes on with the word before it.
    """
    words: list[list] = []
    for word in segment.words or []:
        text = word.word.strip()
        if not text:
            continue
        start, end, sure = (round(float(n), 3) for n in (word.start, word.end, word.probability))
        if words and not word.word[0].isspace() and text[0] in JOINING:
            before = words[-1]
            before[1:] = [end, before[2] + text, min(before[3], sure)]
        else:
            words.append([start, end, text, sure])
    return words


def samples(path: str) -> Any:
    """A WAV of RATE, 16 bits and one channel, as numbers from -1 to 1."""
    import numpy

    with wave.open(path, "rb") as file:
        if (file.getframerate(), file.getsampwidth(), file.getnchannels()) != (RATE, 2, 1):
            raise ValueError("the sound is not as it should be")
        whole = file.readframes(file.getnframes())
    return numpy.frombuffer(whole, numpy.int16).astype(numpy.float32) / 32768.0


def _say(answers: IO[str], what: dict[str, Any]) -> None:
    answers.write(json.dumps(what) + "\n")
    answers.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
