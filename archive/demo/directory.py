"""The demonstration's directory, and inboxes for what people can get in touch about."""

from __future__ import annotations

from pathlib import Path

from archive.contact.models import Subject
from archive.directory.loading import load_services, load_words

SERVICES = Path(__file__).with_name("services.toml")


def fill_directory() -> None:
    """Add what is missing. The inboxes are at a domain that belongs to nobody (RFC 2606)."""
    load_words(SERVICES)
    load_services(SERVICES)
    for subject in Subject.objects.filter(inbox=""):
        subject.inbox = f"{subject.slug}@example.org"
        subject.save(update_fields=["inbox"])
