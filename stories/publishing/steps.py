"""THE list of public effects. What is not here does not leave the archive.

Each step can open (make its effect as the decision in force wants it), close (undo it, however
far it had come) and say what remains. All three may be run any number of times.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from media_pipeline import api as media
from search import api as search
from stories.contributions import keys
from stories.contributions.allowed import exits_of
from stories.contributions.models import Contribution
from stories.contributions.problems import destroy
from stories.contributions.states import State
from stories.contributions.versions import StoryVersion, version_of
from stories.pages.models import StoryPage
from stories.pages.series import EpisodePlace
from stories.pages.show import shareable
from stories.publishing import page
from stories.publishing.documents import document_of
from stories.publishing.traces import scrub_database


@dataclass(frozen=True)
class Step:
    """`wanted` asks the decision and the consents in force whether the effect should stand.

    `sweeps`: its closing counts only once every other step has closed.
    """

    name: str
    exits: frozenset[str]
    wanted: Callable[[Contribution], bool]
    open: Callable[[Contribution], None]
    close: Callable[[Contribution], None]
    remnants: Callable[[Contribution], list[str]]
    sweeps: bool = False


class NotYet(Exception):
    """The step could not finish now and should be tried again soon; nothing is wrong."""


def asset_of(story: Contribution):
    """The media asset of the version in force, or of the upload; None for a written story."""
    version = story.versions.last()
    if version:
        return version.asset_id
    return story.upload.asset_id if story.upload else None


def is_out(story: Contribution, exit_name: str) -> bool:
    return story.state == State.PUBLISHED and exit_name in exits_of(story)


def open_media(story: Contribution) -> None:
    """Release what consent lets out, and only what was approved: same name, same hash."""
    version = version_of(story)
    if version.asset_id is None:
        return
    made = media.renditions(version.asset_id)
    may_go = shareable(made, exits_of(story))
    approved = {n for n, item in may_go.items() if version.renditions.get(n) == item.sha256}
    media.release(version.asset_id, approved)
    if media.progress(version.asset_id).state in {"waiting", "working"}:
        raise NotYet  # somebody changed their mind about voice or face, and it is made anew


def close_media(story: Contribution) -> None:
    if asset := asset_of(story):
        media.release(asset, [])


def released_media(story: Contribution) -> list[str]:
    asset = asset_of(story)
    made = media.renditions(asset) if asset else {}
    return [f"rendition {name}" for name, item in made.items() if item.released]


def open_search(story: Contribution) -> None:
    search.put(document_of(story), story.epoch)


def close_search(story: Contribution) -> None:
    search.remove(story.reference, story.epoch)


def close_traces(story: Contribution) -> None:
    """Make all that was deleted leave the files and logs of search and database.

    Somebody who reads just now means later.
    """
    if not (search.scrub() and scrub_database()):
        raise NotYet


def close_sources(story: Contribution) -> None:
    """Destroy what publishing was made from: recordings, versions, words, contact, key."""
    for asset in story.uploads.values_list("asset_id", flat=True):
        media.erase(asset)
    media.incoming.end_all(story.contributor_key)
    media.erase_all(story.contributor_key)
    if not StoryPage.objects.filter(contribution=story).exists():
        StoryVersion.objects.filter(contribution=story).delete()
    story.uploads.all().delete()
    keys.destroy(story.contributor_key)
    story.asks.all().delete()
    EpisodePlace.objects.filter(contribution=story).delete()
    destroy(story.problems.all())
    story.participants.update(sealed=None)
    Contribution.objects.filter(pk=story.pk).update(sealed=None, answers={}, email_hash="")


def source_remnants(story: Contribution) -> list[str]:
    found = [f"version {number}" for number in story.versions.values_list("number", flat=True)]
    for upload in story.uploads.all():
        found += [f"upload {upload.pk}", *media.remnants(upload.asset_id)]
    found += media.incoming.remnants(story.contributor_key)
    if Contribution.objects.filter(pk=story.pk, sealed__isnull=False).exists():
        found.append("sealed words")
    others = story.participants.exclude(sealed=None).values_list("pk", flat=True)
    found += [f"sealed name {other}" for other in others]
    found += [f"request {ask.pk}" for ask in story.asks.all()]
    found += [f"report {problem.pk}" for problem in story.problems.all()]
    if keys.exists(story.contributor_key):
        found.append("key")
    return found


# Opened from the top, closed from the bottom.
STEPS = (
    Step(
        "traces",
        frozenset(),
        wanted=lambda story: is_out(story, "listing"),
        open=lambda story: None,
        close=close_traces,
        remnants=lambda story: [],
        sweeps=True,
    ),
    Step(
        "sources",
        frozenset(),
        wanted=lambda story: story.is_kept,
        open=lambda story: None,
        close=close_sources,
        remnants=source_remnants,
    ),
    Step(
        "media",
        frozenset({"sound", "picture", "film", "own_voice", "own_face", "transcript"}),
        wanted=lambda story: is_out(story, "page"),
        open=open_media,
        close=close_media,
        remnants=released_media,
    ),
    Step(
        "page",
        frozenset({"page", "text", "own_name", "chosen_name"}),
        wanted=lambda story: is_out(story, "page"),
        open=page.open_page,
        close=page.close_page,
        remnants=page.remnants,
    ),
    Step(
        "search",
        frozenset({"listing"}),
        wanted=lambda story: is_out(story, "listing"),
        open=open_search,
        close=close_search,
        remnants=lambda story: search.remnants(story.reference),
    ),
)
