"""What search holds: a search server's texts, and the words in SQLite's full-text indexes.

A search server gives every text as it stores it. Of a full-text index deleted words are looked for
too. It knows single words, not sentences, so a story's eight words in a row can't be looked for
in it. What can be told: a word that is stored and that no document has any more, and words that
the indexed table has not. Both are words of something that should be gone. Format of a leaf: FTS5's
own description in its source, and https://www.sqlite.org/fts5.html, section 9.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from search import api as search
from stories.publishing.scan.report import Report
from stories.publishing.scan.wanted import Match, Reader, Wanted

PLACE = "search index"
OWN = "search_"  # tables of our own search; others may be behind with tidying, so people look
DELETED = "words that no document has any more"
FOREIGN = "words that its table has not"
MAIN_INDEX = b"0"  # the first byte of a term; others are of indexes of beginnings
_LEAF = 1 << 31  # above: pages that only point to leaves; the page's number is below


def scan_index(wanted: Wanted, report: Report) -> None:
    if settings.SEARCH_ENGINE != "sqlite":
        _scan_texts(wanted, report)
    _scan_full_text_tables(report)


def _scan_texts(wanted: Wanted, report: Report) -> None:
    """Every text of every document, those that nobody can find too."""
    report.count(PLACE, documents=0, texts=0)
    for document, texts in groupby(search.stored_texts(), key=itemgetter(0)):
        report.count(PLACE, documents=1)
        reader = Reader(wanted)
        for _, text in texts:
            report.count(PLACE, texts=1)
            report.add(PLACE, reader.read(text), document)
            report.add(PLACE, wanted.in_value(text), document)


def _scan_full_text_tables(report: Report) -> None:
    for connection in connections.all():
        if connection.vendor != "sqlite":
            continue
        for table in _full_text_tables(connection):
            stored, living = stored_terms(connection, table), living_terms(connection, table)
            report.count(PLACE, indexes=1, terms=len(stored))
            sure = table.startswith(OWN)
            if deleted := len(stored - living):
                report.add(table, [Match(DELETED, "", sure)], f"{deleted} of them")
            if not is_whole(connection, table):
                report.add(table, [Match(FOREIGN, "", sure)])


def _full_text_tables(connection: BaseDatabaseWrapper) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'")
        return [
            name for name, sql in cursor.fetchall() if re.search(r"USING\s+fts5\s*\(", sql, re.I)
        ]


def living_terms(connection: BaseDatabaseWrapper, table: str) -> set[bytes]:
    """The words that a search can still find."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS temp.scanned_vocabulary")
        cursor.execute(
            "CREATE VIRTUAL TABLE temp.scanned_vocabulary "
            f"USING fts5vocab('main', '{table}', 'row')"
        )
        try:
            cursor.execute("SELECT term FROM temp.scanned_vocabulary WHERE doc > 0")
            return {str(term).encode() for (term,) in cursor.fetchall()}
        finally:
            cursor.execute("DROP TABLE temp.scanned_vocabulary")


def stored_terms(connection: BaseDatabaseWrapper, table: str) -> set[bytes]:
    """The words that stand in the index's pages, whether deleted or not."""
    quoted = connection.ops.quote_name(f"{table}_data")
    terms: set[bytes] = set()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, block FROM {quoted} WHERE id > {_LEAF}")  # noqa: S608
        for number, block in cursor.fetchall():
            if not number >> 31 & 0x3F:  # a leaf, and no list of them
                terms.update(
                    term[1:] for term in _terms_of_leaf(bytes(block)) if term[:1] == MAIN_INDEX
                )
    return terms


def _terms_of_leaf(block: bytes) -> Iterator[bytes]:
    """A leaf: two bytes, where its terms' places begin (two bytes), terms and lists, places.

    A term keeps what it shares with the one before it as a number of bytes.
    """
    at, offset, term = int.from_bytes(block[2:4], "big"), 0, b""
    while at < len(block):
        step, at = _number(block, at)
        offset += step
        # The first term of a leaf is whole, and says only how long it is.
        kept, start = _number(block, offset) if term else (0, offset)
        length, start = _number(block, start)
        term = term[:kept] + block[start : start + length]
        yield term


def _number(block: bytes, at: int) -> tuple[int, int]:
    """SQLite's variable-length integer, and where the next one begins."""
    value = 0
    for count in range(9):
        byte = block[at + count]
        if count == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return value, at + count + 1


def is_whole(connection: BaseDatabaseWrapper, table: str) -> bool:
    """Whether the index holds exactly the words of the table that it is of."""
    quoted = connection.ops.quote_name(table)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {quoted}({quoted}, rank) VALUES ('integrity-check', 1)"  # noqa: S608
            )
    except DatabaseError as error:
        if "malformed" in str(error):
            return False
        raise
    return True
