"""Models that the whole site shares, decided before the first migration (docs/decisions/0001)."""

from archive.accounts import User
from archive.contact.models import Delivery, Enquiry, Subject
from archive.directory.links import OutsideLink
from archive.directory.models import Area, HelpTopic, Service
from archive.documents import ArchiveDocument
from archive.images import ArchiveImage, ArchiveRendition
from archive.pages.library.models import LibraryPage, ResourcePage
from archive.pages.library.words import LibraryWord
from archive.pages.models import HomePage
from archive.pages.recovery import RecoveryPage, SectionPage

__all__ = [
    "ArchiveDocument",
    "ArchiveImage",
    "ArchiveRendition",
    "Area",
    "Delivery",
    "Enquiry",
    "HelpTopic",
    "HomePage",
    "LibraryPage",
    "LibraryWord",
    "OutsideLink",
    "RecoveryPage",
    "ResourcePage",
    "SectionPage",
    "Service",
    "Subject",
    "User",
]
