"""All timed work, once a minute: that of the stories, and that of the other sections."""

from __future__ import annotations

from archive.contact.forgetting import destroy_old
from archive.contact.sending import ring_enquiries
from archive.directory.looking import ring_links
from archive.directory.models import Service
from stories.publishing import tick as stories
from stories.publishing.retention import Rule

RULES = (
    Rule(
        "contact messages destroyed",
        "messages from the contact page, sealed, with their key",
        "they were sent",
        "ENQUIRY_DAYS",
        destroy_old,
    ),
)

# As in stories.publishing.tick: any time, twice, or by two processes at once.
PARTS: stories.Parts = (
    ("contact messages rung", ring_enquiries),
    *((rule.name, rule.enforce) for rule in RULES),
    ("outside links to look at", ring_links),
    ("services to make sure of", lambda: Service.objects.to_review().count()),
)


def tick() -> dict[str, int]:
    """Run what is due; return how many of each."""
    done, more = stories.tick(), stories.run(PARTS)
    return done | more | {stories.FAILED: done[stories.FAILED] + more[stories.FAILED]}
