"""Addresses of what a visitor might ask next."""

from __future__ import annotations

from django import template

from stories.pages.asked import Asked

register = template.Library()


@register.simple_tag
def turned(asked: Asked, name: str, value: str) -> str:
    """With one value taken away that was chosen, or chosen that was not."""
    return asked.turned(name, value).address


@register.simple_tag
def cleared(asked: Asked, *names: str) -> str:
    """With nothing chosen under these names, or at all."""
    return asked.cleared(*names).address


@register.simple_tag
def sorted_by(asked: Asked, sort: str) -> str:
    return asked.sorted_by(sort).address


@register.simple_tag
def further(asked: Asked, pages: int) -> str:
    """So many pages on, or back where it is below zero."""
    return asked.at(asked.page + pages).address
