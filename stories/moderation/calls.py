"""Calls and letters at the desk: write one down, check who it was, undo what was not theirs."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from stories.contributions import links
from stories.contributions.calls import Call
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.places import is_too_often
from stories.contributions.states import State
from stories.moderation import acts, calling
from stories.moderation.call_forms import HOW, CheckForm
from stories.moderation.frame import above, frame, moderators, sent
from stories.moderation.purposes import questions_for
from stories.moderation.rows import calls_to_check


@moderators
def to_check(request: HttpRequest) -> HttpResponse:
    """Calls of which nobody has said yet who it was, the oldest first."""
    context = frame(_("Calls to check"), *above()) | {"calls": calls_to_check()}
    return render(request, "desk/calls.html", context)


@moderators
def take(request: HttpRequest, reference: str) -> HttpResponse:
    """One press: it rests. No question comes before that."""
    story = sent(reference)
    method = request.POST.get("method", "")
    if request.method != "POST" or method not in Call.Method.values:
        return redirect("desk_review", reference)
    try:
        call = calling.take(story, method, request.user)
    except NotPossible:
        messages.error(request, _("It is taken down already, so there is nothing to stop."))
        return redirect("desk_review", reference)
    return redirect("desk_call", reference, call.pk)


def call_of(reference: str, pk: int) -> Call:
    """A call about this very story, else 404."""
    return get_object_or_404(Call, pk=pk, contribution=sent(reference))


@moderators
def page(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Who it was; then what can be done for them."""
    return _show(request, call_of(reference, pk))


def _show(
    request: HttpRequest, call: Call, form: CheckForm | None = None, status: int = 200
) -> HttpResponse:
    story = call.contribution
    acting = calling.may_act(call)
    context = frame(_("A call or letter"), *above(story)) | {
        "call": call,
        "contribution": story,
        "State": State,
        "check_form": form or CheckForm(story=story),
        "may_act": acting,
        "can_put_back": calling.can_put_back(call),
        "questions": questions_for(story) if acting and not story.is_taken_back else None,
        "asks": story.asks.all() if acting else [],
        "has_address": bool(story.email_hash),
    }
    return render(request, "desk/call.html", context, status=status)


@moderators
def check(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """The contributor, or not. A code is looked up; the other ways are the moderator's word."""
    call = call_of(reference, pk)
    if request.method != "POST":
        return redirect("desk_call", reference, pk)
    form = CheckForm(request.POST, story=call.contribution)
    if not form.is_valid():
        return _show(request, call, form, 422)
    if form.needs_code:
        most = settings.CODE_TRIES_PER_PLACE_PER_HOUR
        if is_too_often(request, "code_at_desk", most, timedelta(hours=1)):
            form.add_error("code", _("That was too many tries. Please wait an hour."))
            return _show(request, call, form, 429)
        if not _is_code_of(call.contribution, form.cleaned_data["code"]):
            form.add_error(
                "code", _("This is not the code of this story. Ask them to read it again.")
            )
            return _show(request, call, form, 422)
    said = form.cleaned_data
    try:
        calling.identify(call, said["outcome"], HOW[said["how"]], request.user)
    except NotPossible:
        messages.error(request, _("Somebody has checked this call already."))
    return redirect("desk_call", reference, pk)


def _is_code_of(story: Contribution, typed: str) -> bool:
    try:
        return links.find(links.clean_code(typed)) == story
    except (links.PrivateLink.DoesNotExist, links.LinkExpired):
        return False


@moderators
def put_back(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """It was not the contributor: what the call stopped goes on."""
    call = call_of(reference, pk)
    if request.method == "POST":
        try:
            calling.put_back(call, request.user)
        except NotPossible:
            messages.error(request, _("It stays as it is: this call is not why it rests."))
        else:
            messages.success(
                request, _("%(reference)s goes on as before the call.") % {"reference": reference}
            )
    return redirect("desk_call", reference, pk)


CALL = "contributions/<str:reference>/calls/<int:pk>/"
urlpatterns = [
    path("contributions/calls/", to_check, name="desk_calls"),
    path("contributions/<str:reference>/calls/", take, name="desk_call_new"),
    path(CALL, page, name="desk_call"),
    path(f"{CALL}check/", check, name="desk_call_check"),
    path(f"{CALL}undo/", put_back, name="desk_call_undo"),
    *acts.urlpatterns,
]
