"""The contributor's own page: where their story stands, and taking it back."""

from __future__ import annotations

from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from media_pipeline import api as media
from stories.consent.reading import latest_events
from stories.contributions import cookies, links
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.places import is_too_often
from stories.contributions.states import State
from stories.mine import part
from stories.mine.progress import timeline
from stories.mine.takeout import copy_of
from stories.pages.models import StoryPage
from stories.pages.show import paragraphs_of, player_for
from stories.publishing.decline import REASONS
from stories.publishing.pause import pause
from stories.publishing.publish import publish
from stories.publishing.withdraw import destroy as destroy_now
from stories.publishing.withdraw import withdraw

private = cache_control(private=True, no_store=True)


def mine(view):
    """Give the view the contribution of this device's cookie; else ask for link or code."""

    @wraps(view)
    @private
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        contribution = cookies.contribution_from(request, cookies.MINE)
        if contribution is None:
            return render(request, "mine/come_in.html", status=200)
        return view(request, contribution, *args, **kwargs)

    return wrapped


@private
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """A private link: put it in a cookie and get it out of the address."""
    try:
        link = links.find_link(token)
    except links.LinkExpired:
        return render(request, "mine/come_in.html", {"ended": True}, status=410)
    except links.PrivateLink.DoesNotExist:
        return render(request, "mine/come_in.html", {"unknown": True}, status=404)
    if link.participant:
        return part.enter(request, link.participant, token)
    contribution = link.contribution
    if contribution.state == State.DRAFT:
        response = redirect("share_how")
        seconds = settings.DRAFT_DAYS * cookies.DAY_SECONDS
        cookies.put(response, cookies.DRAFT, token, cookies.DRAFT_PATH, seconds)
        return response
    response = redirect("my_story")
    cookies.put(response, cookies.MINE, token, cookies.MINE_PATH, cookies.DAY_SECONDS)
    return response


@private
@require_POST
def code(request: HttpRequest) -> HttpResponse:
    """The code that was written down opens the page too, a few tries an hour."""
    most = settings.CODE_TRIES_PER_PLACE_PER_HOUR
    if is_too_often(request, "code", most, timedelta(hours=1)):
        return render(request, "mine/come_in.html", {"too_often": True}, status=429)
    typed = request.POST.get("code", "")[:100]
    try:
        contribution = links.find(links.clean_code(typed))
    except (links.PrivateLink.DoesNotExist, links.LinkExpired):
        return render(request, "mine/come_in.html", {"wrong_code": True}, status=422)
    response = redirect("my_story")
    secret = links.mint_link(contribution)
    cookies.put(response, cookies.MINE, secret, cookies.MINE_PATH, cookies.DAY_SECONDS)
    return response


@mine
def home(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    """Where it stands, what was agreed, and the large button."""
    context: dict = {"contribution": contribution, "State": State}
    if not contribution.is_taken_back:
        context |= _standing(contribution)
    return render(request, "mine/home.html", context)


def _standing(contribution: Contribution) -> dict:
    upload, texts = contribution.upload, contribution.private
    made = media.renditions(upload.asset_id) if upload else {}
    return {
        "story": texts,
        "paragraphs": paragraphs_of(texts.words),
        "page": StoryPage.objects.public().filter(contribution=contribution).first(),
        "timeline": timeline(contribution),
        "progress": media.progress(upload.asset_id) if upload else None,
        "player": player_for(made, reverse("my_story") + "media/", upload.seconds if upload else 0),
        "events": latest_events(contribution.contributor_key),
        "reason": REASONS.get(contribution.decline_reason, ""),
    }


@mine
def take_down(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    """One large button. The second press finds it done."""
    if request.method == "POST":
        try:
            withdraw(contribution)
        except NotPossible:
            contribution.refresh_from_db()
        return redirect("my_story")
    if contribution.is_taken_back:
        return redirect("my_story")
    return render(request, "mine/take_down.html", {"contribution": contribution})


@mine
def destroy(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    """Do not keep it any longer. A second press finds it done."""
    if request.method == "POST":
        try:
            destroy_now(contribution)
        except NotPossible:
            contribution.refresh_from_db()
    return redirect("my_story")


@mine
def rest(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    """Pause, or come back from a pause."""
    if request.method == "POST":
        try:
            (publish if contribution.state == State.PAUSED else pause)(contribution)
        except NotPossible:
            contribution.refresh_from_db()
    return redirect("my_story")


@mine
def media_file(request: HttpRequest, contribution: Contribution, name: str) -> HttpResponseBase:
    """Their own recording, as it was prepared, for their own eyes."""
    if contribution.upload is None:
        raise Http404
    asset = contribution.upload.asset_id
    return media.respond(request, asset, name, allowed=frozenset(media.NEEDS))


@mine
def take_a_copy(request: HttpRequest, contribution: Contribution) -> HttpResponseBase:
    """A zip of what they sent. Its name says nothing."""
    if contribution.is_taken_back:
        return redirect("my_story")
    return copy_of(contribution)


@private
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Forget this device. The link and the code still work."""
    response = render(request, "mine/come_in.html", {"forgotten": True})
    for name, path in cookies.ALL:
        response.delete_cookie(name, path=path)
    return response
