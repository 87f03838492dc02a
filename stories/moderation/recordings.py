"""Work on recordings: what is under way, what went wrong and why, and trying again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import log

from media_pipeline import api as media
from stories.contributions.models import Upload
from stories.contributions.states import State
from stories.moderation.frame import frame, moderators

PAGE_SIZE = 25
TROUBLE, WORK = "trouble", "work"
FOLDERS = {TROUBLE: _("Need somebody"), WORK: _("Under way")}
FIND = {TROUBLE: media.in_trouble, WORK: media.at_work}


def _uploads(assets: list[UUID]) -> list[Upload]:
    """Of stories that were sent, in this order. A draft is its writer's alone."""
    sent = Upload.objects.filter(asset_id__in=assets, state=Upload.State.KEPT)
    sent = sent.exclude(contribution__state=State.DRAFT).select_related("contribution")
    found = {upload.asset_id: upload for upload in sent}
    return [found[asset] for asset in assets if asset in found]


def in_trouble() -> int:
    return len(_uploads(media.in_trouble()))


@moderators
def recordings(request: HttpRequest) -> HttpResponse:
    folder = request.GET.get("folder", TROUBLE)
    folder = folder if folder in FOLDERS else TROUBLE
    page = Paginator(_uploads(FIND[folder]()), PAGE_SIZE).get_page(request.GET.get("page"))
    context = frame(gettext("Recordings")) | {
        "rows": [(upload, media.look(upload.asset_id)) for upload in page],
        "page": page,
        "folder": folder,
        "folders": FOLDERS.items(),
        "trouble": in_trouble(),
    }
    return render(request, "desk/recordings.html", context)


@require_POST
@moderators
def act(request: HttpRequest, upload: UUID, what: str) -> HttpResponse:
    """Try again, or stop."""
    found = get_object_or_404(Upload.objects.exclude(contribution__state=State.DRAFT), pk=upload)
    try:
        if what == "retry":
            folder, done = WORK, media.retry(found.asset_id)
            said = gettext("It is tried again, with all its attempts.")
        else:
            folder, done = TROUBLE, media.stop(found.asset_id)
            said = gettext(
                "It stops within a few seconds. Nothing is lost: you can try it again here."
            )
    except media.UnknownAsset:
        raise Http404 from None
    except media.OriginalDropped as gone:
        messages.error(request, str(gone))
        return redirect(f"{reverse('desk_recordings')}?folder={TROUBLE}")
    if done:
        messages.success(request, said)
        story = found.contribution
        action = f"stories.recording_{what}"
        log(instance=story, action=action, user=request.user, content_changed=False)
    else:
        messages.info(
            request, gettext("Nothing was to be done: somebody else, or the work, was quicker.")
        )
    return redirect(f"{reverse('desk_recordings')}?folder={folder}")


class RecordingsItem(MenuItem):
    """The work on recordings, with how much of it needs somebody."""

    def __init__(self) -> None:
        super().__init__("Recordings", "/", name="recordings", icon_name="media", order=20)

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("stories.moderate")

    def render_component(self, request: HttpRequest):
        self.url = reverse("desk_recordings")
        number = in_trouble()
        self.label = (
            gettext("Recordings (%(number)s)") % {"number": number}
            if number
            else gettext("Recordings")
        )
        return super().render_component(request)


@hooks.register("register_admin_menu_item")
def recordings_item() -> MenuItem:
    return RecordingsItem()


@hooks.register("register_log_actions")
def log_actions(actions) -> None:
    actions.register_action(
        "stories.recording_retry", _("Try again"), _("A recording is tried again")
    )
    actions.register_action(
        "stories.recording_stop", _("Stop"), _("Work on a recording was stopped")
    )


urlpatterns = [
    path("recordings/", recordings, name="desk_recordings"),
    path("recordings/<uuid:upload>/retry/", act, {"what": "retry"}, name="desk_recording_retry"),
    path("recordings/<uuid:upload>/stop/", act, {"what": "stop"}, name="desk_recording_stop"),
]
