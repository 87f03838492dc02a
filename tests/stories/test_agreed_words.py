"""Words of a recording leave only as they were agreed: not late ones, and not changed ones."""

from __future__ import annotations

import ast
import io
import zipfile
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model

from media_pipeline.models import MediaAsset, TranscriptCue
from stories.consent.models import current_statement
from stories.consent.record import Answer
from stories.contributions.allowed import exits_of
from stories.contributions.models import Contribution
from stories.mine.seen import seen_by_others
from stories.pages.models import StoryPage
from stories.publishing.answer import answer
from stories.publishing.approve import SeenOtherwise, approve
from stories.publishing.ask import public_texts
from stories.publishing.bundle import write_story
from stories.publishing.documents import document_of
from tests import recordings
from tests.people import work

AGREED, OTHER = "the marmalade was finished", "the wombat was finished"
# Who may know of words that nobody has agreed to yet: one module, and what it tells is private.
MAY_READ_THE_PIPELINE = {"contributions/spoken.py"}


@pytest.fixture
def told(contributor) -> Contribution:
    contributor.tell("A reading", recording=recordings.sound("mp3", 1))
    work()
    return Contribution.objects.get()


def write_down(story: Contribution, said: str) -> None:
    asset = MediaAsset.objects.get(pk=story.upload.asset_id)
    asset.cues.all().delete()
    words = [[0.2, 0.4, said.split()[0], 0.9]]
    TranscriptCue.objects.create(asset=asset, number=0, start=0.2, end=2, text=said, words=words)


def let_out(story: Contribution, moderator) -> StoryPage:
    moderator.approve(story.reference)
    answer(story, Answer(current_statement("transcript_download"), "yes"))
    work()
    return StoryPage.objects.get(contribution=story)


def everywhere(story: Contribution, page: StoryPage, stranger) -> dict[str, str]:
    """What each way out tells now."""
    exits = exits_of(story)
    lent = io.BytesIO()
    with zipfile.ZipFile(lent, "w") as bundle:
        write_story(bundle, page, exits, [])
    with zipfile.ZipFile(lent) as bundle:
        copied = "\n".join(bundle.read(name).decode(errors="replace") for name in bundle.namelist())
    return {
        "page": stranger.client.get(page.url).content.decode(),
        "file": stranger.client.get(f"{page.url}transcript.txt").content.decode(),
        "index": str(document_of(story)),
        "quotations": "\n".join(public_texts(story)),
        "copies": copied,
        "search": stranger.search("wombat"),
    }


def test_words_that_come_after_approval_are_shown_nowhere(told, moderator, stranger):
    page = let_out(told, moderator)
    write_down(told, OTHER)
    for way, said in everywhere(told, page, stranger).items():
        assert OTHER not in said, way
        assert "wombat was" not in said, way
    told.refresh_from_db()
    assert "The words that are said stand there to read." not in seen_by_others(told, page)
    # Whose they are, and whoever is to look at them, can read them.
    assert OTHER in moderator.client.get(f"/admin/contributions/{told.reference}/").content.decode()


def test_words_that_were_changed_are_not_shown_as_agreed(told, moderator, stranger):
    write_down(told, AGREED)
    page = let_out(told, moderator)
    before = everywhere(told, page, stranger)
    for way in ("page", "index", "quotations", "copies"):
        assert AGREED in before[way], way
    assert "The words that are said stand there to read." in seen_by_others(told, page)
    write_down(told, OTHER)
    for way, said in everywhere(told, page, stranger).items():
        assert OTHER not in said, way
        assert way == "search" or AGREED not in said, way


def test_words_heard_while_a_moderator_reads_are_not_approved_unread(told, moderator):
    address = f"/admin/contributions/{told.reference}/"
    form = moderator.client.get(address).context["approve_form"]
    seen = {name: form.initial[name] for name in ("epoch", "heard")}
    write_down(told, OTHER)
    refused = moderator.approve(told.reference, **seen)
    assert refused.status_code == 409
    with pytest.raises(SeenOtherwise):
        approve(told, get_user_model().objects.get(), heard=seen["heard"])
    assert not told.versions.exists()
    again = {name: refused.context["approve_form"][name].value() for name in seen}
    assert moderator.approve(told.reference, **again).status_code == 302
    assert told.versions.count() == 1


def test_nobody_else_reads_words_in_the_pipeline():
    """By the source: a new page that asks the pipeline itself would show what nobody agreed to."""
    root = Path(__file__).resolve().parents[2] / "stories"
    asks = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr == "cues":
                asks.add(path.relative_to(root).as_posix())
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("media_pip"):
                assert not {alias.name for alias in node.names} & {"cues"}, path
    assert asks == MAY_READ_THE_PIPELINE
