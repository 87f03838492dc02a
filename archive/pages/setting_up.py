"""The pages that the site's own links lead to, for a new database: empty, and ready for editors."""

from __future__ import annotations

import tomllib
from pathlib import Path

from django.conf import settings
from wagtail.models import Locale

from archive.pages.library.models import LibraryPage
from archive.pages.library.words import LibraryWord
from archive.pages.models import HomePage
from archive.pages.recovery import RecoveryPage

WORDS = Path(__file__).resolve().parents[1] / "data" / "library.toml"
RECOVERY = (
    "Living with it, and living well: things that others have found useful, people to find, and "
    "ways to have your say."
)
LIBRARY = "Posters, guides, reports and links, to read, print and pass on. All of it is free."


def load_library_words() -> None:
    """Add the kinds and audiences that are missing."""
    for scheme, words in tomllib.loads(WORDS.read_text(encoding="utf-8")).items():
        for order, (slug, label) in enumerate(words.items()):
            LibraryWord.objects.get_or_create(
                scheme=scheme, slug=slug, defaults={"label": label, "order": order}
            )


def make_languages() -> None:
    """Add the languages that editors' pages can be in."""
    for code, _ in settings.WAGTAIL_CONTENT_LANGUAGES:
        Locale.objects.get_or_create(language_code=code)


def make_sections() -> None:
    """Add "My recovery" and the library where there are none yet."""
    for page in (
        RecoveryPage(title="My recovery", slug="my-recovery", introduction=RECOVERY),
        LibraryPage(title="Resources", slug="resources", introduction=LIBRARY),
    ):
        if not type(page).objects.exists():
            home = HomePage.objects.get(locale=Locale.get_default())
            home.add_child(instance=page)
