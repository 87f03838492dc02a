"""A story in another language than the page around it says so, wherever a part of it stands."""

from __future__ import annotations

from stories.contributions.versions import StoryVersion
from stories.pages.models import StoryPage
from tests.people import Contributor, work

TITLE = "شاي مع أمي"
NAME = "ليلى"


def test_an_arabic_story_is_marked_wherever_it_stands(moderator, stranger):
    Contributor().tell(TITLE, "كان الصباح هادئا", name="chosen", shown_name=NAME)
    Contributor().tell("Quibblewick", "Some words.")
    for reference in moderator.waiting():
        moderator.approve(reference)
    work()
    arabic = StoryPage.objects.get(version__title=TITLE)
    StoryVersion.objects.filter(pk=arabic.version_id).update(language="ar")
    marked = f'lang="ar" dir="rtl">{TITLE}'
    listed = stranger.client.get("/stories/").content.decode()
    assert marked in listed
    assert f"<bdi>{NAME}</bdi>" in listed
    assert '">Quibblewick</a>' in listed
    assert listed.count('lang="ar"') == 2  # its title and its first words, and nothing else's
    page = stranger.client.get(f"/stories/{arabic.slug}/").content.decode()
    assert f"<h1 {marked}" in page
    assert 'data-told lang="ar" dir="rtl">كان' in page
    assert '<html lang="en-GB">' in page
