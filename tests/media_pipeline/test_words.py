"""Words of a recording: which sound is heard, and who may write over whose words, and when."""

from __future__ import annotations

import threading

import pytest

from media_pipeline import api, storage, tasks, transcriber, words
from media_pipeline.models import MediaAsset, MediaJob, Rendition
from media_pipeline.stages import transcribe
from media_pipeline.transcriber import Heard, Word
from tests import recordings
from tests.media_pipeline.conftest import receive
from tests.processes import until

pytestmark = pytest.mark.django_db(transaction=True)
HERS = [words.Cue(0.5, 2.5, "In her own words.", ())]


@pytest.fixture
def short():
    """Four seconds of speech, ready but for its words."""
    asset = receive(recordings.sound("mp3", 1))
    api.start(asset.id, transcribe=False)
    tasks.run_asset.call(str(asset.id))
    yield asset.id
    api.erase(asset.id)


def text_of(asset_id) -> str:
    return " ".join(cue.text for cue in api.cues(asset_id))


def job(asset_id) -> MediaJob:
    return MediaJob.objects.get(asset_id=asset_id, stage="transcribe")


def hear(asset_id) -> None:
    api.hear(asset_id)
    tasks.run_asset.call(str(asset_id))


def quick(monkeypatch, said: str = "Hello there.", **facts) -> list:
    """A model that needs no time. What it was given is returned as it is called."""
    given: list = []

    def heard(sound, **options) -> Heard:
        given.append(options)
        return Heard(**{"language": "en", "words": [Word(0.1, 0.9, said, 0.9)]} | facts)

    monkeypatch.setattr(transcriber, "hear", heard)
    return given


def test_the_recording_as_it_was_sent_is_heard_and_else_what_was_made_of_it(short, tmp_path):
    made = Rendition.objects.filter(asset_id=short, name="audio.m4a")
    disguised = tmp_path / "audio.m4a"  # as badly as can be: nobody is heard
    recordings.run("-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-t", "3", disguised)
    made.update(stored=storage.keep(storage.renditions(), short, disguised, "audio/mp4"))
    hear(short)
    assert "leisure to consider" in text_of(short)
    assert api.spoken(short) == api.Spoken("en", "assumed", None, "machine", "")
    assert api.renditions(short)["captions.vtt"].sha256
    api.forget_heard(short)
    assert api.cues(short) == []
    assert "captions.vtt" not in api.renditions(short)
    assert api.spoken(short) == api.Spoken("", "", None, "", "")
    assert api.drop_original(short)
    hear(short)
    assert api.spoken(short) == api.Spoken("", "", None, "", transcribe.SILENT)


def test_where_no_sound_is_left_a_person_has_to_write(short):
    assert api.drop_original(short)
    row = Rendition.objects.get(asset_id=short, name="audio.m4a")
    row.delete()
    storage.delete(storage.renditions(), row.stored)
    hear(short)
    assert api.spoken(short).note == transcribe.NOTHING_LEFT
    assert api.progress(short).state == "done"


def test_the_original_waits_for_the_model_that_is_there_and_for_no_other(short, monkeypatch):
    api.hear(short)
    assert not api.drop_original(short)
    monkeypatch.setattr(transcriber, "available", lambda: False)
    assert api.drop_original(short)


def test_who_takes_it_back_stops_the_model_and_keeps_nothing_of_it(short):
    api.hear(short)
    worker = threading.Thread(target=lambda: tasks.run_asset.call(str(short)))
    worker.start()
    until(lambda: job(short).state == "running")
    until(lambda: recordings.processes_in(storage.scratch(short)))
    api.forget_heard(short)
    until(lambda: not recordings.processes_in(storage.scratch(short)), patience=20)
    worker.join(20)
    assert (job(short).state, api.cues(short)) == ("cancelled", [])
    assert api.ring_all() == 0


def test_a_worker_that_comes_too_late_brings_nothing_back(short, monkeypatch):
    """Taken back between the model's last word and the transaction that keeps it."""

    def taken_back_meanwhile(*_, **__) -> Heard:
        api.forget_heard(short)
        return Heard("en", words=[Word(0, 1, "No.", 1)])

    monkeypatch.setattr(transcriber, "hear", taken_back_meanwhile)
    hear(short)
    assert (job(short).state, api.cues(short)) == ("cancelled", [])
    assert "captions.vtt" not in api.renditions(short)


def test_no_machine_writes_over_what_a_person_wrote(short, monkeypatch):
    def written_meanwhile(*_, **__) -> Heard:
        words.keep(MediaAsset.objects.get(pk=short), HERS, words.PERSON)
        return Heard("en", words=[Word(0, 1, "Robot.", 1)])

    monkeypatch.setattr(transcriber, "hear", written_meanwhile)
    hear(short)
    assert text_of(short) == "In her own words."
    quick(monkeypatch)
    hear(short)
    api.start(short, transcribe=True)
    tasks.run_asset.call(str(short))
    assert text_of(short) == "In her own words."
    api.forget_heard(short)  # whoever takes recognition back has not taken back their own words
    assert text_of(short) == "In her own words."
    assert api.spoken(short).words_by == "person"


def test_a_language_that_no_model_knows_is_left_to_a_person(short, monkeypatch):
    given = quick(monkeypatch, language="cy", probability=0.9)
    hear(short)
    assert api.spoken(short) == api.Spoken("cy", "machine", 0.9, "machine", "")
    api.name_language(short, "gd")
    assert api.cues(short) == []
    assert "Gaelic" in api.spoken(short).note
    hear(short)
    assert len(given) == 1, "nobody listened again"
    api.name_language(short, "en")
    hear(short)
    assert given[-1]["language"] == "en"
    assert api.spoken(short).language_by == "person"


def test_who_is_not_sure_of_the_language_writes_nothing(short, monkeypatch):
    quick(monkeypatch, language="nn", probability=0.4, unsure=True, words=[])
    hear(short)
    found = api.spoken(short)
    assert (api.cues(short), found.note, found.probability) == ([], transcribe.UNSURE, 0.4)


def test_a_model_that_fails_does_not_hold_the_recording_up(short, monkeypatch, settings):
    settings.MEDIA_MAX_ATTEMPTS = 1

    def fail(*_, **__):
        raise transcriber.SpeechFailed("Speech recognition crashed", "", -11)

    monkeypatch.setattr(transcriber, "hear", fail)
    hear(short)
    assert job(short).state == "dead"
    assert api.progress(short).state == "done"
    assert api.in_trouble() == [short]
