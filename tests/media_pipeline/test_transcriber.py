"""The speech model's own process: it can be stopped, it says why it failed, it sees nothing."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from pathlib import Path

import pytest

from media_pipeline import ffmpeg, transcriber, troubles
from media_pipeline.transcriber import SpeechFailed
from tests import recordings
from tests.processes import until


@pytest.fixture
def wave(tmp_path) -> Path:
    """A minute and a half of speech: more than anybody here waits for."""
    path = tmp_path / "speech.wav"
    options = ("-stream_loop", "3", "-i", recordings.reading().path)
    recordings.run(*options, "-ac", "1", "-ar", "16000", path)
    return path


def test_it_stops_within_seconds_when_it_is_told_to(wave):
    stop = threading.Event()
    ended: list[Exception] = []

    def hear() -> None:
        try:
            transcriber.hear(wave, deadline=300, stop=stop)
        except ffmpeg.Stopped as stopped:
            ended.append(stopped)

    worker = threading.Thread(target=hear)
    worker.start()
    until(lambda: recordings.processes_in(wave.parent))
    stop.set()
    told = time.monotonic()
    worker.join(30)
    assert ended
    assert time.monotonic() - told < 6
    assert not recordings.processes_in(wave.parent)


def test_one_that_is_killed_is_told_in_words(wave):
    def kill() -> None:
        until(lambda: recordings.processes_in(wave.parent))
        for pid in recordings.processes_in(wave.parent):
            os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(SpeechFailed) as failed:
        transcriber.hear(wave, deadline=300)
    killer.join()
    assert troubles.reason(failed.value) == troubles.KILLED.format("Speech recognition")


def test_too_little_memory_is_told_in_words(wave, monkeypatch):
    monkeypatch.setattr(transcriber, "MEMORY_BYTES", 400 * 2**20)
    with pytest.raises(SpeechFailed) as failed:
        transcriber.hear(wave, deadline=300)
    assert troubles.reason(failed.value) == troubles.MEMORY, failed.value.tail


def test_a_model_that_says_half_of_it_has_failed(wave, monkeypatch, tmp_path):
    half = tmp_path / "half.py"
    half.write_text("""print('{"words": [[0, 1, "I", 1]], "reached": 1}')""")
    monkeypatch.setattr(transcriber, "PROGRAM", half)
    with pytest.raises(SpeechFailed):
        transcriber.hear(wave, deadline=60)


TRIES = """
import json, os, socket, sys
def may(what):
    try:
        what()
        return True
    except OSError:
        return False
model, sound, options = sys.argv[1:]
given = json.loads(options)["language"].split()
found = {
    "sound": may(lambda: open(sound).close()),
    "model": may(lambda: os.listdir(model)),
    "secret": may(lambda: open(given[0]).close()),
    "passwd": may(lambda: open("/etc/passwd").close()),
    "network": may(lambda: socket.create_connection(("127.0.0.1", int(given[1])), 2)),
    "writing": may(lambda: open(sound, "a").close()),
    "environment": set(os.environ) <= {"PATH", "LC_ALL", "LC_CTYPE", "PWD"},
}
said = [[0, 1, name, 1] for name, yes in found.items() if yes]
print(json.dumps({"words": said, "reached": 1}))
print(json.dumps({"done": True}))
"""


def test_it_sees_the_sound_and_the_model_and_nothing_else(wave, monkeypatch, tmp_path, settings):
    settings.MEDIA_SANDBOX = "required"
    program, secret = tmp_path / "tries.py", tmp_path / "secret"
    program.write_text(TRIES)
    secret.write_text("what somebody told only us")
    monkeypatch.setattr(transcriber, "PROGRAM", program)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        given = f"{secret} {listening.getsockname()[1]}"
        heard = transcriber.hear(wave, deadline=60, language=given)
    assert {word.text for word in heard.words} == {"sound", "model", "environment"}
