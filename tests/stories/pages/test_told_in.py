"""A story in another language than the page around it says so, wherever a part of it stands."""

from __future__ import annotations

from stories.contribute.steps import Place, is_done
from stories.contributions.models import Contribution
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


def test_a_story_written_in_another_language_says_so_from_the_form_to_the_page(moderator, stranger):
    writer = Contributor()
    writer.tell("Herbata z mamą", "Poranek był cichy.", language="pl")
    reference = moderator.waiting()[0]
    desk = moderator.client.get(f"/admin/contributions/{reference}/").content.decode()
    assert "Written in Polish." in desk
    assert 'class="desk-words" lang="pl"' in desk
    moderator.approve(reference)
    work()
    page = StoryPage.objects.get()
    shown = stranger.client.get(page.url).content.decode()
    assert '<h1 lang="pl" dir="ltr">Herbata' in shown
    assert '"inLanguage": "pl"' in shown
    assert "data-aloud" not in shown  # too short to be read aloud
    found = stranger.client.get("/search/?q=Poranek&language=pl").content.decode()
    assert "Herbata z mam" in found
    assert "Polish" in found


def test_no_unknown_language_comes_through_the_form(contributor):
    contributor.begin()
    answers = {"title": "Tea", "words": "Some words.", "language": "<b>"}
    refused = contributor.client.post("/share-your-story/words/", answers)
    assert refused.status_code == 422
    assert "Please choose a language from the list." in refused.content.decode()
    # As it was typed it is kept, and can't be sent; an older form that asks nothing means English.
    draft = Contribution.objects.get()
    assert draft.private.language == "<b>"
    assert not is_done(draft, Place("words"))
    del answers["language"]
    assert contributor.client.post("/share-your-story/words/", answers).status_code == 302
    assert Contribution.objects.get().private.language == ""
