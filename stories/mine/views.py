"""The contributor's own page: where their story stands, letting it rest, and what we keep of it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from media_pipeline import api as media
from stories.contributions.models import Contribution
from stories.contributions.problems import is_held
from stories.contributions.states import State
from stories.mine.agreed import grouped, not_asked, standings
from stories.mine.asked import SAID
from stories.mine.entry import mine, mine_while_it_stands, private
from stories.mine.gone import page_of_gone
from stories.mine.progress import timeline
from stories.mine.seen import seen_by_others
from stories.pages.altered import what_was_done
from stories.pages.models import StoryPage
from stories.pages.show import paragraphs_of, player_for
from stories.publishing.agree import version_to_agree
from stories.publishing.decline import REASONS
from stories.publishing.pause import pause
from stories.publishing.publish import publish, still_waits


@mine
def home(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    """Where it stands, what was agreed, and the large button."""
    if contribution.is_taken_back:
        return page_of_gone(request, contribution)
    context = _story(contribution) | _agreed(contribution)
    return render(request, "mine/home.html", context)


def _story(contribution: Contribution) -> dict:
    upload, texts = contribution.upload, contribution.private
    made = media.renditions(upload.asset_id) if upload else {}
    page = StoryPage.objects.public().filter(contribution=contribution).first()
    is_out = contribution.state == State.PUBLISHED
    return {
        "contribution": contribution,
        "State": State,
        "story": texts,
        "has_original": bool(upload and media.with_original([upload.asset_id])),
        "paragraphs": paragraphs_of(texts.words),
        "page": page,
        "seen": seen_by_others(contribution, page) if is_out else [],
        "still_waits": still_waits(contribution),
        "held": is_held(contribution),
        "to_agree": version_to_agree(contribution),
        "timeline": timeline(contribution),
        "progress": media.progress(upload.asset_id) if upload else None,
        "player": player_for(made, reverse("my_story") + "media/", upload.seconds if upload else 0),
        "altered": what_was_done(made),
        "reason": REASONS.get(contribution.decline_reason, ""),
    }


def _agreed(contribution: Contribution) -> dict:
    rows = standings(contribution)
    asks = [(ask, SAID[ask.State(ask.state)]) for ask in contribution.asks.all()]
    unasked = not_asked(rows)
    return {
        "groups": grouped(rows),
        "wider": [row for row in rows if row.is_asked],
        "new_asks": [ask for ask, _ in asks if ask.state == ask.State.OPEN and not ask.answered_at],
        "asks": [(ask, said) for ask, said in asks if ask.answered_at],
        "more": len(unasked),
        "first": unasked[0].slug if unasked else "",
    }


@private
@require_POST
@mine_while_it_stands
def rest(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    """Off the site for a while, or back on it. A second click of the same button does nothing."""
    rests = contribution.state == State.PAUSED
    wanted = request.POST.get("to") or ("back" if rests else "rest")
    if rests == (wanted == "rest"):
        return redirect("my_story")
    (publish if rests else pause)(contribution)
    return redirect("my_story")


@private
@require_POST
@mine_while_it_stands
def original(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    """Whether the recording as it was sent stays once the story is out."""
    wanted = request.POST.get("keep")
    if contribution.upload and wanted in {"yes", "no"}:
        Contribution.objects.filter(pk=contribution.pk).update(keep_original=wanted == "yes")
    return redirect(reverse("my_story") + "#original")


@mine
def media_file(request: HttpRequest, contribution: Contribution, name: str) -> HttpResponseBase:
    """Their own recording, as it was prepared, for their own eyes."""
    upload = contribution.upload
    if upload is None or contribution.is_taken_back:
        raise Http404
    return media.respond(request, upload.asset_id, name, allowed=frozenset(media.NEEDS))


urlpatterns = [
    path("", home, name="my_story"),
    path("rest/", rest, name="my_story_rest"),
    path("original/", original, name="my_story_original"),
    path("media/<str:name>", media_file, name="my_story_media"),
]
