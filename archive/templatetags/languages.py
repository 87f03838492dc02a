"""The language of the page that is being made, and its versions in others."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
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


@register.simple_tag(takes_context=True)
def way_to(context: template.Context, path: str) -> SafeString:
    """Where one of the site's own links leads, `<a{% way_to "/stories/" %}>`: to the page in this
    language, else to the usual one, which says that it is in English."""
    if found := (context.get("house_pages") or {}).get(path):
        return format_html(' href="{}"', found)
    if get_language() in (None, settings.LANGUAGE_CODE):
        return format_html(' href="{}"', path)
    return format_html(' href="{}" hreflang="en"', path)


@register.simple_tag(takes_context=True)
def here(context: template.Context, path: str) -> SafeString:
    """Mark the link to where somebody is: `<a{% way_to "/stories/" %}{% here "/stories/" %}>`."""
    at = context["request"].path if "request" in context else ""
    address = (context.get("house_pages") or {}).get(path, path)
    if at == address:
        return SafeString(' aria-current="page"')
    return SafeString(' aria-current="true"' if at.startswith(address) else "")
