"""Models that the whole site shares, decided before the first migration (docs/decisions/0001)."""

from archive.accounts import User
from archive.directory import HelpLine
from archive.images import ArchiveImage, ArchiveRendition
from archive.pages.models import HomePage

__all__ = ["ArchiveImage", "ArchiveRendition", "HelpLine", "HomePage", "User"]
