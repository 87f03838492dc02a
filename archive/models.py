"""Models that the whole site shares, decided before the first migration (docs/decisions/0001)."""

from archive.accounts import User
from archive.contact.models import Delivery, Enquiry, Subject
from archive.directory.links import OutsideLink
from archive.directory.models import Area, HelpTopic, Service
from archive.images import ArchiveImage, ArchiveRendition
from archive.pages.models import HomePage

__all__ = [
    "ArchiveImage",
    "ArchiveRendition",
    "Area",
    "Delivery",
    "Enquiry",
    "HelpTopic",
    "HomePage",
    "OutsideLink",
    "Service",
    "Subject",
    "User",
]
