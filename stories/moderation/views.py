"""The desk: what waits, one contribution at a time, and the decision."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from media_pipeline import api as media
from stories.contributions.calls import Call
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.problems import to_look_at
from stories.contributions.states import State
from stories.contributions.versions import StoryVersion
from stories.moderation.forms import ApproveForm, DeclineForm
from stories.moderation.frame import frame, moderators, sent
from stories.moderation.review import show
from stories.moderation.rows import FOLDERS, Row, calls_to_check, to_read
from stories.publishing.approve import NotReady, SeenOtherwise, approve
from stories.publishing.decline import decline
from stories.publishing.poster import choose
from stories.publishing.remade import offer

PAGE_SIZE = 25


@moderators
def queue(request: HttpRequest) -> HttpResponse:
    """Oldest first: the person who has waited longest comes next."""
    slug = request.GET.get("folder", "waiting")
    if slug not in FOLDERS:
        slug = "waiting"
    folder = FOLDERS[slug]
    page = Paginator(folder.find(), PAGE_SIZE).get_page(request.GET.get("page"))
    context = frame(_("Contributions")) | {
        "rows": [Row.of(contribution, slug) for contribution in page],
        "page": page,
        "folder": slug,
        "folder_label": folder.label,
        "nothing": folder.nothing,
        "folders": [(name, FOLDERS[name].label) for name in FOLDERS],
        "waiting": to_read(),
        "calls": calls_to_check().count(),
        "problems": to_look_at().count(),
    }
    return render(request, "desk/queue.html", context)


@moderators
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """Read or play it, see its consents, decide."""
    return show(request, sent(reference))


@moderators
def approve_view(request: HttpRequest, reference: str) -> HttpResponse:
    story = sent(reference)
    if request.method != "POST":
        return redirect("desk_review", reference)
    form = ApproveForm(request.POST, story=story)
    if not form.is_valid():
        return show(request, story, approve=form, status=422)
    if story.calls.filter(identity=Call.Identity.UNCHECKED).exists():
        messages.error(request, _("Somebody called about this one. Check who it was first."))
        return show(request, story, approve=form, status=409)
    try:
        said = form.cleaned_data
        version = approve(
            story, request.user, form.description(), seen=said["epoch"], heard=said["heard"]
        )
    except NotReady:
        messages.error(request, _("The recording is still being prepared. Please try again soon."))
    except SeenOtherwise:
        messages.error(
            request,
            _(
                "Something changed while you were looking: the contributor changed it, such as the "
                "name, or other words of the recording were written down. Please look again; what "
                "you typed is still here."
            ),
        )
        typed = request.POST.copy()
        now = ApproveForm(story=story).initial
        for name in ("epoch", "heard"):
            typed[name] = str(now.get(name, ""))
        return show(request, story, approve=ApproveForm(typed, story=story), status=409)
    except NotPossible:
        messages.error(request, too_late(story))
    else:
        messages.success(request, what_happens(story, version))
        return redirect("desk_queue")
    return redirect("desk_review", reference)


def too_late(story: Contribution) -> str:
    story.refresh_from_db()
    if story.is_taken_back:
        return _("The contributor has taken this one down. Nothing of it goes out.")
    return _("Someone has already decided about this one.")


def what_happens(story: Contribution, version: StoryVersion) -> str:
    """What the moderator is told after approving."""
    story.refresh_from_db()
    approved = _("%(reference)s is approved.") % {"reference": story.reference}
    if version.agreed_at is None and story.email_hash:
        return _("%(approved)s It waits until the contributor has looked: they get an e-mail.") % {
            "approved": approved
        }
    if version.agreed_at is None:
        return _(
            "%(approved)s They left no address: it waits until they come back by "
            "themselves, and have looked."
        ) % {"approved": approved}
    if story.state == State.WAITING and story.publish_after:
        return _("%(approved)s It goes out on %(publish_after)s, unless it is stopped.") % {
            "approved": approved,
            "publish_after": f"{story.publish_after:%d %B %Y}",
        }
    return _("%(approved)s It is on its way to the site.") % {"approved": approved}


@moderators
def decline_view(request: HttpRequest, reference: str) -> HttpResponse:
    story = sent(reference)
    if request.method != "POST":
        return redirect("desk_review", reference)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return show(request, story, decline=form, status=422)
    said = form.cleaned_data
    try:
        decline(story, request.user, said["reason"], said["letter"])
    except NotPossible:
        messages.error(request, too_late(story))
        return redirect("desk_review", reference)
    messages.success(
        request,
        _("%(reference)s is declined, and your words are on its private page.")
        % {"reference": reference},
    )
    return redirect("desk_queue")


@require_POST
@moderators
def remade(request: HttpRequest, reference: str) -> HttpResponse:
    """What was made anew was looked at: ask the contributor to look, too."""
    story = sent(reference)
    try:
        offer(story, request.user)
    except NotPossible:
        messages.info(
            request, _("Nothing is to be asked: it waits for their answer, or is made again.")
        )
    else:
        messages.success(request, _("They are asked to look. Until they say yes, it stays closed."))
    return redirect("desk_review", reference)


@require_POST
@moderators
def poster(request: HttpRequest, reference: str) -> HttpResponse:
    """Another picture before the film begins."""
    story = sent(reference)
    try:
        chosen = choose(story, request.user, request.POST.get("poster", ""))
    except NotPossible:
        messages.error(request, too_late(story))
    except media.StoreFailed:
        messages.error(request, _("The pictures can't be reached just now. Please try again soon."))
    else:
        if chosen:
            messages.success(request, _("The film begins with that picture now."))
    return redirect("desk_review", reference)


@moderators
def media_file(request: HttpRequest, reference: str, name: str) -> HttpResponseBase:
    """A recording as it was prepared, for the person who decides about it."""
    story = sent(reference)
    upload = story.upload
    if upload is None or story.is_taken_back:
        raise Http404
    return media.respond(request, upload.asset_id, name, allowed=frozenset(media.NEEDS))
