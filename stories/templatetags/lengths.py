"""Lengths and answers in words."""

from django import template

from stories.consent.choices import LABELS

register = template.Library()


@register.filter
def said(choice: str) -> str:
    """What an option of the three choices is called: "my_name" is "My own name"."""
    return LABELS.get(choice, choice)


@register.filter
def spoken_length(seconds: float) -> str:
    """42 seconds; 3 minutes 5 seconds."""
    minutes, left = divmod(round(seconds), 60)
    parts = [(minutes, "minute"), (left, "second")]
    said = [f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number]
    return " ".join(said) or "less than a second"
