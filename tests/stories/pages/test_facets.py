"""What a list of stories can be narrowed by: the same on the search page and among all stories."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from stories.contributions.models import Contribution
from tests import recordings
from tests.people import Contributor, work

TOLD = {
    "bus": ("harbour", 30, {"themes": ["hope", "peer-support"], "how_it_goes": "better"}),
    "kettle": ("harbour", 1300, {"themes": ["connectedness"], "content_notes": ["suicide"]}),
    "night": (
        "harbour",
        3200,
        {
            "themes": ["rights"],
            "content_notes": ["self-harm"],
            "how_it_goes": "still-in-it",
            "perspective": "carer",
        },
    ),
    "garden": ("allotment", 40, {"themes": ["hope"], "content_notes": ["suicide", "violence"]}),
}


@pytest.fixture
def told(moderator) -> dict[str, Contributor]:
    """Four written stories, the last of them the newest."""
    people = {}
    for title, (word, number, description) in TOLD.items():
        people[title] = Contributor().tell(title, f"At the {word}." + " and so on" * (number // 3))
        moderator.approve(moderator.waiting()[0], **description)
    work()
    for years, story in enumerate(Contribution.objects.order_by("-pk")):
        shared = timezone.now() - timezone.timedelta(days=366 * years)
        Contribution.objects.filter(pk=story.pk).update(published_at=shared)
    return people


def titles(page: str) -> list[str]:
    return re.findall(r'<h[23]><a href="/stories/[^"]+"[^>]*>(\w+)</a>', page)


def counts(page: str) -> dict[str, int]:
    found = re.findall(
        r'value="([\w-]+)"[^>]*> <span>[^<]+</span> <span class="count">(\d+)<', page
    )
    return {value: int(number) for value, number in found}


@pytest.fixture
def at(stranger):
    """The page at an address, whose status has to be 200."""

    def page(address: str) -> str:
        response = stranger.client.get(address)
        assert response.status_code == 200, address
        return response.content.decode()

    return page


FOUND = {
    "": ["garden", "night", "kettle", "bus"],
    "theme=hope": ["garden", "bus"],
    "theme=connectedness": ["kettle", "bus"],  # a narrow theme counts for the wide one
    "theme=peer-support&theme=rights": ["night", "bus"],
    "theme=hope&goes=better": ["bus"],
    "view=carer": ["night"],
    "length=middle&length=long": ["night", "kettle"],
    "without=suicide": ["night", "bus"],
    "without=suicide&without=self-harm&theme=hope": ["bus"],
    "kind=watch": [],
    "kind=watch&kind=read&sort=shortest": ["bus", "garden", "kettle", "night"],
    "sort=longest&theme=hope": ["garden", "bus"],
    "theme=nonsense&kind=%F0%9F&year=1&sort=x&page=-1": ["garden", "night", "kettle", "bus"],
    "page=99999999999999999": ["garden", "night", "kettle", "bus"],
    "page=9999": ["garden", "night", "kettle", "bus"],
}


def test_all_that_is_chosen_has_to_fit_on_both_pages(told, at):
    for asked, found in FOUND.items():
        assert titles(at(f"/stories/?{asked}")) == found, asked
        harbour = [title for title in found if TOLD[title][0] == "harbour"]
        in_search = titles(at(f"/search/?q=harbour&{asked}"))
        assert sorted(in_search) == sorted(harbour), asked
        if "sort" in asked and "sort=x" not in asked:
            assert in_search == harbour, asked


def test_counts_leave_out_their_own_choice_and_say_nothing_of_what_is_closed(told, at):
    search = "/search/?q=harbour&"
    assert counts(at("/stories/")) == {
        **{"connectedness": 2, "peer-support": 1, "hope": 2, "empowerment": 1, "rights": 1},
        **{"better": 1, "still-in-it": 1, "carer": 1, "short": 2, "middle": 1, "long": 1},
        **{"suicide": 2, "self-harm": 1, "violence": 1},
        **{str(year): number for year, number in years().items()},
    }
    hope = counts(at("/stories/?theme=hope"))
    assert (hope["connectedness"], hope["rights"]) == (2, 1)  # what choosing them too would bring
    assert "middle" not in hope
    assert "still-in-it" not in hope
    assert hope["suicide"] == 1
    left = counts(at(f"{search}theme=hope&without=suicide"))
    assert (left["hope"], left["connectedness"], left["peer-support"]) == (1, 1, 1)
    assert "better" not in left  # all that is left has it: no choice
    assert "suicide" in left  # chosen, though no harbour story with hope has it
    assert "violence" not in left

    told["bus"].take_down()
    for address in ("/stories/", search):
        page = at(address)
        assert "peer-support" not in page
        assert "Things got better" not in page
    assert "No story fits" in at("/stories/?theme=peer-support")


def years() -> dict[int, int]:
    found: dict[int, int] = {}
    for story in Contribution.objects.all():
        year = timezone.localtime(story.published_at).year
        found[year] = found.get(year, 0) + 1
    return found


def test_what_was_chosen_can_be_taken_away_again_and_is_carried_on(told, at, stranger):
    page = at("/search/?q=harbour&theme=hope&without=suicide&sort=newest&page=7")
    chips = page[page.index('class="chips"') : page.index("Take all away")]
    taken = re.findall(r'href="([^"]+)"[^>]*>\s*([^<]+)<', chips)
    assert taken[:2] == [
        ("?q=harbour&amp;without=suicide&amp;sort=newest", "Finding hope"),
        ("?q=harbour&amp;theme=hope&amp;sort=newest", "Without suicide"),
    ]
    # Other words, and the rest of the facets, keep what was chosen.
    form = page[page.index('role="search"') : page.index("</form>")]
    for field in ('name="theme" value="hope"', 'name="without" value="suicide"'):
        assert field in form
    assert (
        '<input type="hidden" name="sort" value="newest">' in page.split('class="choose-form"')[1]
    )

    none = at("/search/?q=harbour&kind=watch")
    assert "see all 3</a>" in none
    assert "share your story" not in none.split('class="empty"')[1].split("</div>")[0]


def test_only_the_whole_list_in_its_usual_order_is_for_engines(told, stranger):
    def rules(address: str) -> str:
        return stranger.client.get(address).headers.get("X-Robots-Tag", "")

    assert "noindex" not in rules("/stories/")
    assert "noindex" not in rules("/stories/?page=1&theme=nonsense")
    for asked in ("theme=hope", "sort=longest", "without=suicide", "kind=watch"):
        assert "noindex" in rules(f"/stories/?{asked}"), asked


def test_a_moment_in_a_story_with_a_content_note_waits_to_be_asked_for(told, at):
    page = at("/search/?q=harbour")
    hits = {titles(hit)[0]: hit for hit in page.split('<li class="hit">')[1:]}
    assert "<details" not in hits["bus"]
    noted = hits["kettle"]
    assert noted.index("Before you go in: suicide") < noted.index("<details")
    assert noted.index("<details") < noted.index('class="moment"') < noted.index("</details>")


def test_few_questions_are_put_to_the_database_however_much_is_chosen(
    told, at, django_assert_max_num_queries
):
    for address in (
        "/stories/",
        "/stories/?theme=hope&theme=rights&kind=read&without=violence&sort=longest",
        "/search/?q=harbour",
        "/search/?q=harbour&theme=hope&theme=rights&kind=read&without=violence&sort=longest",
    ):
        with django_assert_max_num_queries(15):
            at(address)


def test_a_recording_counts_under_the_way_and_the_language_it_is_in(moderator, at):
    Contributor().tell("written", "At the harbour.")
    Contributor().tell("cala", "Aig a' chala.", recording=recordings.sound("mp3", 2))
    work()
    written, spoken = moderator.waiting()
    desk = f"/admin/contributions/{spoken}/words/"
    moderator.client.post(desk, {"do": "language", "language": "gd"})
    work()
    for reference in (written, spoken):
        moderator.approve(reference)
    work()
    page = at("/stories/?language=gd")
    assert titles(page) == ["cala"]
    assert "Gaelic</span>" in page
    assert (counts(page)["gd"], counts(page)["en-GB"]) == (1, 1)
    assert "All</a>" not in page  # there is one way to take in what is in Gaelic
    for kind in ("Read", "Listen"):
        assert f'>{kind} <span class="count">1<' in at("/stories/?sort=longest")
    assert titles(at("/stories/?kind=listen")) == ["cala"]
    assert titles(at("/stories/?kind=read")) == ["written"]
