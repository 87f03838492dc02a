"""Editors' pages in more than one language: which versions there are, and which one to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Length, Substr
from django.utils.translation import get_language
from wagtail.models import Page, PageQuerySet, PageViewRestriction
from wagtail_localize.models import Translation, TranslationSource

from stories.pages.models import StoriesIndexPage, StoryIsNotCopied, StoryPage
from stories.pages.told_in import tag_of

Kind = TypeVar("Kind", bound=Page)
# The pages that the header and the footer lead to, by their kind.
HOUSE_PAGES = {
    "homepage": "/",
    "storiesindexpage": "/stories/",
    "recoverypage": "/my-recovery/",
    "librarypage": "/resources/",
}


@dataclass(frozen=True)
class Version:
    """A page in one language. tag: as HTML writes it ("en-GB"). name: in its own words. path:
    where it stands ("/gd/resources/")."""

    tag: str
    name: str
    path: str


def versions_of(page: object) -> list[Version]:
    """Every version of a page that a visitor can open, itself included; [] where it is the only
    one. A story has one: the language in which it was told; and so has the list of stories."""
    alone = (StoryPage, StoriesIndexPage)
    if not isinstance(page, Page) or isinstance(page, alone) or not page.pk:
        return []
    found = Page.objects.filter(translation_key=page.translation_key, alias_of=None)
    pages = found.live().select_related("locale").order_by("pk")
    names = dict(settings.LANGUAGES)
    versions = [
        Version(tag_of(code), names[code], each.get_url_parts()[2])
        for each in pages
        if (code := each.locale.language_code) in names
    ]
    return versions if len(versions) > 1 else []


def house_pages() -> dict[str, str]:
    """{address that the site's own links have: where its page in this language stands}, for those
    that are there in another language than the usual one. One query, and none on usual pages."""
    language = get_language() or settings.LANGUAGE_CODE
    if language == settings.LANGUAGE_CODE:
        return {}
    pages = open_to_all(Page.objects.filter(locale__language_code=language, alias_of=None))
    found = pages.filter(content_type__model__in=HOUSE_PAGES).select_related("content_type")
    return {HOUSE_PAGES[each.content_type.model]: each.get_url_parts()[2] for each in found}


def open_to_all(pages: PageQuerySet[Kind]) -> PageQuerySet[Kind]:
    """Those that everybody may see now: Wagtail's live() and public(), within the one query."""
    at_or_above = Substr(OuterRef("path"), 1, Length("page__path"))
    closed = PageViewRestriction.objects.filter(page__path=at_or_above)
    return pages.filter(~Exists(closed), live=True)


def shown_once(pages: PageQuerySet[Kind]) -> PageQuerySet[Kind]:
    """Each page in the language of this address where it is there, else in the one it has."""
    here = Q(locale__language_code=get_language() or settings.LANGUAGE_CODE)
    same = pages.model.objects.filter(translation_key=OuterRef("translation_key"))
    translated = Exists(same.filter(here, live=True, alias_of=None))
    return pages.filter(here | ~translated, alias_of=None)


def refuse_stories(sender: type, instance: TranslationSource, **kwargs) -> None:
    """No translation of a page, nor of all below it, takes a story's words or address along.

    Raises StoryIsNotCopied, which undoes the whole of it.
    """
    if instance.specific_content_type.model_class() is StoryPage:
        raise StoryIsNotCopied


def begin_as_draft(sender: type, instance: Translation, created: bool, **kwargs) -> None:
    """A page that only led on to the English one is no longer shown once its translation is begun:
    the package would leave it there, with the English words, until somebody changes them."""
    if created:
        same = Page.objects.filter(translation_key=instance.source.object_id)
        leading_on = same.filter(locale=instance.target_locale, alias_of__isnull=False)
        leading_on.update(live=False)
