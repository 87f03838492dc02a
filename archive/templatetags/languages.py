"""The language of the page that is being made, and its versions in others."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from archive.pages.languages import Version, versions_of
from stories.pages.told_in import tag_of

register = template.Library()


@register.simple_tag
def page_language() -> str:
    """As <html lang> wants it: "en-GB"."""
    return tag_of(get_language() or "")


@register.simple_tag(takes_context=True)
def page_versions(context: template.Context) -> list[Version]:
    """All versions of an editors' page; [] where it stands in one language, and of a story."""
    return versions_of(context.get("page"))
