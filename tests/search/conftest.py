"""A small library to search in. Everything runs on the engine that the environment names."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from search import api
from stories.consent import triggers
from tests import search_index


@pytest.fixture(autouse=True)
def _empty_index():
    yield
    search_index.empty()


@pytest.fixture
def shelf(db):
    """Any table of ids will do for `visible`: here groups, whose name is the document's id."""

    class Shelf:
        visible = Group.objects.values("name")

        def add(self, key: str, title: str = "", version: int = 1, **fields) -> None:
            Group.objects.get_or_create(name=key)
            assert api.put(api.Document(key, title, **fields), version)

        def text(self, key: str, *paragraphs: str, **fields) -> None:
            self.add(key, passages=api.cut_text(paragraphs), **fields)

        def find(self, typed: str, **options) -> api.Results:
            return api.find(typed, visible=self.visible, **options)

        def ids(self, typed: str, **options) -> list[str]:
            return [hit.document_id for hit in self.find(typed, **options).hits]

    yield Shelf()
    if not connection.in_atomic_block:
        # For the emptying after a test that commits, with which they come back.
        triggers.lift()


def shown(fragments: list[api.Fragment]) -> str:
    """Fragments as one line, the matched ones in square brackets."""
    return "".join(f"[{each.text}]" if each.matched else each.text for each in fragments)
