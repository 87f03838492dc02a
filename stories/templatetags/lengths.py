"""Lengths and answers in words."""

from django import template
from django.utils.translation import gettext, ngettext

from stories.consent.choices import label_of

register = template.Library()


@register.filter
def said(choice: str) -> str:
    """What an option of the three choices is called: "my_name" is "My own name"."""
    return label_of(choice)


@register.filter
def spoken_length(seconds: float) -> str:
    """42 seconds; 3 minutes 5 seconds."""
    minutes, left = divmod(round(seconds), 60)
    said = []
    if minutes:
        said.append(ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes})
    if left:
        said.append(ngettext("%(n)d second", "%(n)d seconds", left) % {"n": left})
    return " ".join(said) or gettext("less than a second")


@register.filter
def bytes_label(count: int) -> str:
    """5 GB, 12 MB, 800 kB: decimal units, as phones and shops count."""
    for unit, size in (("GB", 10**9), ("MB", 10**6)):
        if count >= size:
            return f"{count / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{max(1, round(count / 1000))} kB"
