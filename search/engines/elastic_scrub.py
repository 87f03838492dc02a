"""Making deleted words leave the search server's files.

To the server a removed or replaced document is only marked as deleted: its words stay in the
segment until that is merged, and it is not merged away before the server has let go of its history
of changes, which it does every half minute at the earliest, whatever is asked of it. So an index
that is small is copied without them, which takes a second, and the server some seconds more to
delete the old one's files; a large one is merged once the server lets go. What it can't do is
overwrite the blocks on the disk that its deleted files lay on.
"""

from __future__ import annotations

from django.db import connection
from django.db.transaction import TransactionManagementError
from elasticsearch import NotFoundError

from search.engines import elastic_index
from search.engines.elastic_client import ASKING, MERGING, client, in_our_words
from search.engines.elastic_pages import pages
from search.engines.rows import Due, is_done
from search.problems import SearchAway

WAITING = "search: deleted words in the search server's files, until scrub() has run"
AWAY = "search: the search server, which can't be asked just now"

# Up to so many documents an index is copied.
SMALL = 1_000


def scrub(due: Due, *, last: bool) -> bool:
    """True when no deleted word is left in any file of our indexes. Raises SearchAway.

    due: documents with deleted words; noted as done if this is the last to scrub them.

    Raises TransactionManagementError inside a transaction, which would wait for a disk.
    """
    if connection.in_atomic_block:
        raise TransactionManagementError("scrub() should be called outside a transaction.")
    if not due:
        return True
    elastic_index.tidy()
    roles = {index.alias for index in elastic_index.indexes()}
    if elastic_index.following() not in roles and _count() <= SMALL:
        _copy()
    elif not _merge():
        return False
    if last:
        is_done(due)
    return True


def _count() -> int:
    with in_our_words():
        return client(ASKING).count(index=elastic_index.current())["count"]


def _copy() -> None:
    """A new index of what is there takes over; the old one's files are deleted."""
    source = next(i for i in elastic_index.indexes() if i.alias == elastic_index.current())
    fresh = elastic_index.begin()
    try:
        for hits in pages(source.name):
            with in_our_words():
                answer = client(MERGING).bulk(
                    index=elastic_index.following(),
                    operations=[line for hit in hits for line in _again(hit)],
                    require_alias=True,
                )
            # A conflict is a later write, which reached the new index first.
            if {item["index"]["status"] for item in answer["items"]} - {200, 201, 409}:
                raise SearchAway("The search server refused to take its own documents again.")
        elastic_index.take_over(fresh)
    except BaseException:
        elastic_index.give_up(fresh)
        raise


def _again(hit: dict) -> tuple[dict, dict]:
    """What a bulk request needs to write a document that was read."""
    about = {"_id": hit["_id"], "version": hit["_version"], "version_type": "external_gte"}
    return {"index": about}, hit["_source"]


def _merge() -> bool:
    """False: the server holds on to its history of changes for some seconds more."""
    names = [index.name for index in elastic_index.indexes()]
    indices = client(MERGING).indices
    with in_our_words():
        try:
            # The log of changes is dropped with the flush, the old segments with the next one, and
            # their files when searches no longer look into them.
            indices.flush(index=names, force=True, wait_if_ongoing=True)
            indices.forcemerge(index=names, only_expunge_deletes=True)
            indices.flush(index=names, force=True, wait_if_ongoing=True)
            indices.refresh(index=names)
            said = indices.segments(index=names)["indices"]
        except NotFoundError:
            return False  # one was replaced by another meanwhile
    return not any(map(_keeps_deleted, said.values()))


def _keeps_deleted(index: dict) -> bool:
    """Whether a segment of any copy, in the last commit or looked into by searches, has deleted
    documents. The index's own figures leave out those that the last commit dropped."""
    return any(
        segment["deleted_docs"]
        for copies in index["shards"].values()
        for copy in copies
        for segment in copy["segments"].values()
    )
