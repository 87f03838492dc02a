"""A small library to search in. Everything runs once for each engine in search.engines."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from search import api
from search.engines import ENGINES


@pytest.fixture(params=sorted(ENGINES), autouse=True)
def engine(request, settings) -> str:
    settings.SEARCH_ENGINE = request.param
    return request.param


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

    return Shelf()


def shown(fragments: list[api.Fragment]) -> str:
    """Fragments as one line, the matched ones in square brackets."""
    return "".join(f"[{each.text}]" if each.matched else each.text for each in fragments)
