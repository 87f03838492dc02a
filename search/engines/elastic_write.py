"""A write to the search server: to every index of ours that is in use, and seen at once. Or many
writes to the one that is being filled, which nobody looks into."""

from __future__ import annotations

from dataclasses import dataclass

from elasticsearch import ConflictError, NotFoundError

from search.engines.elastic_client import WRITING, client, in_our_words, refusal
from search.engines.elastic_index import MISSING, UNFIT, Index, current, indexes
from search.engines.elastic_mapping import TOMBSTONE
from search.problems import SearchAway

# How often the index may be followed by another in the middle of one write.
_TRIES = 5


@dataclass
class Written:
    """Which indexes have taken a write; whether one had an older text, or knew a newer write."""

    names: set[str]
    replaced: bool = False
    refused: bool = False


def write(
    key: str, source: dict, number: int, before: Written | None = None, *, only: str = ""
) -> Written:
    """Write to every index with a role that has not taken it yet, and let it be seen.

    To be called again, with what it gave, after the database knows: an index that was begun in
    between has it then too. `only`: the alias of the one index to write to.
    Raises SearchAway when it can't be written, a later write apart.
    """
    written = before or Written(set())
    for _ in range(_TRIES):
        found = indexes()
        if not any(index.alias == current() for index in found):
            raise SearchAway(MISSING.format(name=current()))
        missing = [index for index in found if index.alias and index.name not in written.names]
        if only:
            missing = [index for index in missing if index.alias == only]
        if source != TOMBSTONE:
            # One of another version is about to be replaced, or should be.
            if not any(index.fits for index in found if index.alias):
                raise SearchAway(UNFIT.format(name=current()))
            missing = [index for index in missing if index.fits]
        if all(_write(index, key, source, number, written) for index in missing):
            return written
    raise SearchAway("The search index was replaced again and again in the middle of a write.")


def _write(index: Index, key: str, source: dict, number: int, written: Written) -> bool:
    """False when the index has another role by now."""
    with in_our_words():
        try:
            answer = client(WRITING).index(
                index=index.alias,
                id=key,
                document=source,
                version=number,
                version_type="external_gte",
                require_alias=True,
                # Nobody looks into one that is being filled.
                refresh=index.alias == current(),
            )
        except ConflictError:
            written.names.add(index.name)
            written.refused = True
            return True
        except NotFoundError:
            return False
    written.names.add(answer["_index"])
    written.replaced |= answer["result"] == "updated"
    return answer["_index"] == index.name


def write_many(alias: str, sources: dict[str, tuple[dict, int]]) -> dict[str, bool]:
    """Write documents, each with its number, to one index in a single request.

    Gives for each that has it now whether it had an older text before. Those that are not among
    them met no index of that name. Raises SearchAway.
    """
    operations: list[dict] = []
    for key, (source, number) in sources.items():
        asked = {"_id": key, "version": number, "version_type": "external_gte"}
        operations += [{"index": asked}, source]
    with in_our_words():
        answer = client(WRITING).bulk(
            index=alias,
            operations=operations,
            require_alias=True,
            filter_path=["items.*._id", "items.*.status", "items.*.result"],
        )
    taken = {}
    for item in answer.get("items", []):
        said = item["index"]
        if said["status"] not in {200, 201, 404, 409}:
            raise SearchAway(refusal(said["status"]))
        if said["status"] != 404:  # and 409: it knows a later one
            taken[said["_id"]] = said.get("result") == "updated"
    return taken
