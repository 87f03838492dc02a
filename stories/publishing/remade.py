"""A recording that was made anew after its story went out: looked at again, and agreed to again.

Somebody changed their mind about a voice or a face. What showed more was closed at once; what was
made instead is in no agreed version, so it stays closed until a moderator has seen it and the
contributor has said yes to it.
"""

from __future__ import annotations

from django.db import transaction
from wagtail.log_actions import log

from media_pipeline import api as media
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.versions import FROZEN, NothingFrozen, StoryVersion, version_of
from stories.letters.post import post
from stories.pages.show import length_of
from stories.publishing.agree import version_to_agree
from stories.publishing.wishes import shown_as
from stories.publishing.words import CAPTIONS, STANDING, are_new


def is_remade(story: Contribution) -> bool:
    """Whether there is a recording, ready, that the version in force does not know of."""
    if story.state not in STANDING or story.upload is None:
        return False
    try:
        version = version_of(story)
    except NothingFrozen:
        return False
    made = _made(story)
    if version.voice == "spoken" and are_new(story):
        return False  # other words are read aloud: the reading goes out with them (words.py)
    unknown = any(version.renditions.get(name) != sha256 for name, sha256 in made.items())
    return unknown and media.progress(story.upload.asset_id).state == "done"


def offer(story: Contribution, moderator) -> StoryVersion:
    """A moderator has seen and heard it: now the contributor is asked. The story itself stays.

    Raises NotPossible when nothing was made anew, or it waits for their answer already.
    """
    with transaction.atomic():
        story = Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
        if story.upload is None or not is_remade(story) or version_to_agree(story) is not None:
            raise NotPossible("nothing was made anew")
        before = version_of(story)
        made = media.renditions(story.upload.asset_id)
        voice, face = shown_as(made)
        frozen = {field: getattr(before, field) for field in FROZEN}
        if "spoken" in {voice, before.voice} and voice != before.voice:
            frozen["noted_passages"] = []  # what is read aloud has times of its own
        captions = {n: sha256 for n, sha256 in before.renditions.items() if n == CAPTIONS}
        version = StoryVersion.objects.create(
            **frozen
            | {
                "contribution": story,
                "number": story.versions.count() + 1,
                "renditions": _made(story) | captions,
                "seconds": length_of(made, story.upload.seconds),
                "voice": voice,
                "face": face,
                # What a computer's voice reads has its own times.
                "chapters": [] if "spoken" in {voice, before.voice} else before.chapters,
                # What could be seen before may not be to be seen now.
                "picture_in_words": before.picture_in_words if face == before.face else "",
                "approved_by": moderator,
                "agreed_at": None,
            }
        )
        story.keep(objection="")
        log(instance=story, action="stories.remade", user=moderator, content_changed=False)
        post(story, "look", about=str(version.number))
    return version


def _made(story: Contribution) -> dict[str, str]:
    """Hashes by name, but for the words: those are agreed to by themselves (words.py)."""
    made = media.renditions(story.upload.asset_id) if story.upload else {}
    return {name: item.sha256 for name, item in made.items() if name != CAPTIONS}
