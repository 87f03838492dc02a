"""Whether somebody may need a person to talk to, for templates."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from django import template

from search.api import WordList

register = template.Library()
WORDS = Path(__file__).resolve().parents[1] / "data" / "distress.toml"


@cache
def distress() -> WordList:
    """Every entry of archive/data/distress.toml."""
    kinds = tomllib.loads(WORDS.read_text(encoding="utf-8")).values()
    return WordList(entry for kind in kinds for entry in kind["words"])


@register.filter
def is_hard(typed: str) -> bool:
    """Whether what was typed suggests distress: `{% if query|is_hard %}`. It is not kept."""
    return distress().is_in(typed)
