"""The one way to the search server: short waits, and errors that repeat nothing of a document."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from elasticsearch import ApiError, Elasticsearch, TransportError

from search.problems import SearchAway

# Its lines name every document that is written.
logging.getLogger("elastic_transport").setLevel(logging.WARNING)

# Seconds. A visitor waits for the first; a worker for the second; the server's disk for the third.
ASKING = 3
WRITING = 15
MERGING = 60


def client(seconds: float) -> Elasticsearch:
    """The server of the settings, asked once and given up after so many seconds."""
    made = _client(
        settings.ELASTICSEARCH_URL,
        settings.ELASTICSEARCH_USER,
        settings.ELASTICSEARCH_PASSWORD,
        os.getpid(),  # a connection is not shared with a forked child
    )
    return made.options(request_timeout=seconds)


@cache
def _client(url: str, user: str, password: str, _process: int) -> Elasticsearch:
    # Who asked tries again, and knows when that makes sense.
    return Elasticsearch(url, basic_auth=(user, password) if user else None, max_retries=0)


@contextmanager
def in_our_words() -> Iterator[None]:
    """Raise SearchAway for what the client raises; its own messages can quote what was sent."""
    try:
        yield
    except ApiError as error:
        raise SearchAway(refusal(error.status_code)) from None
    except TransportError:
        raise SearchAway(
            f"The search server can't be reached at {address()}: start it, "
            "or put right ELASTICSEARCH_URL."
        ) from None


def address() -> str:
    """host:port of the server; an address can hold a password."""
    parts = urlsplit(settings.ELASTICSEARCH_URL)
    return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


def refusal(status: int) -> str:
    if status in {401, 403}:
        return (
            f"The search server at {address()} refuses this name and password: "
            "put right ELASTICSEARCH_USER and ELASTICSEARCH_PASSWORD, or the user's rights."
        )
    if status in {429, 502, 503, 504}:
        return f"The search server at {address()} is too busy just now ({status}): wait a little."
    return f"The search server at {address()} refused what it was asked ({status})."
