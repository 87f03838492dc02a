"""What is looked at where only a search server can answer."""

from __future__ import annotations

import os
import time
from pathlib import Path

from search.engines import elastic_index
from search.engines.elastic_client import WRITING, client
from search.models import IndexedDocument


def held(key: str, index: str = "") -> dict | None:
    """What the server has under an id at this moment; None for nothing."""
    found = client(WRITING).options(ignore_status=404)
    return found.get(index=index or elastic_index.current(), id=key).body.get("_source")


def row(key: str) -> tuple[int, str, bool]:
    return IndexedDocument.objects.values_list("version", "state", "scrub_due").get(key=key)


def once(monkeypatch, module, name: str, meanwhile) -> None:
    """Let something happen just before a function of ours is called for the first time."""
    real = getattr(module, name)

    def overtaken(*args, **kwargs):
        monkeypatch.setattr(module, name, real)
        meanwhile()
        return real(*args, **kwargs)

    monkeypatch.setattr(module, name, overtaken)


def names() -> list[str]:
    return [index.name for index in elastic_index.indexes()]


def files_with(word: str) -> list[str]:
    """Endings of the server's files that hold a word, whole or after a beginning that it shares
    with the term before."""
    folder = Path(os.environ["DATABASE_PASSWORD_FILE"]).parents[1] / "elasticsearch"
    found = []
    # os.walk passes by what is deleted while it looks.
    for path in (Path(at, name) for at, _, names_there in os.walk(folder) for name in names_there):
        try:
            data = path.read_bytes().lower()
        except FileNotFoundError:
            continue
        if any(part.encode() in data for part in (word, word[:11], word[3:])):
            found.append(path.suffix)
    return found


def history_has_gone() -> None:
    """Wait until the server lets go of its history of changes, which it does every half minute."""
    ends = time.monotonic() + 60
    while not _history_has_gone():
        assert time.monotonic() < ends
        time.sleep(0.2)


def _history_has_gone() -> bool:
    said = client(WRITING).indices.stats(index=elastic_index.current(), level="shards")
    [index] = said["indices"].values()
    [[shard]] = index["shards"].values()
    last = shard["seq_no"]["max_seq_no"]
    return all(lease["retaining_seq_no"] > last for lease in shard["retention_leases"]["leases"])


def flush() -> None:
    client(WRITING).indices.flush(index=elastic_index.current(), force=True)
