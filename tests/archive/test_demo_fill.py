"""The demonstration goes in by the same doors as anyone's story."""

from __future__ import annotations

from archive.demo.fill import Filler
from archive.demo.stories import NOTICE, all_stories
from stories.contributions.models import Contribution
from stories.contributions.versions import StoryVersion
from stories.pages import related
from tests.people import work

NEEDS_NO_VOICE = [story for story in all_stories() if story.kind == "written" or story.reading]


def test_stories_go_through_form_pipeline_and_desk(moderator, stranger, tmp_path, settings):
    said: list[str] = []
    filler = Filler(tmp_path, "moderator", lambda sentence, done, of: said.append(sentence))
    for story in NEEDS_NO_VOICE:
        filler.send(story)
    assert Contribution.objects.filter(state="submitted").count() == len(NEEDS_NO_VOICE)
    work()
    filler.decide_ready()
    assert filler.waiting  # approved, and not on the site before a worker has been there
    work()
    filler.decide_ready()
    assert not filler.waiting
    assert len(stranger.stories()) == len(NEEDS_NO_VOICE)
    settings.SITE_NOTICE = NOTICE
    for address in stranger.stories():
        page = stranger.client.get(address).content.decode()
        assert page.count("made up for this project") == 1
        assert page.index("made up for this project") < page.index("<main")
    # What is said of all of them makes none of them like another.
    wrap, lesson = (
        related.subjects([], version.title, version.summary)
        for version in StoryVersion.objects.filter(
            title__in=["I wrote my WRAP twice", "No lesson in this one"]
        )
    )
    assert not wrap.words.keys() & lesson.words.keys()
    # A second start finds nothing to do.
    again = Filler(tmp_path, "moderator", lambda *_: None)
    assert {story.key for story in NEEDS_NO_VOICE} == set(again.done)
