"""The cookies that keep a private page open on one device: of one path, closed to scripts."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from stories.contributions import links
from stories.contributions.models import Contribution
from stories.contributions.participants import Participant

DRAFT, DRAFT_PATH = "story_draft", "/share-your-story/"
SENT, SENT_PATH = "story_sent", "/share-your-story/sent/"
MINE, MINE_PATH = "my_story", "/my-story/"
# Somebody else in a recording: theirs never reaches the contributor's own pages.
PART, PART_PATH = "my_part", "/my-story/part/"
ALL = ((DRAFT, DRAFT_PATH), (SENT, SENT_PATH), (MINE, MINE_PATH), (PART, PART_PATH))
SENT_SECONDS = 3600
DAY_SECONDS = 86_400


def put(response: HttpResponse, name: str, secret: str, path: str, seconds: int) -> None:
    response.set_cookie(
        name,
        secret,
        max_age=seconds,
        path=path,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def contribution_from(request: HttpRequest, name: str) -> Contribution | None:
    """The contribution this cookie opens; None for no cookie, an unknown or an ended one."""
    secret = request.COOKIES.get(name, "")
    if not secret:
        return None
    try:
        return links.find(secret)
    except (links.PrivateLink.DoesNotExist, links.LinkExpired):
        return None


def participant_from(request: HttpRequest) -> Participant | None:
    """Whose part this device opens; None also for a link of the contributor's own."""
    secret = request.COOKIES.get(PART, "")
    if not secret:
        return None
    try:
        return links.find_link(secret).participant
    except (links.PrivateLink.DoesNotExist, links.LinkExpired):
        return None
