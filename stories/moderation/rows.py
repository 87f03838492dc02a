"""The queue's folders and rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

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

    label: str | Promise
    find: Callable[[], Sequence[Contribution] | QuerySet[Contribution]]
    nothing: tuple[str | Promise, str | Promise] = (
        _("Nothing here"),
        _("Stories move here as they are decided."),
    )


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
        _("Waiting for you"),
        _standing(*TO_READ),
        (
            _("Nobody is waiting"),
            _(
                "Every story that was sent has been read. New ones appear here, the one that has "
                "waited longest first."
            ),
        ),
    ),
    "going": Folder(
        _("Waiting to go out"),
        to_go_out,
        (
            _("Nothing here"),
            _("Approved stories stay here until their day, or their contributor's yes."),
        ),
    ),
    "names": Folder(
        _("Names to look at"),
        names_to_look_at,
        (
            _("No names to look at"),
            _("Another name that a contributor wants to be shown comes here."),
        ),
    ),
    "words": Folder(
        _("Words to look at"),
        words_to_look_at,
        (
            _("No words to look at"),
            _(
                "A story that is let out comes here when words of its recording are written down "
                "that nobody has agreed to."
            ),
        ),
    ),
    "ending": Folder(
        _("Running out"),
        running_out,
        (_("Nothing runs out"), _("A story comes here before a yes ends that nobody has renewed.")),
    ),
    "out": Folder(_("On the site"), _standing(State.PUBLISHED)),
    "resting": Folder(_("Resting"), _standing(State.PAUSED)),
    "declined": Folder(_("Declined"), _standing(State.DECLINED)),
    "gone": Folder(_("Taken back"), _standing(State.WITHDRAWN, State.ERASED)),
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
        kind = gettext("Written")
        recording = ""
        if upload:
            kind = gettext("Video") if upload.kind == "video" else gettext("Sound")
            progress = media.progress(upload.asset_id)
            recording = {
                "done": gettext("Ready"),
                "failed": gettext("Something went wrong"),
                "working": f"{progress.stage_label}, {progress.percent} %",
            }.get(progress.state, gettext("Waiting for its turn"))
        title = contribution.private.title or gettext("Nothing is left of this one")
        when = ends(contribution) if folder == "ending" else goes_out(contribution)
        return cls(contribution, title, kind, recording, when)


def goes_out(contribution: Contribution) -> str:
    """When an approved story goes out, or what it waits for; "" for any other."""
    if contribution.state == State.APPROVED:
        if contribution.email_hash:
            return gettext("When the contributor has looked")
        return gettext("When the contributor comes back and has looked")
    if contribution.state != State.WAITING or not contribution.publish_after:
        return ""
    day = timezone.localtime(contribution.publish_after)
    return gettext("%(day)s, in %(timesince)s") % {
        "day": date_format(day, "l j F"),
        "timesince": timesince(timezone.now(), day, depth=1),
    }


def ends(contribution: Contribution) -> str:
    """When the first yes of a story ends, in words."""
    people = [
        contribution.contributor_key,
        *contribution.participants.values_list("key", flat=True),
    ]
    all_ends = running().filter(pii_principal_id__in=people, expires_at__isnull=False)
    end = all_ends.order_by("expires_at").values_list("expires_at", flat=True).first()
    if end is None:
        return gettext("Has run out")
    day = timezone.localtime(end)
    said = f"{day.day} {day:%B %Y}"
    return (
        gettext("Ran out on %(said)s") % {"said": said}
        if end <= timezone.now()
        else gettext("Runs out on %(said)s") % {"said": said}
    )


def stories_to_read() -> QuerySet[Contribution]:
    return Contribution.objects.filter(state__in=TO_READ)


def to_read() -> int:
    """How many contributions wait to be read."""
    return stories_to_read().count()


def waiting() -> int:
    """How many contributions, calls and reports somebody should look at."""
    return to_read() + calls_to_check().count() + to_look_at().count()
