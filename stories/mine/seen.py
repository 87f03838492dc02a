"""What other people can see, hear and find of a story at this moment, in plain sentences."""

from __future__ import annotations

from django.utils.translation import gettext as _

from media_pipeline import api as media
from stories.consent.exits import PUBLISHING
from stories.consent.reading import consents_of
from stories.contributions.allowed import exits_of
from stories.contributions.models import Contribution
from stories.contributions.spoken import agreed_cues
from stories.pages.models import StoryPage
from stories.pages.show import name_to_show


def seen_by_others(story: Contribution, page: StoryPage | None) -> list[str]:
    """`page` is the public one, None when there is none: then why nobody can see it."""
    exits = exits_of(story)
    if page is None:
        return [why_nobody(story, exits)]
    there = what_is_there(story, page, exits)
    return [*there, whose_name(page, exits), *where_to_find_it(story, exits)]


def why_nobody(story: Contribution, exits: frozenset[str]) -> str:
    """For a story that is let out and yet can't be seen."""
    if "page" in exits:
        return _("Nobody can see it this moment: your last change is being carried out.")
    if consents_of(story.contributor_key).given & PUBLISHING:
        return _("Nobody can see it: not everyone who is in it has said yes.")
    return _("Nobody can see it: you have not said yes to showing it, or took your yes back.")


def what_is_there(story: Contribution, page: StoryPage, exits: frozenset[str]) -> list[str]:
    if story.upload is None:
        return [_("Anyone who opens its page can read it.")]
    has_picture = media.info(story.upload.asset_id).has_picture
    if has_picture and "film" in exits:
        first = _("Anyone who opens its page can watch and hear it.")
    elif has_picture and "picture" in exits:
        first = _("Anyone who opens its page can see the picture, without the sound.")
    elif "sound" in exits:
        first = _("Anyone who opens its page can hear it.")
    else:
        first = _("Nobody can play the recording. Its page says what it is about.")
    if page.version.voice == "spoken" and "sound" in exits:
        first += " " + _("A computer's voice reads the words.")
    elif "sound" in exits and "own_voice" not in exits:
        first += " " + _("The voice is disguised.")
    if has_picture and "picture" in exits and "own_face" not in exits:
        first += " " + _("Faces are covered.")
    if "transcript" in exits and agreed_cues(page.version):
        return [first, _("The words that are said stand there to read.")]
    return [first]


def whose_name(page: StoryPage, exits: frozenset[str]) -> str:
    name = name_to_show(page.version, exits)
    return (
        _("The name beside it is %(name)s.") % {"name": name}
        if name
        else _("No name stands beside it.")
    )


def where_to_find_it(story: Contribution, exits: frozenset[str]) -> list[str]:
    found = [
        _("It is in our lists, and people can find it by searching here.")
        if "listing" in exits
        else _("It is in none of our lists. Only people who have its address can open it."),
        _("Google and others may show it.")
        if "outside_search" in exits
        else _("We ask Google and others to leave it out."),
    ]
    if "podcast" in exits:
        found.append(_("It may be in our podcast."))
    return found
