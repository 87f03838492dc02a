"""The words of a recording: hearing them, forgetting them, and letting them out once agreed."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from media_pipeline import api as media
from search import api as search
from stories.contributions import spoken
from stories.contributions.allowed import exits_of
from stories.contributions.models import Contribution, NotPossible, Upload
from stories.contributions.states import State
from stories.contributions.versions import FROZEN, NothingFrozen, StoryVersion, version_of
from stories.letters.post import post
from stories.pages.models import StoryPage
from stories.pages.show import length_of
from stories.pages.speakers import label_for
from stories.publishing.tasks import ring

RECOGNITION = "recognition"
# States in which a version is in force, and other words need a yes of their own.
STANDING = (State.WAITING, State.PUBLISHED, State.PAUSED)
CAPTIONS = "captions.vtt"
From = Upload.WordsFrom


class HeardOtherwise(NotPossible):
    """Other words are written down by now than those that were looked at."""


def hear_or_forget(story: Contribution, open_before: frozenset[str]) -> None:
    """After an answer, inside its transaction: recognition begins, or what it heard is gone.

    What a person wrote stays. A worker that is at it finds its work taken away, and can't put
    anything back. Words that come are shown to nobody outside until they are agreed.
    """
    upload = story.upload
    may = RECOGNITION in exits_of(story)
    if upload is None or may == (RECOGNITION in open_before):
        return
    with suppress(media.UnknownAsset):
        if may:
            media.hear(upload.asset_id)
        else:
            media.forget_heard(upload.asset_id)


def give(story: Contribution, subtitles: bytes, giver: From, *, speakers: bool = False) -> None:
    """Take a .vtt or .srt file for the words of the story's recording, from now on.

    speakers: whether the names of those who speak are taken from it. Words of a contributor are
    agreed by giving them, once a moderator has looked; a moderator's wait for the contributor.
    Raises media.BadSubtitles, and NotPossible without a recording.
    """
    with transaction.atomic():
        story = Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
        upload = story.upload
        if upload is None or story.is_taken_back:
            raise NotPossible("there is no recording to write words for")
        story.decide()
        texts = story.private
        label = label_for(texts.shown_name, texts.asked_name) if speakers else None
        media.write_words(upload.asset_id, subtitles, speaker=label)
        Upload.objects.filter(pk=upload.pk).update(words_from=giver)
        ring(story.pk)


def are_new(story: Contribution) -> bool:
    """Whether words are written down that nobody has let out, in a story that is let out."""
    if story.state not in STANDING:
        return False
    newest = story.versions.last()
    if newest is None or newest.asset_id is None:
        return False
    cues = spoken.heard(newest.asset_id)
    return bool(cues) and spoken.hash_of(cues) != newest.cues_sha256


def approve_words(story: Contribution, moderator, heard: str) -> StoryVersion:
    """Freeze the version in force once more, with the words that are written down now.

    A contributor's own go out at once; others when the contributor has looked and agreed. `heard`
    is the hash of those that the moderator read. Raises HeardOtherwise when they are others by
    now, NotPossible when there is nothing new to let out.
    """
    with transaction.atomic():
        story = Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
        if not are_new(story):
            raise NotPossible("no words wait for a moderator")
        before, upload = version_of(story), story.upload
        cues = spoken.heard(before.asset_id)
        if spoken.hash_of(cues) != heard:
            raise HeardOtherwise
        made = media.renditions(before.asset_id) if before.asset_id else {}
        read = {name: item for name, item in made.items() if item.voice == "spoken"}
        if _is_being_read(before):
            raise NotPossible("the words are being read aloud")
        own = upload is not None and upload.words_from == From.CONTRIBUTOR and not read
        story.decide()
        story.keep(objection="")
        version = _freeze(story, before, cues, moderator, read=read, agreed=own)
        log(instance=story, action="stories.words", user=moderator, content_changed=False)
        if version.agreed_at:
            put_in_force(story, version)
        else:
            post(story, "look", about=str(version.number))
    return version


def _is_being_read(version: StoryVersion) -> bool:
    asset = version.asset_id
    if asset is None or media.info(asset).voice != "spoken":
        return False
    return media.progress(asset).state in {"waiting", "working"}


def _freeze(
    story: Contribution,
    before: StoryVersion,
    cues: list[media.Cue],
    moderator,
    *,
    read: dict[str, media.RenditionInfo],
    agreed: bool,
) -> StoryVersion:
    """`read`: what was made of these words by a voice that reads them."""
    made = media.renditions(before.asset_id) if before.asset_id else {}
    captions = {CAPTIONS: made[CAPTIONS].sha256} if CAPTIONS in made else {}
    was_read = before.voice == "spoken"  # then words that can't be read go on without a sound
    kept = {name: sha for name, sha in before.renditions.items() if not was_read or name in made}
    spoken_now = {name: item.sha256 for name, item in read.items()}
    spoken_words = sum(len(cue.text.split()) for cue in cues)
    return StoryVersion.objects.create(
        **{name: getattr(before, name) for name in FROZEN}
        | {
            "contribution": story,
            "number": story.versions.count() + 1,
            "renditions": kept | captions | spoken_now,
            "voice": "spoken" if read else "" if was_read else before.voice,
            "seconds": length_of(read, before.seconds),
            "cues_sha256": spoken.hash_of(cues),
            # Another reading of other words has other times.
            "chapters": [] if read or was_read else before.chapters,
            "word_count": len(before.words.split()) + spoken_words,
            # Another reading has other times: until somebody says where, all of it is noted.
            "noted_passages": [] if read or was_read else before.noted_passages,
            "approved_by": moderator,
            "agreed_at": timezone.now() if agreed else None,
        }
    )


def refuse(story: Contribution) -> None:
    """The contributor's no to words in a story that is let out: what was in force stays so.

    It is frozen once more, and is the newest again; so nothing waits. Call it inside atomic().
    """
    with suppress(NothingFrozen):
        before = version_of(story)
        frozen = {name: getattr(before, name) for name in FROZEN}
        number = {"number": story.versions.count() + 1, "agreed_at": timezone.now()}
        version = StoryVersion.objects.create(
            **frozen | number, contribution=story, approved_by=before.approved_by
        )
        StoryPage.objects.filter(contribution=story).update(version=version)


def put_in_force(story: Contribution, version: StoryVersion) -> None:
    """Show another agreed version from this transaction on. Call it after deciding."""
    StoryPage.objects.filter(contribution=story).update(version=version)
    # Up to the decision before this one: what this one wants may be put there again.
    search.hide(story.reference, story.epoch - 1)
    ring(story.pk)
