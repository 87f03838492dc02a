"""Look and agree: the exact version that would go out, and what in it is not as it was sent."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from media_pipeline import api as media
from stories.consent.vocabulary import Term, terms
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.spoken import agreed_cues
from stories.contributions.versions import StoryVersion
from stories.mine.changes import changes
from stories.mine.entry import mine_while_it_stands
from stories.mine.two_tabs import Refused
from stories.pages.altered import what_was_done
from stories.pages.noted import note_line
from stories.pages.show import player_for
from stories.publishing.agree import agree, say_no, version_to_agree
from stories.publishing.approve import has_agreed_to
from stories.publishing.beside import waits_with
from stories.publishing.unsure import number_unsure, to_read

WHY_CHARACTERS = 5_000
AGAIN = _(
    "We changed something again while this page was open. "
    "Nothing has gone out. Please look once more: this is how it stands now."
)
CHOOSE = _("Please press one of the two buttons.")
TOO_LONG = _(
    "There is room for %(most)s characters. All that you wrote is still here: please shorten it."
)


@mine_while_it_stands
def look(request: HttpRequest, story: Contribution) -> HttpResponse:
    """Yes, that's how it should go out; or no, and why."""
    version = version_to_agree(story)
    if version is None:
        return redirect("my_story")
    if request.method != "POST":
        return _show(request, story, version)
    try:
        _take(story, request.POST)
    except Refused as refused:
        return _show(request, story, version, refused)
    return redirect("my_story")


def _take(story: Contribution, posted) -> None:
    """Raises Refused, and NotPossible when nothing waits any more."""
    with transaction.atomic():
        story = Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
        version = version_to_agree(story)
        if version is None:
            raise NotPossible("nothing waits for an answer")
        if posted.get("version") != str(version.number):
            raise Refused(str(AGAIN), 409)
        if posted.get("answer") == "yes":
            agree(story, version)
        elif posted.get("answer") != "no":
            raise Refused(str(CHOOSE), 422)
        elif len(posted.get("why", "")) > WHY_CHARACTERS:
            raise Refused(TOO_LONG % {"most": f"{WHY_CHARACTERS:,}"}, 422)
        else:
            say_no(story, posted.get("why", "").strip())


def _show(
    request: HttpRequest,
    story: Contribution,
    version: StoryVersion,
    refused: Refused | None = None,
) -> HttpResponse:
    sent = story.private
    story.refresh_from_db()
    version = version_to_agree(story) or version
    title, words = changes(sent.title, version.title), changes(sent.words, version.words)
    cues = agreed_cues(version)  # none while they are being changed once more
    context = {
        "version": version,
        "title": title,
        "words": words,
        "title_changed": any(piece.kind != "same" for piece in title),
        "words_changed": any(piece.kind != "same" for piece in [*title, *words]),
        **_recording(version),
        "before": _notes(version),
        "remark_changed": not has_agreed_to(story, version.note_remark),
        "cues": to_read(cues),
        "unsure": number_unsure(cues),
        "by_hand": _by_hand(version),
        "only": waits_with(story),
        "why": request.POST.get("why", ""),
        "problem": refused,
    }
    return render(request, "mine/agree.html", context, status=refused.status if refused else 200)


def _recording(version: StoryVersion) -> dict:
    """A player over exactly what this version would show, and what was done to it."""
    if version.asset_id is None:
        return {}
    now = media.renditions(version.asset_id)
    made = {n: item for n, item in now.items() if version.renditions.get(n) == item.sha256}
    return {
        "player": player_for(made, reverse("my_story") + "media/", version.seconds),
        "altered": what_was_done(made),
    }


def _notes(version: StoryVersion) -> str:
    """What we would say before it begins, without our own line; "" for nothing."""
    named = terms(Term.Scheme.CONTENT_NOTE, version.content_notes)
    line = note_line(version, named, paragraphs=True)
    return line.removesuffix(version.note_remark).strip()


def _by_hand(version: StoryVersion) -> bool:
    """Whether a person wrote down what is said."""
    return version.asset_id is not None and media.spoken(version.asset_id).words_by == "person"


urlpatterns = [path("agree/", look, name="my_story_agree")]
