"""Whether somebody may need a person to talk to, or a quick way out, for templates."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django import template

from search.api import WordList
from stories.consent.vocabulary import Term

register = template.Library()
DATA = Path(__file__).resolve().parents[1] / "data"


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


@cache
def distress() -> WordList:
    """Every entry of archive/data/distress.toml."""
    return WordList(entry for kind in read("distress.toml").values() for entry in kind["words"])


@cache
def leaving_rules() -> dict[str, Any]:
    """archive/data/leaving.toml."""
    return read("leaving.toml")


@register.filter
def is_hard(typed: str) -> bool:
    """Whether what was typed suggests distress: `{% if query|is_hard %}`. It is not kept."""
    return distress().is_in(typed)


@register.filter
def needs_exit(notes: Iterable[Term]) -> bool:
    """Whether a story with these content notes has the quick way out."""
    return any(note.slug in leaving_rules()["notes"] for note in notes)


@register.simple_tag
def leaving() -> str:
    """Where the quick way out leads."""
    return leaving_rules()["to"]
