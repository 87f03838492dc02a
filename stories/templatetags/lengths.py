"""Lengths in words."""

from django import template

register = template.Library()


@register.filter
def spoken_length(seconds: float) -> str:
    """42 seconds; 3 minutes 5 seconds."""
    minutes, left = divmod(round(seconds), 60)
    parts = [(minutes, "minute"), (left, "second")]
    said = [f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number]
    return " ".join(said) or "less than a second"
