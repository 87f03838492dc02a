"""Approve: freeze the version that the moderator saw, and let it go out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.db import transaction
from wagtail.log_actions import log

from media_pipeline import api as media
from stories.consent.exits import open_exits
from stories.consent.reading import consents_of
from stories.contributions import spoken
from stories.contributions.languages import NAMES
from stories.contributions.models import Contribution, NotPossible, Upload
from stories.contributions.sealed import Private
from stories.contributions.states import State, may_move
from stories.contributions.versions import ENGLISH, StoryVersion
from stories.letters.post import post
from stories.pages.show import length_of, paragraphs_of
from stories.publishing.agree import go_out
from stories.publishing.wishes import shown_as

SUMMARY_CHARACTERS = 200


@dataclass(frozen=True)
class Description:
    """What staff say of a story (slugs of terms), and words that they changed, if any."""

    themes: list[str] = field(default_factory=list)
    content_notes: list[str] = field(default_factory=list)
    noted_passages: list[dict] = field(default_factory=list)
    note_remark: str = ""
    how_it_goes: str = ""
    perspective: str = ""
    title: str | None = None
    words: str | None = None


class NotReady(NotPossible):
    """The recording is not prepared yet, so there is nothing exact to approve."""


class SeenOtherwise(NotPossible):
    """Something was changed since the moderator opened it: a name, an answer."""


def approve(
    story: Contribution,
    moderator,
    description: Description | None = None,
    *,
    seen: int | None = None,
    heard: str | None = None,
) -> StoryVersion:
    """Freeze, agree and publish in one transaction. Unchanged words were agreed at sending.

    Changed ones, a line of ours beside the content notes, and a voice or a face that was disguised
    or replaced, wait until the contributor has looked and agreed (agree.py). `seen` is the epoch
    that the moderator had before them, and `heard` the hash of the transcript. Raises SeenOtherwise
    when either is another by now, NotReady while the pipeline works, NotPossible when someone else
    has decided.
    """
    with transaction.atomic():
        # What is frozen is what stands there by now, with a name changed a moment ago.
        story.refresh_from_db(from_queryset=Contribution.objects.select_for_update(no_key=True))
        if not may_move(story.state, State.APPROVED):
            raise NotPossible(f"it is {story.state}")
        if seen is not None and seen != story.epoch:
            raise SeenOtherwise("it was changed meanwhile")
        version = freeze(story, moderator, description or Description())
        if heard is not None and heard != version.cues_sha256:
            raise SeenOtherwise("other words were written down meanwhile")
        story.move(State.APPROVED)
        if story.private.objection:
            story.keep(objection="")
        log(instance=story, action="stories.approve", user=moderator, content_changed=False)
        if version.agreed_at is None:
            post(story, "look", about=str(version.number))
        else:
            story.move(State.AGREED)
            go_out(story)
    return version


def freeze(story: Contribution, moderator, description: Description) -> StoryVersion:
    """Make the StoryVersion of what is there now."""
    private, upload = story.private, story.upload
    if upload and media.progress(upload.asset_id).state != "done":
        raise NotReady
    cues = spoken.heard(upload.asset_id) if upload else []
    changed = False
    for field_name in ("title", "words"):
        sent, said = getattr(private, field_name), getattr(description, field_name)
        if said is not None and as_seen(said) != as_seen(sent):
            setattr(private, field_name, said)
            changed = True
    cues_sha256 = spoken.hash_of(cues) if upload else ""
    if upload and upload.words_from == Upload.WordsFrom.MODERATOR:
        # What a moderator put right in the transcript is looked at too, once.
        agreed = story.versions.filter(cues_sha256=cues_sha256, agreed_at__isnull=False)
        changed = changed or not agreed.exists()
    if description.note_remark and not has_agreed_to(story, description.note_remark):
        changed = True
    naming = consents_of(story.contributor_key).choices.get("show_name", "")
    made = media.renditions(upload.asset_id) if upload else {}
    voice, face = shown_as(made)
    if voice in {"disguised", "spoken"} or face == "blurred":
        changed = True  # nobody has seen or heard it like that yet
    return StoryVersion.objects.create(
        contribution=story,
        number=story.versions.count() + 1,
        kind=kind_of(story, upload),
        title=private.title,
        summary=summary_of(unnoted(private.words, upload, description.noted_passages)),
        words=private.words,
        shown_name=private.shown_name if naming in {"my_name", "chosen"} else "",
        naming=naming,
        language=language_of(private, upload),
        themes=description.themes,
        content_notes=description.content_notes,
        noted_passages=description.noted_passages,
        note_remark=description.note_remark,
        how_it_goes=description.how_it_goes,
        perspective=description.perspective,
        asset_id=upload.asset_id if upload else None,
        renditions={name: item.sha256 for name, item in made.items()},
        voice=voice,
        face=face,
        cues_sha256=cues_sha256,
        seconds=length_of(made, upload.seconds) if upload else 0.0,
        word_count=words_to_read(private, cues),
        approved_by=moderator,
        agreed_at=None if changed else story.sent_at,
    )


def language_of(private: Private, upload: Upload | None) -> str:
    """What was heard in a recording, or what the writer of a story said."""
    if upload:
        return spoken.language_of(upload.asset_id)
    written = private.language
    return written if written in NAMES and written != "en" else ENGLISH


def has_agreed_to(story: Contribution, remark: str) -> bool:
    """Whether the contributor said yes to a version with this very line beside its notes."""
    return story.versions.filter(note_remark=remark, agreed_at__isnull=False).exists()


def as_seen(text: str) -> str:
    """What a reader sees of a text: how lines end and how wide gaps are does not show."""
    lines = "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines)


def kind_of(story: Contribution, upload: Upload | None) -> str:
    """How a visitor takes it in: by what may be shown, not by what was sent."""
    exits = open_exits(consents_of(story.contributor_key))
    if upload and upload.kind == "video" and "picture" in exits:
        return StoryVersion.Kind.WATCH
    if upload and "sound" in exits:
        return StoryVersion.Kind.LISTEN
    return StoryVersion.Kind.READ


def words_to_read(private: Private, cues: list[media.Cue]) -> int:
    return len(private.words.split()) + sum(len(cue.text.split()) for cue in cues)


def unnoted(words: str, upload: Upload | None, passages: list[dict]) -> str:
    """A written story without the paragraphs that a content note is about; any other as it is."""
    if upload:
        return words
    noted = {at for kept in passages for at in range(kept["start"], kept["end"] + 1)}
    kept_words = [text for at, text in enumerate(paragraphs_of(words), start=1) if at not in noted]
    return "\n\n".join(kept_words)


def summary_of(words: str) -> str:
    """The first words, cut at a sentence or a word. A recording's description is its summary."""
    text = " ".join(words.split())
    if len(text) <= SUMMARY_CHARACTERS:
        return text
    cut = text[:SUMMARY_CHARACTERS]
    sentence = max(cut.rfind(". "), cut.rfind("? "), cut.rfind("! "))
    if sentence > SUMMARY_CHARACTERS // 3:
        return cut[: sentence + 1]
    return cut.rsplit(" ", 1)[0].rstrip(",;:") + "…"
