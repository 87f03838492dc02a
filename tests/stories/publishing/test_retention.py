"""What is kept too long goes; what may stay, stays; and the table says so."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from django.test import Client
from django.utils import timezone

from media_pipeline import api as media
from media_pipeline.stages import STAGES
from stories.consent.events import Receipt
from stories.contributions import keys
from stories.contributions.links import PrivateLink, mint_code, mint_link
from stories.contributions.models import Contribution
from stories.letters.models import Letter
from stories.publishing.ledger import Manifest
from stories.publishing.retention import KEPT, RULES, retention_table
from stories.publishing.tick import tick
from tests import recordings
from tests.people import work

ADDRESS = "ann@example.org"


def enforce(name: str) -> int:
    [rule] = [rule for rule in RULES if rule.name == name]
    return rule.enforce()


@pytest.fixture
def published(contributor, moderator) -> Contribution:
    contributor.tell("The garlic is up", email=ADDRESS)
    moderator.approve(moderator.waiting()[0])
    work()
    return Contribution.objects.get()


def test_the_documentation_holds_the_table():
    page = (Path(__file__).parents[3] / "docs/retention.md").read_text()
    assert retention_table() in page
    assert len(RULES) + len(KEPT) + 2 == len(retention_table().splitlines())


def test_every_rule_is_carried_out_by_tick(site):
    assert {rule.name for rule in RULES} <= set(tick())


def test_a_declined_story_goes_with_a_receipt(contributor, moderator, clock):
    contributor.tell("Garlic for sale", email=ADDRESS)
    moderator.decline(moderator.waiting()[0], reason="selling", letter="We are sorry.")
    clock.set(days=project.DECLINED_DAYS - 1)
    assert tick()["declined stories taken down"] == 0
    clock.set(days=project.DECLINED_DAYS + 1)
    assert tick()["declined stories taken down"] == 1
    work()
    story = Contribution.objects.get()
    assert story.state == "erased"
    assert not keys.exists(story.contributor_key)
    assert Receipt.objects.filter(kind=Receipt.Kind.WITHDRAWN).count() == 1
    assert Letter.objects.get(kind="gone").state == "sent"


def test_messages_go_and_the_rest_stays_as_it_was(published, clock):
    published.keep(reply="We liked the garlic.", objection="Not like this.")
    saved = published.saved_at
    clock.set(days=project.MESSAGE_DAYS - 1)
    assert enforce("messages forgotten") == 0
    clock.set(days=project.MESSAGE_DAYS + 1)
    assert enforce("messages forgotten") == 1
    published.refresh_from_db()
    assert (published.private.reply, published.private.objection) == ("", "")
    assert published.private.title == "The garlic is up"
    assert published.private.email == ADDRESS
    assert published.saved_at == saved
    assert enforce("messages forgotten") == 0


def test_an_address_goes_when_nobody_was_here_for_long(published, contributor, clock):
    clock.set(days=project.CONTACT_DAYS - 100)
    from tests.stories.publishing.test_expiry import say_yes

    say_yes(published, "publish_text")  # here once more, after all
    clock.set(days=project.CONTACT_DAYS + 1)
    assert enforce("addresses forgotten") == 0
    clock.set(days=2 * project.CONTACT_DAYS)
    assert enforce("addresses forgotten") == 1
    published.refresh_from_db()
    assert (published.private.email, published.email_hash) == ("", "")
    assert published.private.title == "The garlic is up"


def test_ended_links_old_letters_and_clean_manifests_go_after_their_time(published, clock):
    first = mint_code(published)
    assert mint_code(published) != first
    running = PrivateLink.objects.filter(revoked_at=None).count()
    Letter.objects.create(contribution=published, kind="changed", about="1", state="due")
    failed = {"contribution": published, "kind": "changed", "state": "failed"}
    Letter.objects.create(**failed, about="2", attempts=1)
    Manifest.objects.create(contribution=published, clean_at=timezone.now())
    clock.set(days=min(89, project.MANIFEST_DAYS - 1))
    for name in ("ended links forgotten", "old letters forgotten", "manifests destroyed"):
        assert enforce(name) == 0
    clock.set(days=91)
    assert enforce("ended links forgotten") == 2  # the form's own code, and the first one
    assert PrivateLink.objects.count() == running
    assert enforce("old letters forgotten") > 0
    left = Letter.objects.values_list("about", flat=True)
    assert sorted(left) == ["1", "2"]
    assert enforce("manifests destroyed") == 1


def test_a_manifest_that_was_never_clean_stays(published, clock):
    Manifest.objects.create(contribution=published)
    clock.set(days=2000)
    assert enforce("manifests destroyed") == 0


def test_an_original_that_was_not_to_be_kept_goes_and_the_story_plays_on(
    contributor, moderator, stranger, stored_files
):
    contributor.tell("The garlic is up", recording=recordings.sound("mp3", 1))
    Contribution.objects.update(keep_original=False)
    work()
    assert tick()["originals removed"] == 0  # not out yet
    moderator.approve(moderator.waiting()[0])
    work()
    asset = Contribution.objects.get().upload.asset_id
    assert any(name.startswith("originals/") for name in stored_files())
    assert tick()["originals removed"] == 1
    assert tick()["originals removed"] == 0
    assert not any(name.startswith("originals/") for name in stored_files())
    assert media.progress(asset).state == "done"
    [address] = stranger.stories()
    assert stranger.client.get(address + "media/story.mp3").status_code == 200
    with pytest.raises(media.OriginalDropped):
        media.open_original(asset)
    media.start(asset, transcribe=False)  # all is made: nothing is missing
    assert media.progress(asset).state == "done"


def test_what_would_need_the_dropped_original_fails_plainly(contributor, monkeypatch):
    contributor.tell(recording=recordings.sound("mp3", 1))
    work()
    asset = Contribution.objects.get().upload.asset_id
    assert media.drop_original(asset)
    # A new version of the archive would make it in another way.
    renewed = replace(STAGES["transcode"], profile=lambda: {"version": "another"})
    monkeypatch.setitem(STAGES, "transcode", renewed)
    with pytest.raises(media.OriginalDropped, match="not kept any more"):
        media.start(asset, transcribe=False)
    assert media.progress(asset).state == "done"
    assert media.drop_original(asset) is False
    assert media.drop_original(uuid.uuid4()) is False


def test_an_unprepared_recording_keeps_its_original(contributor):
    contributor.tell(recording=recordings.sound("mp3", 1))
    asset = Contribution.objects.get().upload.asset_id
    assert media.drop_original(asset) is False
    with media.open_original(asset) as file:
        assert file.read(1)


def test_an_ended_link_is_told_so_and_later_unknown(published, clock):
    link = f"/my-story/{mint_link(published)}/"
    PrivateLink.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert Client().get(link).status_code == 410
    clock.set(days=91)
    enforce("ended links forgotten")
    assert Client().get(link).status_code == 404
