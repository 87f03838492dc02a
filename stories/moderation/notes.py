"""Content notes of a story that is let out: which, where they apply, and a line beside them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from media_pipeline import api as media
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.spoken import agreed_cues
from stories.contributions.versions import NothingFrozen, StoryVersion, version_of
from stories.moderation.frame import above, frame, moderators, sent
from stories.moderation.note_forms import NotesForm, initial_of
from stories.pages.show import paragraphs_of, player_for
from stories.publishing.agree import version_to_agree
from stories.publishing.approve import SeenOtherwise
from stories.publishing.notes import change_notes
from stories.publishing.unsure import to_read
from stories.publishing.words import STANDING

CHANGED = _("The story was changed while you were looking. This is how it stands now.")
WAITS = _("A version waits until the contributor has looked. The notes can be changed after that.")


@moderators
def notes(request: HttpRequest, reference: str) -> HttpResponse:
    """GET: how they stand, with the story beside them. POST: from now on these."""
    story = sent(reference)
    try:
        version = version_of(story)
    except NothingFrozen:
        raise Http404 from None
    if story.state not in STANDING:
        raise Http404
    if request.method != "POST":
        form = NotesForm(story=story, version=version, initial=initial_of(version))
        return _show(request, story, version, form)
    form = NotesForm(request.POST, story=story, version=version)
    if not form.is_valid():
        return _show(request, story, version, form, status=422)
    said, seen = form.cleaned_data, request.POST.get("version", "")
    try:
        changed = change_notes(
            story,
            request.user,
            said["content_notes"],
            said["passages"],
            said["note_remark"],
            seen=int(seen) if seen.isdecimal() else 0,
        )
    except SeenOtherwise:
        return _show(request, story, version, form, str(CHANGED), 409)
    except NotPossible:
        return _show(request, story, version, form, str(WAITS), 409)
    if changed.agreed_at:
        messages.success(request, gettext("These notes stand before it from now on."))
    else:
        messages.success(
            request, gettext("They wait until the contributor has agreed to your line.")
        )
    return redirect("desk_review", reference)


def _show(
    request: HttpRequest,
    story: Contribution,
    version: StoryVersion,
    form: NotesForm,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    made = media.renditions(version.asset_id) if version.asset_id else {}
    context = frame(gettext("Content notes"), *above(story)) | {
        "contribution": story,
        "version": version,
        "form": form,
        "problem": problem or (WAITS if version_to_agree(story) else ""),
        "player": player_for(made, f"{above()[0][1]}{story.reference}/media/", version.seconds),
        "cues": to_read(agreed_cues(version)) if version.asset_id else [],
        "paragraphs": paragraphs_of(version.words),
    }
    return render(request, "desk/notes_page.html", context, status=status)


urlpatterns = [path("contributions/<str:reference>/notes/", notes, name="desk_notes")]
