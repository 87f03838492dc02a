"""The index beside the database: each way in which they can differ is named, and put right."""

from __future__ import annotations

import io
import sys
import textwrap

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from search import api as search
from search.models import FilledEngine
from stories.consent.vocabulary import Term
from stories.contributions.models import Contribution
from stories.publishing.index_check import everything
from tests import search_index
from tests.people import Contributor, work
from tests.processes import Worker, until

WORDS = ("garlic", "marrowby", "ostrakova")


def check() -> str:
    """What check_search says, whether it finds something or not."""
    said = io.StringIO()
    try:
        call_command("check_search", stdout=said)
    except CommandError as error:
        said.write(f"{error} [exit {error.returncode}]")
    assert not [word for word in WORDS if word in said.getvalue().lower()]
    return said.getvalue()


def rebuild(*options: str) -> str:
    said = io.StringIO()
    call_command("rebuild_search", *options, stdout=said)
    return said.getvalue()


@pytest.fixture
def references(moderator) -> list[str]:
    """Of four stories that may be found, all about hope, by rising reference."""
    for _ in range(4):
        Contributor().tell("The garlic is up", "Marrowby.", shown_name="Ostrakova")
    for reference in moderator.waiting():
        moderator.approve(reference, themes=["hope"])
    work()
    return sorted(Contribution.objects.values_list("reference", flat=True))


def test_each_difference_is_named_without_a_word_of_the_story(references):
    missing, older, hidden, fine = references
    assert "holds every story" in check()

    search_index.lose(missing)
    Contribution.objects.filter(reference=older).update(epoch=90, reconciled_epoch=90)
    search.hide(hidden, search.known_version(hidden))
    search.put(search.Document("0000-0000", "Garlic"), 1)
    said = check()
    assert f"{missing} is missing from the index." in said
    assert f"{older} is in the index as of another decision (version" in said
    assert f"{hidden} was taken back from search" in said
    assert "0000-0000 is in the index, and may not be found." in said
    assert fine not in said
    assert "4 stories differ. Run manage.py rebuild_search --anew [exit 1]" in said

    assert "0000-0000 may not be found, and was taken out." in rebuild("--anew")
    said = check()
    assert hidden in said  # what was taken back is brought back by a decision alone
    assert "1 story differs" in said


def test_other_words_than_the_story_has_by_now_are_named(references):
    Term.objects.filter(slug="hope").update(public_label="Looking up")
    said = check()
    assert said.count("is in the index with other words than it has") == 4
    rebuild()
    assert "holds every story" in check()


def test_a_story_that_rests_is_named_while_search_holds_its_words(
    moderator, contributor, references
):
    contributor.tell("The garlic is up", "Marrowby.")
    [reference] = moderator.waiting()
    moderator.approve(reference)
    work()
    document = next(each for each, _ in everything() if each.id == reference)
    contributor.client.post("/my-story/rest/")
    assert "1 story waits for a worker" in check()
    work()
    assert "holds every story" in check()
    search.put(document, search.known_version(reference) + 1)  # as a faulty step would
    assert f"{reference} is in the index, and may not be found" in check()
    rebuild()
    assert "holds every story" in check()
    assert [where for where in search.remnants(reference) if "deleted" not in where] == []


@pytest.mark.embedded
def test_a_text_that_the_full_text_index_has_lost_is_missing(references):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO search_passage_fts (search_passage_fts) VALUES ('delete-all')")
    assert check().count("is missing from the index") == 4


# Some tenths of a second for each story; the last but one is never done.
SLOW = """
    import time
    import django
    django.setup()
    from django.core.management import call_command
    from search.engines import filling
    from stories.publishing import index_check
    filling.MOST_DOCUMENTS = 1
    real, begun = index_check.document_of, []
    def slow(story):
        begun.append(story)
        time.sleep(600 if len(begun) == 4 else 0.6)
        return real(story)
    index_check.document_of = slow
    call_command("rebuild_search")
"""


def test_a_rebuild_that_is_killed_goes_on(references, tmp_path):
    child = Worker(tmp_path / "log", [sys.executable, "-c", textwrap.dedent(SLOW)])
    try:
        until(lambda: FilledEngine.objects.exclude(after="").exists() or child.process.poll())
        assert child.process.poll() is None, child.said()
    finally:
        child.close()
    said = rebuild()
    assert "Goes on where it was stopped, after" in said
    assert "4 stories can be found." in said
    assert "holds every story" in check()
