"""The desk: what waits, one contribution at a time, and the decision."""

from __future__ import annotations

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access

from media_pipeline import api as media
from stories.consent.exits import EXITS
from stories.consent.reading import latest_events
from stories.contributions.allowed import exits_of
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.states import State
from stories.moderation.forms import ApproveForm, DeclineForm
from stories.moderation.rows import FOLDERS, Row, waiting
from stories.pages.models import StoryPage
from stories.pages.show import ShownCue, paragraphs_of, player_for
from stories.publishing.approve import NotReady, approve
from stories.publishing.decline import REASONS, decline

PAGE_SIZE = 25


def moderators(view):
    """Only for staff who may moderate."""

    @wraps(view)
    @require_admin_access
    @never_cache
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not request.user.has_perm("stories.moderate"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wrapped


def _sent(reference: str) -> Contribution:
    """A contribution that has been sent. A draft is its writer's alone: 404."""
    return get_object_or_404(Contribution.objects.exclude(state=State.DRAFT), reference=reference)


def _frame(title: str, *crumbs: tuple[str, str]) -> dict:
    """What Wagtail's page frame needs."""
    home = {"url": reverse("wagtailadmin_home"), "label": "Home"}
    items = [home, *({"url": url, "label": label} for label, url in crumbs)]
    return {
        "header_title": title,
        "page_title": title,
        "header_icon": "openquote",
        "breadcrumbs_items": [*items, {"url": "", "label": title}],
    }


@moderators
def queue(request: HttpRequest) -> HttpResponse:
    """Oldest first: the person who has waited longest comes next."""
    folder = request.GET.get("folder", "waiting")
    if folder not in FOLDERS:
        folder = "waiting"
    label, states = FOLDERS[folder]
    found = Contribution.objects.filter(state__in=states).prefetch_related("uploads")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = _frame("Contributions") | {
        "rows": [Row.of(contribution) for contribution in page],
        "page": page,
        "folder": folder,
        "folder_label": label,
        "folders": [(slug, name) for slug, (name, _) in FOLDERS.items()],
        "waiting": waiting(),
    }
    return render(request, "desk/queue.html", context)


@moderators
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """Read or play it, see its consents, decide."""
    return _show(request, _sent(reference), ApproveForm(), DeclineForm())


@moderators
def approve_view(request: HttpRequest, reference: str) -> HttpResponse:
    contribution = _sent(reference)
    form = ApproveForm(request.POST)
    if request.method != "POST":
        return redirect("desk_review", reference)
    if not form.is_valid():
        return _show(request, contribution, form, DeclineForm(), 422)
    try:
        approve(contribution, request.user, form.description())
    except NotReady:
        messages.error(request, "The recording is still being prepared. Please try again soon.")
        return redirect("desk_review", reference)
    except NotPossible:
        messages.error(request, "Someone has already decided about this one.")
        return redirect("desk_review", reference)
    messages.success(request, f"{reference} is approved and on its way to the site.")
    return redirect("desk_queue")


@moderators
def decline_view(request: HttpRequest, reference: str) -> HttpResponse:
    contribution = _sent(reference)
    if request.method != "POST":
        return redirect("desk_review", reference)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _show(request, contribution, ApproveForm(), form, 422)
    said = form.cleaned_data
    try:
        decline(contribution, request.user, said["reason"], said["letter"])
    except NotPossible:
        messages.error(request, "Someone has already decided about this one.")
        return redirect("desk_review", reference)
    messages.success(request, f"{reference} is declined, and your words are on its private page.")
    return redirect("desk_queue")


@moderators
def media_file(request: HttpRequest, reference: str, name: str) -> HttpResponseBase:
    """A recording as it was prepared, for the person who decides about it."""
    contribution = _sent(reference)
    upload = contribution.upload
    if upload is None or contribution.is_taken_back:
        raise Http404
    return media.respond(request, upload.asset_id, name, allowed=frozenset(media.NEEDS))


def _show(request, contribution, approve_form, decline_form, status: int = 200) -> HttpResponse:
    upload = None if contribution.is_taken_back else contribution.upload
    made = media.renditions(upload.asset_id) if upload else {}
    base = reverse("desk_queue") + f"{contribution.reference}/media/"
    progress = media.progress(upload.asset_id) if upload else None
    cues = media.cues(upload.asset_id) if upload else []
    opened = exits_of(contribution)
    context = _frame(contribution.reference, ("Contributions", reverse("desk_queue"))) | {
        "contribution": contribution,
        "story": contribution.private,
        "paragraphs": paragraphs_of(contribution.private.words),
        "upload": upload,
        "progress": progress,
        "ready": progress is None or progress.state == "done",
        "player": player_for(made, base, upload.seconds) if upload else None,
        "cues": [ShownCue(cue.start, cue.text) for cue in cues],
        "events": latest_events(contribution.contributor_key),
        "exits": [(door, door.name in opened) for door in EXITS],
        "open_decision": contribution.state in FOLDERS["waiting"][1],
        "approve_form": approve_form,
        "decline_form": decline_form,
        "reason": REASONS.get(contribution.decline_reason, ""),
        "page": StoryPage.objects.public().filter(contribution=contribution).first(),
        "runs": contribution.step_runs.all(),
    }
    return render(request, "desk/review.html", context, status=status)
