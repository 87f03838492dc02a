"""What search engines and text miners are told of a story, in headers and in the page's head.

Robots rules: https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag, with
the two that refuse the training of models, noai and noimageai. The reservation is that of the
W3C TDM Reservation Protocol: "1" reserves the right to mine text and data. The site reserves it
everywhere (stories/robots.py), so that "0" has to be said where it was given.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponseBase

HIDDEN = "noindex, noarchive"
UNTAUGHT = "noai, noimageai"
RESERVATION = "tdm-reservation"


def robots(exits: frozenset[str]) -> str:
    """The rules for one story; "" when engines and models may have it."""
    rules = []
    if "outside_search" not in exits:
        rules.append(HIDDEN)
    if "ai" not in exits:
        rules.append(UNTAUGHT)
    return ", ".join(rules)


def shared_by_all(exits_of_each: Iterable[frozenset[str]]) -> frozenset[str]:
    """The rules for a list are those of its most private story: what all of them open."""
    found = list(exits_of_each)
    return frozenset.intersection(*found) if found else frozenset({"outside_search", "ai"})


def tell_machines(response: HttpResponseBase, exits: frozenset[str]) -> None:
    """Put it into the headers, where bytes can say it too."""
    if rules := robots(exits):
        response["X-Robots-Tag"] = rules
    response[RESERVATION] = "0" if "ai" in exits else "1"
