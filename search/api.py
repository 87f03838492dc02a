"""The door of this room: the only module that others import.

A document's `version` is the caller's counter, raised by every decision about it. An older write
that arrives late never undoes a newer one, and nothing brings back what was removed but a put of
a higher version.

What has to reach a search server (put, remove, scrub, rebuild) raises SearchAway when it can't;
all of them may simply be called again. The others never do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import QuerySet

from search import finding, query
from search.checking import Difference, compare
from search.documents import SPEECH, TEXT, Document, Passage, storable
from search.engines import ENGINES, beside, current, named
from search.engines.rows import Visible, due_now, live_keys, row_of
from search.folding import fold, fold_words
from search.key_words import key_words
from search.passages import Cue, cut_speech, cut_text
from search.phrases import phrases as phrases_of
from search.problems import RESTING, SearchAway
from search.results import Fragment, Hit, Matches, Moment, Results
from search.synonyms import Synonyms
from search.synonyms import trouble as synonyms_trouble
from search.titles import titles as titles_of
from search.within import Match, Run, Within, within
from search.word_list import WordList

__all__ = [
    "RESTING",
    "SPEECH",
    "TEXT",
    "Cue",
    "Difference",
    "Document",
    "Fragment",
    "Hit",
    "Match",
    "Matches",
    "Moment",
    "Passage",
    "Results",
    "Run",
    "SearchAway",
    "Synonyms",
    "Within",
    "WordList",
    "begins",
    "cut_speech",
    "cut_text",
    "differences",
    "engines",
    "find",
    "find_within",
    "fold_words",
    "hide",
    "hits",
    "key_words",
    "keys",
    "known_version",
    "let_go",
    "matching",
    "phrases",
    "prepare",
    "problem",
    "put",
    "rebuild",
    "remnants",
    "remove",
    "scrub",
    "stopped_after",
    "stored_texts",
    "suggest",
    "synonyms_trouble",
]

NO_SYNONYMS = Synonyms()


def put(document: Document, version: int) -> bool:
    """Let a document be found. False, with nothing written, when a later decision is known:
    a higher version, or the same version hidden or removed. The same version while it can be
    found is written again.

    Raises ValueError for a document that makes no sense (see documents.storable).
    """
    document = storable(document)
    written = current().put(document, _counted(version))
    for other in beside() if written else ():
        other.copy(document, version)
    return written


def hide(document_id: str, version: int) -> None:
    """Never found from this transaction's commit on; cheap. Without effect on a higher version."""
    current().hide(document_id, _counted(version))


def remove(document_id: str, version: int) -> None:
    """Take a document's words out of every table and index; a tombstone without any stays.

    Without effect on a higher version that can be found. Files may hold the words until scrub()
    gave True.
    """
    current().remove(document_id, _counted(version))
    for other in beside():
        other.drop(document_id)


def scrub() -> bool:
    """Make deleted words leave the files of the database, or of the search server, and their logs.

    False: someone is reading or writing just now; try again. Call it outside a transaction, else
    TransactionManagementError.
    """
    due = due_now()
    others_done = all(other.scrub(due, last=False) for other in beside())
    return others_done and current().scrub(due, last=True)


def remnants(document_id: str) -> list[str]:
    """Where anything of a document's words is still stored, in words for staff; [] if nowhere.

    Words that were deleted but not yet scrubbed are still stored.
    """
    found = [where for each in [current(), *beside()] for where in each.remnants(document_id)]
    return list(dict.fromkeys(found))


def find(
    text: str,
    *,
    visible: QuerySet,
    limit: int = 20,
    offset: int = 0,
    moments: int = 3,
    synonyms: Synonyms = NO_SYNONYMS,
) -> Results:
    """Documents that hold what was typed (search/query.py says how it is read), best first.

    visible: a queryset of one column of document ids in the same database; it becomes a subquery.
    moments: at most so many for each hit.
    synonyms: other words that will do as well for those that were typed.

    All words are wanted, in whichever parts of the document. Where no document has them all, and
    one of them is in none, the nearest word is taken for it with which one has: `corrected` and
    `meant` say so. Else documents with any of the words are given, and `relaxed` is set.

    Never raises for what was typed, nor for a search server that is away: `problem` says so then,
    and `resting` is set.
    """
    if limit < 0 or offset < 0 or moments < 0:
        raise ValueError("limit, offset and moments should not be below zero.")
    return finding.find(
        text, current(), visible, synonyms, limit=limit, offset=offset, moments=moments
    )


def matching(text: str, *, visible: QuerySet, synonyms: Synonyms = NO_SYNONYMS) -> Matches:
    """Every document that find() would give, best first, however many; read as find() reads it.

    For counting, and for an order of the caller's own; hits() then shows some of them.
    """
    return finding.matching(text, current(), visible, synonyms)


