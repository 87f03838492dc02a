"""Taking it down: one large button; then, apart, destroy it now or keep it some days."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from media_pipeline import api as media
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.states import State
from stories.mine.entry import mine, private
from stories.mine.takeout import copy_of
from stories.publishing.ledger import OutsideCopy
from stories.publishing.withdraw import destroy as destroy_now
from stories.publishing.withdraw import withdraw

Outside = OutsideCopy.State
# What a contributor reads of a copy that others hold.
OUTSIDE = {
    Outside.TO_ASK: _("We will ask them to delete theirs"),
    Outside.ASKED: _("We have asked them to delete theirs, and wait for an answer"),
    Outside.GONE: _("They told us that theirs is gone"),
    Outside.OUT_OF_REACH: _("We can't reach these copies"),
}


@mine
def take_down(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    """One large button. The second press finds it done."""
    if contribution.is_taken_back:
        return redirect("my_story_taken_down")
    if request.method != "POST":
        context = {"contribution": contribution, "State": State, "days": settings.KEEP_DAYS}
        return render(request, "mine/take_down.html", context)
    while not contribution.is_taken_back:
        try:
            withdraw(contribution)
        except NotPossible:
            # Somebody decided in this moment. What is taken back is taken back all the same.
            contribution.refresh_from_db()
    return redirect("my_story_taken_down")


@mine
def taken_down(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    """What is to become of what we hold."""
    if not contribution.is_taken_back:
        return redirect("my_story")
    return page_of_gone(request, contribution, choosing=True)


@private
@require_POST
@mine
def keep(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    """Keep it for the days that it is kept anyway: nothing changes."""
    return redirect("my_story")


@private
@require_POST
@mine
def destroy(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    """Do not keep it any longer. A second press finds it done."""
    if contribution.state == State.WITHDRAWN and contribution.is_kept:
        try:
            destroy_now(contribution)
        except NotPossible:
            contribution.refresh_from_db()
    return redirect("my_story")


@mine
def take_a_copy(request: HttpRequest, contribution: Contribution) -> HttpResponseBase:
    """A zip of what they sent, for as long as we hold it. Its name says nothing."""
    if not contribution.is_kept:
        return redirect("my_story")
    try:
        return copy_of(contribution)
    except (media.UnknownAsset, FileNotFoundError):
        return redirect("my_story")  # destroyed in this moment, and home says so


def page_of_gone(
    request: HttpRequest, contribution: Contribution, choosing: bool = False
) -> HttpResponse:
    """The page of a story that was taken back: while we keep it, while it goes, when it is gone."""
    context = {
        "title": contribution.private.title,
        "choosing": choosing,
        "kept": contribution.is_kept,
        "erased": contribution.state == State.ERASED,
        "days": settings.KEEP_DAYS,
        "until": contribution.destroy_after,
        "outside": [
            (copy.holder, OUTSIDE[Outside(copy.state)])
            for copy in contribution.outside_copies.all()
        ],
    }
    return render(request, "mine/taken_down.html", context)


urlpatterns = [
    path("take-down/", take_down, name="my_story_take_down"),
    path("taken-down/", taken_down, name="my_story_taken_down"),
    path("keep/", keep, name="my_story_keep"),
    path("destroy/", destroy, name="my_story_destroy"),
    path("copy/", take_a_copy, name="my_story_copy"),
]
