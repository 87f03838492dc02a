"""The catalogues of words: found in the sources, merged with what is translated, compiled.

Babel does it in Python, so that no machine needs gettext's programs. What is compiled is never
committed: scripts/setup and the image make it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_javascript, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "locale"
OWN = ("archive", "stories", "media_pipeline", "search")
DOMAINS = ("django", "djangojs")
# {function: which of its arguments are words, and which says what is meant}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...]] = {
    "_": (1,),
    "gettext": (1,),
    "gettext_lazy": (1,),
    "gettext_noop": (1,),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
PLURALS = {
    "gd": "nplurals=4; "
    "plural=(n==1 || n==11) ? 0 : (n==2 || n==12) ? 1 : (n > 2 && n < 20) ? 2 : 3;"
}


def found(domain: str) -> Catalog:
    """What the sources say now, with the files that say it."""
    catalogue = Catalog(project="stories-archive", charset="utf-8")
    for path, extracted in _of_scripts() if domain == "djangojs" else _of_pages():
        where = str(path.relative_to(ROOT))
        for _line, function, words, comments in extracted:
            indices = KEYWORDS[function]
            said = words if isinstance(words, tuple) else (words,)
            context = said[0] if isinstance(indices[0], tuple) else None
            taken = [said[index - 1] for index in indices if isinstance(index, int)]
            if all(isinstance(each, str) and each for each in taken):
                key = taken[0] if len(taken) == 1 else tuple(taken)
                catalogue.add(key, locations=[(where, 0)], auto_comments=comments, context=context)
    return catalogue


def _of_pages() -> Iterator[tuple[Path, Iterator]]:
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            as_python = templatize(path.read_text(), origin=str(path))
            # Only what is to be translated is left as it was: how lines begin means nothing.
            flat = "\n".join(line.lstrip() for line in as_python.splitlines())
            yield path, _python(io.BytesIO(flat.encode()))
    for own in OWN:
        for path in sorted((ROOT / own).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, _python(io.BytesIO(path.read_bytes()))


def _python(file: io.BytesIO) -> Iterator:
    return extract_python(file, KEYWORDS, ["Translators:"], {"encoding": "utf-8"})


def _of_scripts() -> Iterator[tuple[Path, Iterator]]:
    for path in sorted((ROOT / "frontend" / "src" / "js").glob("*.js")):
        file = io.BytesIO(path.read_bytes())
        yield path, extract_javascript(file, KEYWORDS, ["Translators:"], {"encoding": "utf-8"})


def languages() -> list[str]:
    """Those that have a catalogue, such as "gd"."""
    return sorted(path.name for path in LOCALE.iterdir() if path.is_dir())


def file_of(language: str, domain: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{domain}.po"


def kept(language: str, domain: str) -> Catalog:
    """What is in a language's file; an empty catalogue when it has none yet."""
    path = file_of(language, domain)
    if not path.exists():
        fresh = Catalog(
            language,
            header_comment="# How to translate: docs/languages.md. What is empty stays English.",
            project="stories-archive",
            charset="utf-8",
            fuzzy=False,
        )
        if language in PLURALS:
            fresh.mime_headers = [*fresh.mime_headers, ("Plural-Forms", PLURALS[language])]
        return fresh
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=domain, charset="utf-8")


def ids(catalogue: Catalog) -> set:
    return {(message.context, message.id) for message in catalogue if message.id}


def refresh(*more: str) -> list[str]:
    """Write what has changed into every language's files, and into those of `more` new ones.

    A translation whose English is gone goes too; one whose English changed has to be made again:
    nothing is guessed. Returns the names of the files that were written.
    """
    written = []
    for domain in DOMAINS:
        now = found(domain)
        for language in sorted({*languages(), *more}):
            catalogue = kept(language, domain)
            path = file_of(language, domain)
            if path.exists() and ids(catalogue) == ids(now):
                continue
            catalogue.update(now, no_fuzzy_matching=True)
            catalogue.obsolete.clear()
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                write_po(file, catalogue, width=100, sort_by_file=True, include_lineno=False)
            written.append(str(path.relative_to(ROOT)))
    return written


def compile_all() -> None:
    """Make of each catalogue what the site reads. Raises ValueError for a broken translation."""
    for language in languages():
        for domain in DOMAINS:
            catalogue = kept(language, domain)
            for message, errors in catalogue.check():
                raise ValueError(f"{language}, “{message.id}”: {errors[0]}")
            with file_of(language, domain).with_suffix(".mo").open("wb") as file:
                write_mo(file, catalogue)