def hits(matches: Matches, ids: Sequence[str], *, visible: QuerySet, moments: int = 3) -> list[Hit]:
    """Some of what matched, in the order of `ids`, each with at most so many moments.

    Those that may not be found any more, or are not in `visible` at this moment, are left out.
    Raises SearchAway when a search server went away since they matched.
    """
    if moments < 0:
        raise ValueError("moments should not be below zero.")
    return current().hits(matches, ids, visible=visible, moments=moments)


def find_within(
    text: str, texts: Sequence[Cue | str], *, synonyms: Synonyms = NO_SYNONYMS
) -> Within:
    """Every match of what was typed in the cues and paragraphs of one document, in their order.

    Read as find() reads it, but content with any of the words, as what find() marks. It asks no
    index: the caller hands in what may be seen. Never raises for what was typed.
    """
    return within(text, texts, synonyms)


def suggest(prefix: str, *, visible: Visible, limit: int = 8) -> list[str]:
    """Titles with all of the words typed so far, the last of them perhaps not yet whole.

    visible: as for find(); or a function that says which of a set of ids are visible now.
    """
    typed = _typed(prefix)
    return titles_of(typed, current(), visible, limit) if typed else []


def phrases(prefix: str, *, visible: Visible, least: int) -> dict[str, set[str]]:
    """Two or three words that begin with those typed so far, each with the ids of some visible
    documents that hold it, of which there are `least` or more. No word with a capital is in any.
    """
    typed = _typed(prefix)
    return phrases_of(typed, current(), visible, least) if typed else {}


def begins(prefix: str, text: str) -> bool:
    """Whether a text has all of the words typed so far, the last of them perhaps not yet whole."""
    typed = [fold(word) for word in _typed(prefix)]
    there = [fold(word) for word in query.words(text)]
    return bool(typed) and (
        set(typed[:-1]) <= set(there) and any(word.startswith(typed[-1]) for word in there)
    )


def _typed(prefix: str) -> list[str]:
    typed = query.words(prefix[: query.MAX_CHARACTERS])[: query.MAX_WORDS]
    return [] if len(typed) == 1 and len(typed[0]) < query.MIN_PREFIX else typed


def rebuild(documents: Iterable[tuple[Document, int]], *, engine: str = "", after: str = "") -> int:
    """Put all of them, by rising id and some at a time; gives how many were written.

    It may run while the site is used: versions keep a document that was taken back meanwhile from
    returning. With a search server they go into a new index, which takes the old one's place at
    the end; what was not given is not found then.

    engine: "sqlite" or "elasticsearch"; "" for the one in force. One that is not in force is kept
    up with every change from then on, until let_go(): so it can be put in force without a gap.
    after: as stopped_after() gave it, to go on there with the documents after that id.
    """
    counted = ((storable(document), _counted(version)) for document, version in documents)
    return named(engine).rebuild(counted, after=after)


def stopped_after(engine: str = "") -> str:
    """The id up to which a rebuild had come that was stopped within the last day and can go on;
    else "". Raises SearchAway.
    """
    return named(engine).stopped_after()


def let_go(engine: str) -> None:
    """Take every word out of an engine that is not in force. Files may hold them until scrub().

    Raises ValueError for the one in force; SearchAway.
    """
    if named(engine) is current():
        raise ValueError("The engine in force can't be let go of.")
    named(engine).let_go()


def engines() -> list[str]:
    """The names of the engines that there are."""
    return list(ENGINES)


def keys(engine: str = "") -> Iterator[str]:
    """The ids of all documents that an engine has words of, hidden ones too, and of those that the
    database lets be found. One may come twice. Raises SearchAway.
    """
    yield from named(engine).keys()
    yield from live_keys()


def known_version(document_id: str) -> int:
    """The version of the last decision about a document that search was told of; 0 for none."""
    row = row_of(document_id)
    return row.version if row else 0


def differences(
    documents: Sequence[tuple[Document, int]], engine: str = ""
) -> dict[str, Difference]:
    """Which of some documents an engine does not hold as they are given, and how it differs.

    Raises SearchAway.
    """
    return compare(documents, named(engine))


def prepare() -> bool:
    """Make what the engine needs, if it is not there. True when something was made: rebuild()
    then fills it. Raises SearchAway.
    """
    return current().prepare()


def problem() -> str:
    """What is wrong with the engine and what to do about it, in a sentence for staff; else ""."""
    return current().problem()


def stored_texts() -> Iterator[tuple[str, str]]:
    """(document id, text) of every text that the engine stores, hidden ones too; tombstones have
    none. A text may come in several shapes: as it was handed in, and as it is compared.

    For verification. Raises SearchAway.
    """
    for engine in [current(), *beside()]:
        yield from engine.stored_texts()


def _counted(version: int) -> int:
    if version < 0:
        raise ValueError("A version should not be below zero.")
    return version
