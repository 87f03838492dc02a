"""The queue's folders and rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.timesince import timesince

from media_pipeline import api as media
from stories.consent.events import ConsentEvent
from stories.consent.reading import running
from stories.contributions.calls import Call
from stories.contributions.models import Contribution
from stories.contributions.problems import to_look_at
from stories.contributions.states import State
from stories.contributions.versions import StoryVersion
from stories.publishing.expiry import running_out
from stories.publishing.rename import NAME, NAMED
from stories.publishing.words import STANDING, are_new

TO_READ = (State.SUBMITTED, State.IN_REVIEW)
TO_GO_OUT = (State.APPROVED, State.AGREED, State.WAITING)


@dataclass(frozen=True)
class Folder:
    """A part of the queue. `find` gives its stories; `nothing`: heading and line when empty."""

    label: str
    find: Callable[[], Sequence[Contribution] | QuerySet[Contribution]]
    nothing: tuple[str, str] = ("Nothing here", "Stories move here as they are decided.")


def _standing(*states: str) -> Callable[[], QuerySet[Contribution]]:
    return lambda: Contribution.objects.filter(state__in=states).prefetch_related("uploads")


def to_go_out() -> QuerySet[Contribution]:
    """Next to go out first; those that wait for their contributor last."""
    return _standing(*TO_GO_OUT)().order_by("-state", "publish_after", "sent_at")


def names_to_look_at() -> list[Contribution]:
    """Approved stories whose contributor wants a name that no moderator has seen.

    What is asked for is sealed, so first those: shown without a name though one was chosen.
    """
    versions = StoryVersion.objects.filter(contribution=OuterRef("pk")).order_by("-number")
    said = ConsentEvent.objects.filter(
        pii_principal_id=OuterRef("contributor_key"), purpose=NAME
    ).order_by("-number")
    nameless = _standing(*TO_GO_OUT, State.PUBLISHED, State.PAUSED)().annotate(
        naming=Subquery(versions.values("naming")[:1]), choice=Subquery(said.values("choice")[:1])
    )
    chosen = nameless.filter(naming="", choice__in=NAMED)
    return [story for story in chosen if story.private.asked_name]


def words_to_look_at() -> list[Contribution]:
    """Stories that are let out, with words to their recording that no moderator has let out."""
    recorded = _standing(*STANDING)().filter(kind=Contribution.Kind.RECORDING)
    return [story for story in recorded if are_new(story)]


def calls_to_check() -> QuerySet[Call]:
    """Oldest first: until somebody has looked, a story rests that perhaps should not."""
    calls = Call.objects.filter(identity=Call.Identity.UNCHECKED)
    return calls.exclude(contribution__state=State.ERASED).order_by("at")


FOLDERS: dict[str, Folder] = {
    "waiting": Folder(
        "Waiting for you",
        _standing(*TO_READ),
        (
            "Nobody is waiting",
            "Every story that was sent has been read. New ones appear here, the one that has "
            "waited longest first.",
        ),
    ),
    "going": Folder(
        "Waiting to go out",
        to_go_out,
        ("Nothing here", "Approved stories stay here until their day, or their contributor's yes."),
    ),
    "names": Folder(
        "Names to look at",
        names_to_look_at,
        ("No names to look at", "Another name that a contributor wants to be shown comes here."),
    ),
    "words": Folder(
        "Words to look at",
        words_to_look_at,
        (
            "No words to look at",
            "A story that is let out comes here when words of its recording are written down "
            "that nobody has agreed to.",
        ),
    ),
    "ending": Folder(
        "Running out",
        running_out,
        ("Nothing runs out", "A story comes here before a yes ends that nobody has renewed."),
    ),
    "out": Folder("On the site", _standing(State.PUBLISHED)),
    "resting": Folder("Resting", _standing(State.PAUSED)),
    "declined": Folder("Declined", _standing(State.DECLINED)),
    "gone": Folder("Taken back", _standing(State.WITHDRAWN, State.ERASED)),
}


@dataclass(frozen=True)
class Row:
    """One line of the queue, in words: how far the pipeline is; when it goes out or runs out."""

    contribution: Contribution
    title: str
    kind: str
    recording: str
    when: str

    @classmethod
    def of(cls, contribution: Contribution, folder: str = "waiting") -> Row:
        upload = None if contribution.is_taken_back else contribution.upload
        kind = "Written"
        recording = ""
        if upload:
            kind = "Video" if upload.kind == "video" else "Sound"
            progress = media.progress(upload.asset_id)
            recording = {
                "done": "Ready",
                "failed": "Something went wrong",
                "working": f"{progress.stage_label}, {progress.percent} %",
            }.get(progress.state, "Waiting for its turn")
        title = contribution.private.title or "Nothing is left of this one"
        when = ends(contribution) if folder == "ending" else goes_out(contribution)
        return cls(contribution, title, kind, recording, when)


def goes_out(contribution: Contribution) -> str:
    """When an approved story goes out, or what it waits for; "" for any other."""
    if contribution.state == State.APPROVED:
        if contribution.email_hash:
            return "When the contributor has looked"
        return "When the contributor comes back and has looked"
    if contribution.state != State.WAITING or not contribution.publish_after:
        return ""
    day = timezone.localtime(contribution.publish_after)
    return f"{day:%A} {day.day} {day:%B}, in {timesince(timezone.now(), day, depth=1)}"


def ends(contribution: Contribution) -> str:
    """When the first yes of a story ends, in words."""
    people = [
        contribution.contributor_key,
        *contribution.participants.values_list("key", flat=True),
    ]
    all_ends = running().filter(pii_principal_id__in=people, expires_at__isnull=False)
    end = all_ends.order_by("expires_at").values_list("expires_at", flat=True).first()
    if end is None:
        return "Has run out"
    day = timezone.localtime(end)
    said = f"{day.day} {day:%B %Y}"
    return f"Ran out on {said}" if end <= timezone.now() else f"Runs out on {said}"


def to_read() -> int:
    """How many contributions wait to be read."""
    return Contribution.objects.filter(state__in=TO_READ).count()


def waiting() -> int:
    """How many contributions, calls and reports somebody should look at."""
    return to_read() + calls_to_check().count() + to_look_at().count()
