"""The landing page's ways in: by what parts the stories, and only to those that may be listed."""

from __future__ import annotations

from stories.consent.models import current_statement
from stories.consent.record import Answer
from stories.contributions.models import Contribution
from stories.publishing.answer import answer
from tests.people import Contributor, work


def test_ways_in_lead_to_what_may_be_listed_now(moderator, stranger):
    for title, theme in (("One", "hope"), ("Two", "rights"), ("Three", "hope")):
        Contributor().tell(title, "Some words.")
        moderator.approve(moderator.waiting()[0], themes=[theme])
    work()

    def ways() -> set[str]:
        page = stranger.client.get("/").content.decode()
        return {theme for theme in ("hope", "empowerment") if f"/stories/?theme={theme}" in page}

    assert ways() == {"hope", "empowerment"}  # a narrow theme by the wide one above it
    for purpose in ("site_search", "external_search_engines"):
        story = Contribution.objects.get(page__version__title="Two")
        answer(story, Answer(current_statement(purpose), "no"))
        assert ways() == set()  # all that is left is about the same
        answer(story, Answer(current_statement(purpose), "yes"))
        assert ways() == {"hope", "empowerment"}
