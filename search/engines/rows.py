"""The database's row of a document: the truth about whether it may be found, with every engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, F, QuerySet, Value, When

from search.models import IndexedDocument

State = IndexedDocument.State
Due = list[tuple[int, int]]
# A queryset of one column of ids; or, where few are asked of, what says which of some ids are.
Visible = QuerySet | Callable[[set[str]], set[str]]


def row_of(document_id: str) -> IndexedDocument | None:
    return IndexedDocument.objects.filter(key=document_id).first()


def rows_of(ids: Iterable[str]) -> dict[str, IndexedDocument]:
    return {row.key: row for row in IndexedDocument.objects.filter(key__in=list(ids))}


def refuses(row: IndexedDocument | None, version: int) -> bool:
    """Whether a put of this version comes too late."""
    if row is None:
        return False
    return version < row.version or (version == row.version and row.state != State.LIVE)


def hide(document_id: str, version: int) -> None:
    """Conditional updates, so that two who decide at once can't undo each other.

    A row is made for a document that never came, so that a late put is refused.
    """
    if _hide(document_id, version):
        return
    _, made = IndexedDocument.objects.get_or_create(
        key=document_id, defaults={"version": version, "state": State.HIDDEN}
    )
    if not made:
        _hide(document_id, version)  # unless a higher version is there, it has come just now


def _hide(document_id: str, version: int) -> int:
    return IndexedDocument.objects.filter(key=document_id, version__lte=version).update(
        version=version,
        state=Case(
            When(state=State.LIVE, then=Value(State.HIDDEN.value)),
            default=F("state"),
        ),
    )


def live_keys() -> Iterator[str]:
    live = IndexedDocument.objects.filter(state=State.LIVE).order_by("pk")
    return live.values_list("key", flat=True).iterator()


def is_live(document_id: str, version: int) -> bool:
    """Whether this version is the one that may be found at this moment."""
    row = IndexedDocument.objects.filter(key=document_id, version=version, state=State.LIVE)
    return row.exists()


def live_among(versions: dict[str, int]) -> set[str]:
    """Those of some ids of which this version is the one that may be found at this moment."""
    found = IndexedDocument.objects.filter(key__in=list(versions), state=State.LIVE)
    return {key for key, version in found.values_list("key", "version") if versions[key] == version}


def due_now() -> Due:
    """(row, version) of documents with deleted words. Noted before the work: what is deleted
    while that runs waits for the next time."""
    return list(IndexedDocument.objects.filter(scrub_due=True).values_list("pk", "version"))


def add_live(versions: dict[str, int]) -> None:
    """A row for each of some ids that has none yet."""
    IndexedDocument.objects.bulk_create(
        (
            IndexedDocument(key=key, version=version, state=State.LIVE)
            for key, version in versions.items()
        ),
        ignore_conflicts=True,
    )


def is_done(due: Due) -> None:
    for pk, version in due:
        IndexedDocument.objects.filter(pk=pk, version=version).update(scrub_due=False)


def are_due(ids: Iterable[str]) -> None:
    """Words of them were deleted from an engine, or from an index that is not searched yet."""
    IndexedDocument.objects.filter(key__in=list(ids)).update(scrub_due=True)


def among(visible: Visible, keys: Iterable[str]) -> set[str]:
    """Those of some ids that are visible at this moment.

    Raises ValueError unless a queryset `visible` selects one column.
    """
    if not isinstance(visible, QuerySet):
        return set(visible(set(keys)))
    try:
        subquery_of(visible)
    except EmptyResultSet:
        return set()
    [column] = visible.query.values_select
    return set(visible.filter(**{f"{column}__in": list(keys)}).values_list(column, flat=True))


def subquery_of(visible: QuerySet) -> tuple[str, tuple]:
    """SQL and parameters of `visible`.

    Raises ValueError unless it selects one column; EmptyResultSet if it is known to be empty.
    """
    compiler = visible.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    if len(compiler.select) != 1:
        raise ValueError("`visible` should select one column of ids: add .values_list('id').")
    return sql, tuple(params)
