"""Hand out stories for one purpose: exactly those that are open for it now, remembered by name.

The zip is made in a temporary file that has no name; nothing of it stays with us but who got
which stories.
"""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from media_pipeline import api as media
from stories.consent.exits import PUBLISHING
from stories.contributions.allowed import consents_for, exits_of
from stories.contributions.asks import Ask
from stories.contributions.models import Contribution, NotPossible
from stories.pages.models import StoryPage
from stories.publishing.bundle import README, write_story
from stories.publishing.ledger import Export

# What may be handed out in bulk, and the exit that has to be open. Use by artificial intelligence
# is none of them, whatever else was given.
PURPOSES = {
    "training_teaching": "teaching",
    "research_access": "research",
    "partner_reuse": "partner",
    "quoted_extracts": "extract",
}
PIECE = 1024 * 1024
LONGEST_NAME = 120  # ledger.Export.recipient


class NothingToExport(NotPossible):
    """No story is open for this purpose and recipient."""


@dataclass(frozen=True)
class Opened:
    """One story that may go: its page, what is open, and for extracts the requests agreed to."""

    page: StoryPage
    exits: frozenset[str]
    extracts: tuple[Ask, ...]

    @property
    def story(self) -> Contribution:
        return self.page.contribution


def opened_for(purpose: str, recipient: str) -> list[Opened]:
    """Stories that are out, and open for this recipient at this moment. Raises KeyError for a
    purpose that is not exported."""
    exit_name = PURPOSES[purpose]
    found = []
    for page in StoryPage.objects.public().order_by("contribution__reference"):
        consents, exits = consents_for(page.contribution), exits_of(page.contribution)
        if exit_name not in exits or not PUBLISHING & consents.given:
            continue
        named = consents.recipients.get(purpose, ())
        extracts: tuple[Ask, ...] = ()
        if purpose == "quoted_extracts":
            asks = page.contribution.asks.filter(
                purpose=purpose, recipient=recipient, state=Ask.State.YES
            )
            extracts = tuple(asked for asked in asks if asked.words and asked.named in named)
        if (purpose == "partner_reuse" and recipient not in named) or (
            purpose == "quoted_extracts" and not extracts
        ):
            continue
        found.append(Opened(page, exits, extracts))
    return found


def export_stories(purpose: str, recipient: str, user=None) -> tuple[Export, IO[bytes]]:
    """The remembered export, and its zip, open for reading from the start.

    When somebody decides about one of the stories meanwhile, nothing is handed out: whoever asked
    tries again. Raises NothingToExport, NotPossible, and KeyError for an unknown purpose.
    """
    recipient = " ".join(recipient.replace("\0", "").split())
    if len(recipient) > LONGEST_NAME:
        raise NotPossible(
            _("A recipient's name has %(most)s characters at most.") % {"most": LONGEST_NAME}
        )
    stories = opened_for(purpose, recipient)
    if not stories:
        raise NothingToExport(_("No story is open for that purpose and that recipient now."))
    spool = tempfile.TemporaryFile()  # noqa: SIM115 (whoever asked closes it)
    try:
        _write(spool, purpose, recipient, stories)
        sha256 = _sha256(spool)
        export = _remember(purpose, recipient, stories, user, sha256)
    except media.StoreFailed as error:
        spool.close()
        raise NotPossible(
            "The recordings can't be fetched just now. Please try again in a few minutes."
        ) from error
    except BaseException:
        spool.close()
        raise
    return export, spool


def _write(spool: IO[bytes], purpose: str, recipient: str, stories: list[Opened]) -> None:
    with zipfile.ZipFile(spool, "w", zipfile.ZIP_DEFLATED) as bundle:
        numbers = "\n".join(opened.story.reference for opened in stories)
        text = README.format(
            site=settings.WAGTAIL_SITE_NAME,
            address=settings.SITE_ADDRESS,
            recipient=recipient,
            purpose=purpose,
            day=f"{timezone.now():%d %B %Y}".lstrip("0"),
            numbers=numbers,
        )
        bundle.writestr("README.txt", text)
        for opened in stories:
            write_story(bundle, opened.page, opened.exits, opened.extracts)


def _sha256(spool: IO[bytes]) -> str:
    spool.seek(0)
    digest = hashlib.sha256()
    while piece := spool.read(PIECE):
        digest.update(piece)
    spool.seek(0)
    return digest.hexdigest()


def _remember(purpose: str, recipient: str, stories: list[Opened], user, sha256: str) -> Export:
    """From this commit on, taking one of the stories back also names this recipient."""
    with transaction.atomic():
        keys = [opened.story.pk for opened in stories]
        # In the order in which everybody locks several, so that no two wait for each other.
        list(Contribution.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
        now = {opened.story.pk: opened for opened in opened_for(purpose, recipient)}
        for opened in stories:
            still = now.get(opened.story.pk)
            if still is None or _state(still) != _state(opened):
                raise NotPossible(
                    _("Somebody has just decided about one of them. Please try again.")
                )
        export = Export.objects.create(
            recipient=recipient, purpose=purpose, made_by=user, sha256=sha256
        )
        export.contributions.set(keys)
    return export


def _state(opened: Opened) -> tuple:
    return opened.story.epoch, opened.exits, opened.extracts, opened.page.version_id
