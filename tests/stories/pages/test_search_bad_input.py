"""Whatever is typed or put into an address: a page, soon, with nothing of it raw or in a log."""

from __future__ import annotations

import itertools
import json
import logging
import re
import socket
import sys
from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.logs import NoPaths, PrivateFormatter
from stories.pages.asked import SORTS
from stories.pages.facets import FACETS, WITHOUT
from tests.people import work
from tests.processes import Worker, until

SECRET = "marmaladeinthemorning"
# Typed with everything: an element, an attribute's end, an entity.
MARK = f"<zq a=\"1\" b='2'>&zq;{SECRET}"
PLACES = ("/search/", "/search/suggestions/", "/api/search")
PARAMETERS = ["q", *FACETS, WITHOUT, "sort", "page"]
QUERIES = 45  # for a page, whatever is asked
LANGUAGES = [
    '"', '""', "*", "-", "--a", "OR", "a OR", "NOT a", "a AND AND b", "NEAR(a b, 2)", "title:a",
    "^a", "{title people}: a", "a*b*", "'; DROP TABLE x;--", "a:b", "c++", "+a -b", "[a TO z]",
    "a~2", "/a.*/", "a^9", "_exists_:a", "(((((", "\\", "\\u0000", "a\\*", "{{ 1 }}", "{% now %}",
    "%s%s%n", "../../etc/passwd", "<script>alert(1)</script>", "</title><h1>", "&lt;b&gt;",
    "javascript:alert(1)", "\u202eabc\u202c", "\u200b\u200d", "\ufeffa", "\x01\x1b[31m", "\r\nX: y",
    "e\u0301" * 50, "\U0001f600", "\ufdd0a\ufdd1", "\U000e0041", "ﬃ", "İ", "ß", "٣", "a" * 5_000,
]  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(LANGUAGES),
    st.lists(st.sampled_from([*LANGUAGES, "garlic", "plain"]), max_size=8).map(" ".join),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60),
    st.tuples(st.sampled_from(['"', "a ", "-b ", "*", "(", "é ", "OR "]), st.integers(1, 3)).map(
        lambda each: each[0] * (100_000 // len(each[0]) // each[1])
    ),
)


@pytest.fixture
def told(contributor, moderator) -> None:
    contributor.tell("The garlic is up", "Some plain words.")
    moderator.approve(moderator.waiting()[0])
    work()


def look_at(response, place: str) -> None:
    assert response.status_code == 200
    assert response["X-Content-Type-Options"] == "nosniff"
    text = response.content.decode()
    if place == "/search/":
        assert "</html>" in text
        assert "<zq" not in text
        assert "&zq;" not in text.replace("&amp;zq;", "")
        assert not re.search(r"<[^>]*\bb='2'", text)
        for raw in ("<script>alert", "</title><h1>", 'javascript:alert(1)"'):
            assert raw not in text
    else:
        assert "html" not in response["Content-Type"]
        json.loads(text)


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=TEXTS, name=st.sampled_from(PARAMETERS), value=TEXTS, place=st.sampled_from(PLACES))
def test_anything_in_any_parameter_is_answered(told, stranger, text, name, value, place):
    fields = [("q", text + MARK), (name, value + MARK), ("sort", "nothing"), ("page", "1")]
    with CaptureQueriesContext(connection) as asked:
        response = stranger.client.get(f"{place}?{urlencode(fields, errors='surrogatepass')}")
    look_at(response, place)
    assert len(asked) < QUERIES
    # What was typed is echoed a few times, and never once for each link of the page.
    assert len(response.content) < 100_000 + 16 * len(text + value)


def test_bytes_that_are_no_text_and_pages_that_are_none(told, stranger):
    asked = (
        "q=%ED%A0%80%ED%BF%BFa",  # lone surrogates
        "q=%FF%FE%C0%AF",
        "q=" + quote(MARK) + "&q=&q=b",
        "q",
        "=&&;q=a;b",
        "q=garlic&page=-1",
        "q=garlic&page=99999999999999999999",
        "q=garlic&page=%D9%A3",
        "q=garlic&page=1e9&sort=&kind=&theme=",
        "q=garlic&" + "&".join(f"{name}={quote(MARK)}&{name}=hope" for name in PARAMETERS[1:]),
        *(f"q=garlic&sort={sort}&page=2" for sort in SORTS),
        "&".join(f"theme={number}" for number in range(900)),
    )
    for query, place in zip(asked, itertools.cycle(PLACES), strict=False):
        look_at(stranger.client.get(f"{place}?{query}"), place)
    for place in PLACES:
        assert stranger.client.get(f"{place}?q=a%00").status_code == 400


def test_no_word_that_is_typed_reaches_a_log(told, stranger, caplog):
    """As our handler writes it, of every logger at its most talkative."""
    loggers = ("", "django", "django.request", "django.db.backends", "django.template", "search")
    for name in (*loggers, "elastic_transport"):
        caplog.set_level(logging.DEBUG, name)
    logging.getLogger("django").addHandler(caplog.handler)
    try:
        for place in PLACES:
            for typed in (SECRET, f'"{SECRET}', f"garlic {SECRET}*", f"-{SECRET}"):
                stranger.client.get(place, {"q": typed, "theme": SECRET, "page": SECRET})
        stranger.client.get(f"/search/{SECRET}/", {"q": SECRET})
    finally:
        logging.getLogger("django").removeHandler(caplog.handler)
    assert any("answered 404" in written(record) for record in caplog.records), "the log does work"
    assert [said for record in caplog.records if SECRET in (said := written(record))] == []


def written(record: logging.LogRecord) -> str:
    NoPaths().filter(record)
    return PrivateFormatter("%(name)s %(message)s").format(record)


@pytest.mark.long
def test_the_server_itself_says_nothing_of_what_is_asked(told, tmp_path):
    """Also of an address that it finds too long to look at."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "archive.wsgi", "--log-level", "debug"]
    server = Worker(tmp_path / "log", [*command, "--bind", f"127.0.0.1:{port}", "--workers", "1"])
    try:
        until(lambda: "Booting worker" in server.said())
        assert b" 200 " in said_by(port, f"/search/?q={SECRET}")
        assert b" 414 " in said_by(port, f"/search/?q={SECRET * 5_000}")
        assert b" 404 " in said_by(port, f"/api/{SECRET}/?q={SECRET}")
    finally:
        server.close()
    assert "/search/" in server.said(), "the log does work"
    assert f"q={SECRET}" not in server.said()


def said_by(port: int, address: str) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        request = f"GET {address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        line.sendall(request.encode())
        return line.recv(4_000)
