"""What ours is compared with, on the engine that the environment names.

*The same, raw*: everything that one of our searches asks of the database and of the search
server, noted once and then sent again as it stands, past Django and past Elasticsearch's client,
each answer read to its end. So it does the same work for the same answer: the condition of what may
be seen, the count, the ranking, the marks, the passages.

*Plain*: the least that anybody would write in the engine's own language, ten best and how many:
without that condition, without marks, without what ranks a passage that holds all of the words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import ExitStack
from unittest import mock
from urllib.parse import urlsplit

import urllib3
from django.conf import settings
from django.db import connection
from elastic_transport import Transport

from benchmarks.search.measures import TOP

Ask = Callable[[], object]
ON_A_SERVER = settings.SEARCH_ENGINE == "elasticsearch"


def same(search: Ask) -> Ask:
    """What a search asks, in the order in which it asks."""
    sent: list[Ask] = []

    def note(execute, sql, params, many, context):
        sent.append(_statement(sql, params or ()))
        return execute(sql, params, many, context)

    send = Transport.perform_request

    def note_request(self, method, target, *, body=None, **rest):
        sent.append(_request(method, target, body))
        return send(self, method, target, body=body, **rest)

    with ExitStack() as noting:
        noting.enter_context(connection.execute_wrapper(note))
        noting.enter_context(mock.patch.object(Transport, "perform_request", note_request))
        search()

    def ask() -> None:
        for each in sent:
            each()

    return ask


def _statement(sql: str, params: tuple) -> Ask:
    if connection.vendor == "sqlite":
        sql = sql % (("?",) * len(params)) if params else sql
    driver = connection.connection

    def ask() -> None:
        cursor = driver.cursor()
        cursor.execute(sql, params)
        cursor.fetchall()
        cursor.close()

    return ask


def _request(method: str, target: str, body: object) -> Ask:
    sent = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    pool = _pool()

    def ask() -> None:
        answer = pool.request(method, target, body=sent, headers=JSON)
        if answer.status != 200:
            raise SystemExit(f"The search server answered {answer.status}.")
        json.loads(answer.data)

    return ask


JSON = {"content-type": "application/json"}


def _pool() -> urllib3.HTTPConnectionPool:
    parts = urlsplit(settings.ELASTICSEARCH_URL)
    return urllib3.HTTPConnectionPool(parts.hostname, parts.port, maxsize=1)


def plain(typed: str) -> Ask:
    return _plain_on_server(typed) if ON_A_SERVER else _plain_in_file(typed)


def _plain_in_file(typed: str) -> Ask:
    """FTS5's own language over the same table: its phrases, its beginnings, its rank."""
    from search.engines import fts5

    words = typed if typed.startswith('"') else re.sub(r"\b([a-z]+)\b", r'"\1"', typed)
    table = fts5.DOCUMENTS
    best = f"SELECT rowid FROM {table} WHERE {table} MATCH %s ORDER BY rank LIMIT {TOP}"
    number = f"SELECT count(*) FROM {table} WHERE {table} MATCH %s"
    asked = [_statement(sql, (words,)) for sql in (number, best)]

    def ask() -> None:
        for each in asked:
            each()

    return ask


def _plain_on_server(typed: str) -> Ask:
    body = {"query": typed.replace(" OR ", " | "), "fields": ["body"], "default_operator": "and"}
    return _request(
        "POST",
        f"/{settings.ELASTICSEARCH_INDEX}/_search",
        {
            "query": {"simple_query_string": body},
            "size": TOP,
            "_source": False,
            "track_total_hits": True,
        },
    )
