"""The database's row of a document: the truth about whether it may be found, with every engine."""

from __future__ import annotations

from django.db import connection
from django.db.models import Case, F, QuerySet, Value, When

from search.models import IndexedDocument

State = IndexedDocument.State


def row_of(document_id: str) -> IndexedDocument | None:
    return IndexedDocument.objects.filter(key=document_id).first()


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


def subquery_of(visible: QuerySet) -> tuple[str, tuple]:
    """SQL and parameters of `visible`.

    Raises ValueError unless it selects one column; EmptyResultSet if it is known to be empty.
    """
    compiler = visible.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    if len(compiler.select) != 1:
        raise ValueError("`visible` should select one column of ids: add .values_list('id').")
    return sql, tuple(params)
