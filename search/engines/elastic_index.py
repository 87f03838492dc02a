"""The index behind its name: made, looked at, and followed by a newer one without a gap.

Indexes are numbered, NAME-1, NAME-2 and so on. The alias NAME says in which is searched; while a
new one is being filled, the alias NAME-next says which, and every write goes to both.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from django.conf import settings
from elasticsearch import ApiError, BadRequestError, NotFoundError

from search.engines.elastic_client import ASKING, WRITING, address, client, in_our_words
from search.engines.elastic_mapping import FINGERPRINT, MAPPING, SETTINGS
from search.problems import SearchAway

GRACE = 0.3
OVERTAKEN = "Another rebuild of the search index began meanwhile, and goes on instead of this one."


@dataclass(frozen=True)
class Index:
    """One of ours. `alias` is the role that it has, "" for one that nobody uses any more.

    `fits`: it was made by the mapping of this version of the program.
    """

    name: str
    alias: str
    fits: bool


def current() -> str:
    """The name under which is searched."""
    return settings.ELASTICSEARCH_INDEX


def following() -> str:
    """The name of the index that is being filled, while one is."""
    return f"{current()}-next"


def indexes() -> list[Index]:
    """Ours, the oldest first."""
    with in_our_words():
        found = client(ASKING).indices.get(
            index=f"{current()}-*",
            features=["aliases", "mappings"],
            filter_path=["*.aliases", "*.mappings._meta"],
        )
    ours = re.compile(re.escape(current()) + r"-(\d+)")
    numbered = {int(match[1]): name for name in found if (match := ours.fullmatch(name))}
    return [_index(name, found[name]) for _, name in sorted(numbered.items())]


def _index(name: str, said: dict) -> Index:
    aliases = said.get("aliases", {})
    role = next((alias for alias in (current(), following()) if alias in aliases), "")
    meta = said.get("mappings", {}).get("_meta", {})
    return Index(name, role, meta.get("fingerprint") == FINGERPRINT)


def prepare() -> bool:
    """Make the first index. False when there is one."""
    found = indexes()
    if any(index.alias == current() for index in found):
        return False
    try:
        _make(_next_number(found), {current(): {}})
    except SearchAway:
        if any(index.alias == current() for index in indexes()):
            return False  # somebody else made it at the same moment
        raise
    return True


def problem() -> str:
    """What keeps us from searching and writing, and what to do; "" when all is well."""
    try:
        found = [index for index in indexes() if index.alias]
        with in_our_words():
            taken = not found and client(ASKING).indices.exists(index=current())
    except SearchAway as away:
        return str(away)
    if taken:
        return (
            f"The search server at {address()} has an index of another make that is called "
            f"{current()}: choose another name by ELASTICSEARCH_INDEX."
        )
    if not any(index.alias == current() for index in found):
        return MISSING.format(name=current())
    if not any(index.fits for index in found if index.alias == current()):
        return UNFIT.format(name=current())
    return ""


MISSING = (
    "The search index {name} is missing: run manage.py prepare, then manage.py rebuild_search."
)
UNFIT = (
    "The search index {name} has another mapping than this version needs: "
    "run manage.py rebuild_search."
)


def begin() -> Index:
    """A new, empty index that gets every write from now on. One begun before is given up.

    Raises SearchAway.
    """
    found = indexes()
    made = _make(_next_number(found))
    given_up = [index.name for index in found if index.alias == following()]
    _change(
        *({"remove_index": {"index": name}} for name in given_up),
        {"add": {"index": made, "alias": following()}},
    )
    return Index(made, following(), True)


def being_filled() -> Index | None:
    """The one that is being filled, or was when that was stopped, if it still fits."""
    return next((each for each in indexes() if each.alias == following() and each.fits), None)


def delete_all() -> None:
    """Every word leaves the server: its files go with the indexes. Raises SearchAway."""
    names = [index.name for index in indexes()]
    if names:
        with in_our_words():
            client(WRITING).indices.delete(index=names, ignore_unavailable=True)


def take_over(fresh: Index, grace: float = GRACE) -> None:
    """Search in it from now on; all others of ours are deleted, with every word in their files.

    grace: seconds for searches that are under way in one of them. Raises SearchAway, with
    OVERTAKEN when it was given up meanwhile.
    """
    with in_our_words():
        # One that was given up is not there: what follows says so.
        client(WRITING).indices.refresh(index=fresh.name, ignore_unavailable=True)
    searched = [index.name for index in indexes() if index.alias == current()]
    _change(
        {"remove": {"index": fresh.name, "alias": following(), "must_exist": True}},
        *({"remove": {"index": name, "alias": current()}} for name in searched),
        {"add": {"index": fresh.name, "alias": current()}},
    )
    time.sleep(grace)
    tidy()


def tidy() -> None:
    """Delete those that nobody uses any more, as somebody who was stopped half-way left them.

    Raises SearchAway.
    """
    unused = [index.name for index in indexes() if not index.alias]
    if unused:
        with in_our_words():
            client(WRITING).indices.delete(index=unused, ignore_unavailable=True)


def give_up(fresh: Index) -> None:
    """Delete it, unless it is searched in by now. Never raises: it follows an error."""
    try:
        if any(index.name == fresh.name and index.alias != current() for index in indexes()):
            client(WRITING).indices.delete(index=fresh.name)
    except (SearchAway, ApiError):
        return  # the next one that is begun deletes it


def _change(*actions: dict) -> None:
    """All of it in one moment, or nothing."""
    with in_our_words():
        try:
            client(WRITING).indices.update_aliases(actions=actions)
        except NotFoundError:
            raise SearchAway(OVERTAKEN) from None


def _make(number: int, aliases: dict | None = None) -> str:
    name = f"{current()}-{number}"
    with in_our_words():
        try:
            client(WRITING).indices.create(
                index=name, settings=SETTINGS, mappings=MAPPING, aliases=aliases
            )
        except BadRequestError as error:
            if error.error == "resource_already_exists_exception":
                raise SearchAway(OVERTAKEN) from None
            raise
    return name


def _next_number(found: list[Index]) -> int:
    return 1 + max((int(index.name.rpartition("-")[2]) for index in found), default=0)
