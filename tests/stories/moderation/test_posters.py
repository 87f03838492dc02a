"""The picture before a film begins: chosen at the desk, frozen with the rest; no other is shown."""

from __future__ import annotations

import re

import pytest

from media_pipeline import api as media
from media_pipeline.models import Rendition
from stories.contributions.models import Contribution
from tests import recordings
from tests.media_pipeline import kept
from tests.people import work


@pytest.fixture
def film(contributor) -> Contribution:
    contributor.tell("The garlic is up", recording=recordings.video("mp4", 2), transcribe="no")
    work()
    return Contribution.objects.get()


def desk(story: Contribution) -> str:
    return f"/admin/contributions/{story.reference}/"


def hashes(story: Contribution) -> dict[str, str]:
    return {name: item.sha256 for name, item in media.renditions(story.upload.asset_id).items()}


def test_a_moderator_chooses_and_that_is_what_goes_out(film, moderator, stranger):
    page = moderator.client.get(desk(film)).content.decode()
    names = re.findall(r'name="poster" id="(poster-\d\.jpg)"', page)
    assert names == ["poster-1.jpg", "poster-2.jpg", "poster-3.jpg"]
    assert 'value="poster-1.jpg" checked' in page
    made = hashes(film)
    assert len({made[name] for name in names}) == 3, "nothing to choose from"
    moderator.client.post(desk(film) + "poster/", {"poster": "poster-3.jpg"})
    assert hashes(film) == made | {"poster.jpg": made["poster-3.jpg"]}
    assert 'value="poster-3.jpg" checked' in moderator.client.get(desk(film)).content.decode()
    # Every row has its own file, and nothing is left of the one before.
    rows = Rendition.objects.exclude(stored="").values_list("stored", flat=True)
    assert kept.names("renditions") == sorted(rows)
    moderator.approve(film.reference)
    work()
    [address] = stranger.stories()
    shown = b"".join(stranger.client.get(f"{address}media/poster.jpg"))
    assert shown == b"".join(moderator.client.get(desk(film) + "media/poster-3.jpg"))
    assert film.versions.get().renditions["poster.jpg"] == made["poster-3.jpg"]
    # What was agreed to stays as it is.
    answer = moderator.client.post(desk(film) + "poster/", {"poster": "poster-1.jpg"}, follow=True)
    assert "already decided" in answer.content.decode()
    assert hashes(film)["poster.jpg"] == made["poster-3.jpg"]
    assert "Use this picture" not in moderator.client.get(desk(film)).content.decode()


def test_who_looked_before_it_was_changed_looks_again(film, moderator):
    seen = {"epoch": film.epoch, "heard": ""}
    moderator.client.post(desk(film) + "poster/", {"poster": "poster-2.jpg"})
    answer = moderator.approve(film.reference, **seen)
    assert answer.status_code == 409
    before = hashes(film)
    for wrong in ("poster.jpg", "story.mp4", "poster-4.jpg", "", "poster-2.jpg"):
        moderator.client.post(desk(film) + "poster/", {"poster": wrong})
    assert hashes(film) == before
