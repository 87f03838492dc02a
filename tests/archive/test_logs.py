"""Nothing of a contributor or a visitor reaches a log, whatever goes wrong."""

from __future__ import annotations

import io
import logging

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import path

import archive.urls
from archive.logs import NoPaths, PrivateFormatter
from tests.people import FORM, Contributor

SECRET = "marmaladeinthemorning"


@pytest.fixture
def everything_logged():
    """What the site's own handler would write of every record, of every logger."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(PrivateFormatter("%(levelname)s %(name)s: %(message)s"))
    handler.addFilter(NoPaths())
    loggers = [logging.getLogger(), logging.getLogger("django")]
    for logger in loggers:
        logger.addHandler(handler)
    yield written.getvalue
    for logger in loggers:
        logger.removeHandler(handler)


def broken(request):
    raise ValueError(f"could not handle {SECRET}")


def test_a_failing_page_logs_where_but_not_what(site, everything_logged, monkeypatch):
    monkeypatch.setattr(
        archive.urls, "urlpatterns", [path("broken/", broken), *archive.urls.urlpatterns]
    )
    from django.urls import clear_url_caches

    clear_url_caches()
    client = Client(raise_request_exception=False)
    response = client.get("/broken/", {"q": SECRET})
    clear_url_caches()
    assert response.status_code == 500
    assert SECRET not in response.content.decode()
    log = everything_logged()
    assert "ValueError" in log
    assert "test_logs.py" in log
    assert SECRET not in log


def test_tokens_searches_and_words_are_in_no_log(site, everything_logged):
    client = Client()
    client.get(f"/my-story/{SECRET}/")
    client.get("/search/", {"q": SECRET})
    client.get(f"/stories/{SECRET}/")
    client.get(f"/{SECRET}/")
    client.post("/my-story/code/", {"code": SECRET})
    contributor = Contributor()
    contributor.begin()
    contributor.client.post(FORM + "words/", {"title": SECRET * 20, "words": SECRET})
    contributor.client.post(FORM + "how/", {"kind": "recording"})
    bad = SimpleUploadedFile(f"{SECRET}.mp4", SECRET.encode() * 100)
    contributor.client.post(FORM + "recording/", {"file": bad, "transcribe": "yes"})
    log = everything_logged()
    assert "answered 404" in log  # the log does work
    assert SECRET not in log.lower()


def test_typed_words_are_sealed_in_the_database(contributor):
    contributor.tell(SECRET, SECRET, email=f"{SECRET}@example.com")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM stories_contribution")
        assert SECRET not in str(cursor.fetchall())
