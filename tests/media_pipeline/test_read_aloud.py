"""Words that a computer's voice reads: real Piper, and what is heard in what it made."""

from __future__ import annotations

import itertools

import pytest

from media_pipeline import aloud, api, storage, tasks, transcriber
from media_pipeline.captions import Cue, shared
from media_pipeline.models import MediaAsset, MediaJob, Rendition
from media_pipeline.stages import speak
from tests import recordings
from tests.media_pipeline import kept
from tests.media_pipeline.conftest import receive

pytestmark = pytest.mark.django_db(transaction=True)
SOUND = {"audio.m4a", "audio.m3u8", "story.mp3", "peaks.json"}
NOTES = "\N{BEAMED EIGHTH NOTES}"
VTT = f"""WEBVTT

00:00.500 --> 00:01.500
The bus was late this morning,

00:01.500 --> 00:02.500
and so I walked home.

00:02.600 --> 00:03.000
{NOTES} {NOTES}

00:03.000 --> 00:03.900
My sister [quietly] opened the window & waited!
"""


@pytest.fixture
def told():
    """Four seconds of speech with a person's words, of which nothing but those is to be heard."""
    asset = receive(recordings.sound("mp3", 1))
    api.write_words(asset.id, VTT.encode())
    api.start(asset.id, transcribe=False, voice="spoken")
    work(asset.id)
    yield asset.id
    api.erase(asset.id)


def work(asset_id) -> None:
    tasks.run_asset.call(str(asset_id))


def note(asset_id) -> str:
    return MediaAsset.objects.get(pk=asset_id).disguise_note


def test_the_words_are_read_and_the_captions_fit_the_reading(told, tmp_path):
    made = api.renditions(told)
    assert set(made) == SOUND | {"captions.vtt", "spoken.vtt"}
    assert {made[name].voice for name in [*SOUND, "spoken.vtt"]} == {"spoken"}
    assert (api.progress(told).state, api.info(told).note) == ("done", "")
    api.release(told, made)  # all of it is proven clean
    cues = api.read_aloud(told)
    assert [cue.text for cue in cues] == [cue.text for cue in api.cues(told)]
    assert all(one.end <= other.start + 0.001 for one, other in itertools.pairwise(cues))
    assert cues[-1].end == pytest.approx(made["story.mp3"].seconds, abs=0.7)
    # What is heard is what was written, at the moment that the captions say.
    (tmp_path / "made.m4a").write_bytes(api.open_rendition(told, "audio.m4a").read())
    wave = tmp_path / "heard.wav"
    recordings.run("-i", tmp_path / "made.m4a", "-ar", "16000", "-ac", "1", wave)
    heard = {
        word.text.strip(".,!").lower(): word for word in transcriber.hear(wave, deadline=300).words
    }
    for word, cue in (("late", 0), ("walked", 1), ("sister", 3), ("window", 3)):
        assert cues[cue].start - 0.4 < heard[word].start < cues[cue].end, word
    assert MediaAsset.objects.get(pk=told).loudness_made == pytest.approx(-19, abs=1.5)


def test_other_words_are_read_anew_and_a_change_of_mind_leaves_nothing(told):
    before = {row.stored for row in Rendition.objects.filter(asset=told) if row.stored}
    assert set(kept.names("renditions")) == before
    one = VTT.split("\n\n")
    api.write_words(told, f"{one[0]}\n\n{one[1]}\n".replace("late", "early").encode())
    # No worker has run: what reads the words of before can't be had, nor does it lie anywhere.
    assert set(api.renditions(told)) == {"captions.vtt"}
    assert kept.names("renditions") == []
    assert api.progress(told).state in {"waiting", "working"}
    work(told)
    assert set(api.renditions(told)) >= SOUND
    assert len(api.read_aloud(told)) == 1
    again = set(kept.names("renditions"))
    assert again
    assert not again & before
    api.start(told, transcribe=False)  # finished work stays
    work(told)
    assert set(kept.names("renditions")) == again
    api.start(told, transcribe=False, voice="none")
    assert set(api.renditions(told)) == {"captions.vtt"}
    assert kept.names("renditions") == []
    # Words are enough to read, also when the recording itself is not kept any more.
    assert api.drop_original(told)
    api.start(told, transcribe=False, voice="spoken")
    work(told)
    assert set(api.renditions(told)) >= SOUND
    api.erase(told)
    assert api.remnants(told) == []


