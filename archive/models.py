"""Models that the whole site shares, decided before the first migration (docs/decisions/0001)."""

from archive.accounts import User
from archive.directory import HelpLine
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
    "HelpLine",
    "HomePage",
    "LibraryPage",
    "LibraryWord",
    "RecoveryPage",
    "ResourcePage",
    "SectionPage",
    "User",
]
