"""The search server's index of the process that runs tests: made, emptied, deleted.

Rows are rolled back or flushed after a test. A search server knows nothing of that, and would
refuse the next test's versions as older than what it holds.
"""

from __future__ import annotations

from django.conf import settings

ON_A_SERVER = settings.SEARCH_ENGINE == "elasticsearch"


def empty() -> None:
    """An empty index, as on a new site. Quick when it is empty."""
    if not ON_A_SERVER:
        return
    from search.engines import elastic_index
    from search.engines.elastic_client import WRITING, client

    if elastic_index.prepare():
        return
    found = elastic_index.indexes()
    held = client(WRITING).count(index=elastic_index.current())["count"]
    if held or len(found) > 1 or not found[0].fits:
        elastic_index.take_over(elastic_index.begin(), grace=0)


def delete() -> None:
    """Nothing of ours stays on the server."""
    if not ON_A_SERVER:
        return
    from search.engines import elastic_index
    from search.engines.elastic_client import WRITING, client

    for index in elastic_index.indexes():
        client(WRITING).indices.delete(index=index.name)


def lose(key: str) -> None:
    """A document's words are not in the index any more, and no row says so."""
    if not ON_A_SERVER:
        from search.engines.sqlite import _delete_words
        from search.models import IndexedDocument

        _delete_words(IndexedDocument.objects.get(key=key).pk)
        return
    from search.engines import elastic_index
    from search.engines.elastic_client import WRITING, client

    client(WRITING).delete(index=elastic_index.current(), id=key, refresh=True)
