"""Another name that a contributor wants to be shown: a moderator looks at it first."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _

from stories.contributions.models import NotPossible
from stories.moderation.frame import moderators, sent
from stories.publishing.rename import approve_name, refuse_name

VERBS = {"approve": approve_name, "refuse": refuse_name}


@moderators
def name_view(request: HttpRequest, reference: str) -> HttpResponse:
    """Show it, or not this one. What counts is the name that was on the moderator's page."""
    story = sent(reference)
    verb = VERBS.get(request.POST.get("decision", ""))
    if request.method != "POST" or verb is None:
        return redirect("desk_review", reference)
    try:
        verb(story, request.user, request.POST.get("name", ""))
    except NotPossible:
        messages.error(request, _("They have changed it meanwhile. Please look again."))
        return redirect("desk_review", reference)
    if verb is approve_name:
        messages.success(
            request,
            _("%(reference)s is shown with that name from now on.") % {"reference": reference},
        )
    else:
        messages.success(
            request,
            _("%(reference)s goes on without a name. They can choose another.")
            % {"reference": reference},
        )
    return redirect("desk_review", reference)


urlpatterns = [path("contributions/<str:reference>/name/", name_view, name="desk_name")]
