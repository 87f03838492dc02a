"""The bytes of SQLite's own files: what was deleted can lie there long after its row has gone."""

from __future__ import annotations

import codecs
import subprocess
from pathlib import Path

from django.db import connections

from stories.publishing.scan import server
from stories.publishing.scan.layers import layers
from stories.publishing.scan.report import Report
from stories.publishing.scan.wanted import Reader, Wanted

PLACE = "database file"
ENDINGS = ("", "-wal", "-journal")
CHUNK = 1024 * 1024


def scan_database_files(wanted: Wanted, report: Report) -> None:
    for connection in connections.all():
        name = str(connection.settings_dict["NAME"])
        if connection.vendor != "sqlite":
            for note in server.notes(connection):
                report.note(note)
            continue
        for path in (Path(name + ending) for ending in ENDINGS):
            if path.exists():
                report.count(PLACE, files=1)
                _scan(path, wanted, report)


def _scan(path: Path, wanted: Wanted, report: Report) -> None:
    """Another process opens the file: closing it in this one would drop the locks by which SQLite
    keeps other processes out (https://www.sqlite.org/howtocorrupt.html, 2.2).
    """
    where = f"{PLACE} {path.name}"
    with subprocess.Popen(["cat", "--", str(path)], stdout=subprocess.PIPE) as other:
        assert other.stdout  # noqa: S101
        at = 0
        reader = Reader(wanted)
        # Letters of more than one byte may be cut by a chunk's border, words by the reader's.
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while chunk := other.stdout.read(CHUNK):
            text, *packed = layers(decoder.decode(chunk))
            row = f"near byte {at}"
            report.add(where, reader.feed(text), row, source=True)
            for inner in packed:
                report.add(where, Reader(wanted).read(inner), row, source=True)
            at += len(chunk)
        report.add(where, reader.end(), f"near byte {at}", source=True)
        report.count(PLACE, bytes=at)
    if other.returncode:
        raise OSError(f"{path.name} could not be read to its end.")