def test_beside_a_picture_nothing_is_read_and_the_real_voice_is_not_heard():
    asset = receive(recordings.video("mp4", 1)).id
    api.write_words(asset, VTT.encode())
    api.start(asset, transcribe=False, voice="spoken")
    work(asset)
    assert not SOUND & set(api.renditions(asset))
    assert {item.voice for item in api.renditions(asset).values()} == {"", "none"}
    api.start(asset, transcribe=False, face="none")
    work(asset)
    assert set(api.renditions(asset)) == SOUND | {"captions.vtt", "spoken.vtt"}
    api.erase(asset)


def test_where_nothing_can_be_read_staff_are_told_and_the_words_go_on(monkeypatch, settings):
    asset = receive(recordings.sound("mp3", 1)).id
    api.start(asset, transcribe=False, voice="spoken")
    work(asset)
    assert note(asset) == "no_words"
    assert "no words" in api.info(asset).note

    def again(subtitles: str = VTT) -> str:
        api.write_words(asset, subtitles.encode())
        work(asset)
        assert api.progress(asset).state == "done"
        assert set(api.renditions(asset)) == {"captions.vtt"}
        return note(asset)

    assert again(f"WEBVTT\n\n00:00.500 --> 00:01.500\n{NOTES}\n") == "no_words"
    api.name_language(asset, "fr")
    assert again() == "other_language"
    api.name_language(asset, "en")
    monkeypatch.setattr(speak, "MOST_LETTERS", 20)
    assert again() == "too_long"
    monkeypatch.undo()
    monkeypatch.setattr(aloud, "VOICE", "no-such-voice")
    assert not api.can_read_aloud()
    assert again() == "no_speaker"
    api.erase(asset)


def test_a_piper_that_breaks_holds_nothing_up_and_tells_nobody_the_words(
    monkeypatch, settings, tmp_path, caplog
):
    settings.MEDIA_MAX_ATTEMPTS = 1
    broken = tmp_path / aloud.model().name
    broken.write_bytes(b"no model")
    broken.with_suffix(".onnx.json").write_bytes(
        aloud.model().with_suffix(".onnx.json").read_bytes()
    )
    monkeypatch.setattr(aloud, "model", lambda: broken)
    asset = receive(recordings.sound("mp3", 1)).id
    api.write_words(asset, VTT.encode())
    api.start(asset, transcribe=False, voice="spoken")
    work(asset)
    job = MediaJob.objects.get(asset=asset, stage="speak")
    assert (job.state, api.progress(asset).state) == ("dead", "done")
    assert "could not be read aloud" in api.info(asset).note
    assert "Piper ended with 1" in job.log_tail
    assert "Traceback" not in job.log_tail  # nothing that Piper says: it might quote the words
    assert "walked" not in job.problem + caplog.text
    assert api.in_trouble() == [asset]
    assert list(storage.scratch(asset).parent.rglob("*.wav")) == []
    assert set(api.renditions(asset)) == {"captions.vtt"}
    monkeypatch.undo()
    assert api.retry(asset)
    work(asset)
    assert set(api.renditions(asset)) >= SOUND
    assert api.info(asset).note == ""
    api.erase(asset)


def test_a_line_is_a_sentence_and_has_nothing_in_it_but_what_can_be_said():
    def texts(*cues: str) -> list[int]:
        return [len(group) for group in speak.lines([Cue(0, 1, text, ()) for text in cues])]

    assert texts("The bus", "was late.", "I walked.", "\N{LEFT DOUBLE QUOTATION MARK}Home") == [
        2,
        1,
        1,
    ]
    assert texts(*["on and on"] * 100) == [44, 44, 12]
    assert speak.speakable("It [[rand]]\n<b>1/2</b>\x07 of\N{NO-BREAK SPACE}it") == (
        "It rand b 1/2 /b of it"
    )
    assert speak.speakable("\N{MIDDLE DOT} \N{HORIZONTAL ELLIPSIS} \N{GRINNING FACE}") == ""
    voices = [("Asks", "And then"), ("Iona", "I walked"), ("Iona", "home. And"), ("", "slept.")]
    turns = speak.lines([Cue(0, 1, text, (), who) for who, text in voices])
    assert speak.spoken_texts(turns) == ["Asks. And then", "Iona. I walked home. And", "slept."]
    parts = shared([Cue(0, 1, "1234", ()), Cue(1, 2, "56", ())], 10, 16)
    assert [(cue.start, cue.end) for cue in parts] == [(10, 14), (14, 16)]
