"""Coming in by link or code, a new link for lost or shared ones, and forgetting this device."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, re_path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from stories.contributions import cookies, links
from stories.contributions.models import Contribution
from stories.contributions.places import is_too_often
from stories.contributions.states import State
from stories.mine import part
from stories.mine.entry import mine, private

# A double click sends the old cookie twice: it must not lock out who has just asked for a new one.
GRACE = timedelta(minutes=1)


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
    if link.contribution.state == State.DRAFT:
        response = redirect("share_how")
        seconds = settings.DRAFT_DAYS * cookies.DAY_SECONDS
        cookies.put(response, cookies.DRAFT, token, cookies.DRAFT_PATH, seconds)
        return response
    return _let_in(redirect("my_story"), token)


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
        context = {"wrong_code": True, "typed": typed}
        return render(request, "mine/come_in.html", context, status=422)
    return _let_in(redirect("my_story"), links.mint_link(contribution))


@mine
def new_link(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    """A new link and code, shown this once. Every older one ends."""
    if request.method != "POST":
        return render(request, "mine/new_link.html")
    with transaction.atomic():
        Contribution.objects.select_for_update(no_key=True).get(pk=contribution.pk)
        _end_links(contribution, in_use=request.COOKIES[cookies.MINE])
        token, written = links.mint_link(contribution), links.mint_code(contribution)
    address = request.build_absolute_uri(reverse("my_story_enter", args=[token]))
    page = render(request, "mine/new_link.html", {"link": address, "code": written})
    return _let_in(page, token)


def _end_links(contribution: Contribution, in_use: str) -> None:
    """The contributor's own. Those of other people in the recording are theirs and stay."""
    now = timezone.now()
    own = contribution.links.filter(participant=None, revoked_at=None)
    using = links.find_link(in_use)
    own.exclude(pk=using.pk).update(revoked_at=now)
    own.filter(pk=using.pk, expires_at__gt=now + GRACE).update(expires_at=now + GRACE)


@private
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Forget this device. The link and the code still work."""
    response = render(request, "mine/come_in.html", {"forgotten": True})
    for name, where in cookies.ALL:
        response.delete_cookie(name, path=where)
    return response


def _let_in(response: HttpResponse, token: str) -> HttpResponse:
    """Keep the way in on this device for a day."""
    cookies.put(response, cookies.MINE, token, cookies.MINE_PATH, cookies.DAY_SECONDS)
    return response


urlpatterns = [
    path("code/", code, name="my_story_code"),
    path("new-link/", new_link, name="my_story_new_link"),
    path("forget/", forget, name="my_story_forget"),
]
# Last of all, because a token can look like any word. Without its last stroke too: a redirect
# to it would be remembered by the browser, token and all.
tokens = [
    path("<str:token>/", enter, name="my_story_enter"),
    re_path(r"^(?P<token>[\w-]{40,})$", enter),
]
