"""Writing one letter: plain text, with a private link of its own and nothing that tells of what.

Subject and text name neither the story nor what the site is about: a letter is read on shared
screens, and its subject on locked ones.
"""

from __future__ import annotations

import re

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stories.contributions.links import mint_link
from stories.letters.models import Letter
from stories.letters.occasions import facts_of

SUBJECT = _("About what you sent us")
# RFC 3834: machines that answer letters leave this one alone.
HEADERS = {"Auto-Submitted": "auto-generated"}


def write(letter: Letter) -> EmailMessage | None:
    """The letter as things are now. None when it is no longer wanted, or there is no address."""
    story = letter.contribution
    address = story.private.email
    facts = facts_of(letter) if address else None
    if facts is None:
        return None
    link = settings.SITE_ADDRESS + reverse("my_story_enter", args=[mint_link(story)])
    text = render_to_string(f"letters/{letter.kind}.txt", facts | {"link": link})
    return EmailMessage(
        SUBJECT, re.sub(r"\n{3,}", "\n\n", text).strip() + "\n", to=[address], headers=HEADERS
    )
