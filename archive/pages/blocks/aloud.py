"""Whether a page is long enough that somebody may rather listen to it."""

from __future__ import annotations

from wagtail.blocks import StreamValue
from wagtail.rich_text import get_text_for_indexing

LONG = 150  # words, a minute of listening


def may_listen(body: StreamValue) -> bool:
    """Whether text, quotes and steps, which aloud.js reads, have so many words."""
    return sum(len(text.split()) for text in _texts(body)) >= LONG


def _texts(body: StreamValue) -> list[str]:
    found: list[str] = []
    for block in body:
        value = block.value
        if block.block_type == "text":
            found.append(get_text_for_indexing(value["words"].source))
        elif block.block_type == "quote":
            found.append(value["words"])
        elif block.block_type == "steps":
            found.append(value["heading"])
            for step in value["steps"]:
                found += [step["title"], get_text_for_indexing(step["words"].source)]
    return found
