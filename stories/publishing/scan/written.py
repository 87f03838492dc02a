"""What writes texts into files beside the stores: logs, the journal, letters kept as files."""

from __future__ import annotations

import logging
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings

from stories.publishing.scan.files import scan_folder
from stories.publishing.scan.report import Report
from stories.publishing.scan.wanted import Reader, Wanted

BETWEEN_LETTERS = b"\n" + b"-" * 79 + b"\n"  # as Django's file backend parts them


def scan_logs(wanted: Wanted, report: Report) -> None:
    """Files that logging writes, with those that were rotated away."""
    report.count("log files", files=0)
    files = {str(one["filename"]) for one in _configured() if "filename" in one}
    files |= {
        handler.baseFilename
        for logger in (logging.root, *map(logging.getLogger, logging.root.manager.loggerDict))
        for handler in logger.handlers
        if isinstance(handler, logging.FileHandler)
    }
    for path in sorted({found for name in files for found in _with_rotated(Path(name))}):
        _scan_text("log files", path, wanted, report)
    if not files:
        report.note(
            "No log file is configured: logs go to the console, and what keeps them there can't "
            "be looked into from here."
        )


def _configured() -> list[dict]:
    return list((getattr(settings, "LOGGING", None) or {}).get("handlers", {}).values())


def _with_rotated(path: Path) -> list[Path]:
    return [found for found in path.parent.glob(f"{path.name}*") if found.is_file()]


def scan_journal(wanted: Wanted, report: Report) -> None:
    report.count("journal", files=0)
    path = Path(settings.JOURNAL_PATH)
    if path.exists():
        _scan_text("journal", path, wanted, report)


def _scan_text(place: str, path: Path, wanted: Wanted, report: Report) -> None:
    reader = Reader(wanted)
    report.count(place, files=1, bytes=path.stat().st_size)
    with path.open(errors="replace") as file:
        for number, line in enumerate(file, start=1):
            if matches := reader.feed(line):
                report.add(place, matches, f"{path.name} line {number}")
    report.add(place, reader.end(), path.name)


def scan_letters(wanted: Wanted, report: Report) -> None:
    """Letters that the file backend kept: as bytes, and as what a mail program would show."""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    if not folder:
        report.note("Letters go to a mail server; what it and mailboxes keep is out of reach.")
        return
    scan_folder("letters", Path(folder), wanted, report)
    for path in sorted(Path(folder).glob("*")):
        if path.is_file():
            _scan_letters_in(path, wanted, report)


def _scan_letters_in(path: Path, wanted: Wanted, report: Report) -> None:
    for raw in path.read_bytes().split(BETWEEN_LETTERS):
        letter = message_from_bytes(raw.lstrip(), policy=policy.default)
        report.count("letters", letters=1 if letter.keys() else 0)
        reader = Reader(wanted)
        matches = reader.read(str(letter.get("subject", "")))
        for part in letter.walk():
            if part.get_content_maintype() == "text":
                matches |= reader.read(part.get_content())
        report.add("letters", matches, path.name)
