"""The transcript as a plain text to save."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from media_pipeline import api as media
from stories.pages.addresses import story_address
from stories.pages.clock import clock

if TYPE_CHECKING:
    from stories.pages.models import StoryPage


def transcript_text(page: StoryPage, cues: list[media.Cue]) -> str:
    """Whose it is and where it stands, then a line for each cue."""
    head = [page.title_shown]
    if page.shown_name:
        head.append(_("Told by %(shown_name)s") % {"shown_name": page.shown_name})
    head += [
        _("%(site)s, number %(reference)s")
        % {"site": settings.WAGTAIL_SITE_NAME, "reference": page.reference},
        story_address(page.slug),
    ]
    if page.note_line:
        head.append(page.note_line)
    head.append(
        _(
            "This story belongs to the person who told it, and they can take it back. Please look "
            "at its page to see whether it is still there, and ask before you use it anywhere else."
        )
    )
    said = [
        f"[{clock(cue.start)}] {line}" for cue, line in zip(cues, media.told(cues), strict=True)
    ]
    return "\n".join([*head, "", *said, ""])
