"""Template tags for what a page shows of a story: its cover and its times."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from stories.pages.clock import clock as as_clock
from stories.pages.covers import cover_svg
from stories.pages.facets import language_label
from stories.pages.models import StoryPage
from stories.pages.noted import ShownStretch
from stories.pages.told_in import direction_of, is_the_pages_own, tag_of

register = template.Library()


@register.simple_tag
def cover(slug: str, themes: Sequence[str] | str = ()) -> SafeString:
    """Draw a story's cover in place: `{% cover story.slug story.theme_slugs %}`.

    `themes` is a list of theme slugs, or one text with spaces between them.
    """
    names = themes.split() if isinstance(themes, str) else list(themes)
    # Safe: the drawing is built from numbers and our own colours; slug and themes are not in it.
    return mark_safe(cover_svg(slug, names))  # noqa: S308


@register.simple_tag
def told_in(story: StoryPage) -> SafeString:
    """The attributes of a passage of a story, `<p{% told_in story %}>`, where it is in another
    language than the page; else ""."""
    return said_in(story.version.language)


@register.simple_tag
def said_in(language: str) -> SafeString:
    """The same of a passage in any language, `<p{% said_in "ar" %}>`; "" is the page's own."""
    if not language or is_the_pages_own(language):
        return mark_safe("")
    return format_html(' lang="{}" dir="{}"', tag_of(language), direction_of(language))


@register.simple_tag
def clock(seconds: float | None) -> str:
    """Write seconds as a clock does: 151 is "2:31", 3729 is "1:02:09", nothing is ""."""
    if seconds is None or seconds == "":
        return ""
    return as_clock(max(0, seconds))


@register.filter
def language(code: str) -> str:
    """A language's name in plain words: "gd" is Scottish Gaelic."""
    return language_label(code)


@register.simple_tag
def ways_past(stretches: Sequence[ShownStretch]) -> SafeString:
    """Links past the passages that a note is about, for the middle of a sentence.

    With one it says "skip that part", with several "skip part 2, skip part 3", with none nothing.
    """
    one = len(stretches) == 1
    return format_html_join(
        ", ",
        '<a href="{}">{}</a>',
        (
            (part.past, _("skip that part") if one else _("skip %(part)s") % {"part": part.label})
            for part in stretches
        ),
    )


@register.filter
def told_by(teller: str) -> str:
    """Who tells a story, as a list shows it: a name as it is, or that there is none."""
    return _("Anonymous") if teller == "Anonymous" else teller
