"""One question about one purpose: its words, how it stands, and a new answer to it."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from stories.consent.choices import OPENING_CHOICE, offered, said_by
from stories.consent.models import Purpose, Statement
from stories.consent.record import Answer
from stories.contributions.models import Contribution
from stories.mine.agreed import Standing, covering, not_asked, standing_of, standings
from stories.mine.entry import mine_while_it_stands
from stories.mine.two_tabs import ANSWERS, CHOOSE, MISSING, NEW_WORDS, Refused, changed, onward
from stories.publishing.answer import answer, fits
from stories.publishing.ask import EACH_TIME

NAME = "show_name"


@mine_while_it_stands
def question(request: HttpRequest, story: Contribution, slug: str) -> HttpResponse:
    """Read it, and answer it. Only a changed answer is recorded."""
    # One that nobody has worded yet can't be asked.
    purpose = get_object_or_404(Purpose.objects.exclude(statements=None), pk=slug)
    if not fits(purpose, story):
        return render(request, "mine/not_for_this.html", {"purpose": purpose}, status=404)
    if slug in EACH_TIME:
        return redirect("my_story")
    if slug == NAME:
        return redirect("my_story_name")
    if wider := covering(story, slug):
        return redirect("my_story_purpose", wider)
    if request.method != "POST":
        return _show(request, story, purpose)
    try:
        receipt = _take(story, purpose, request.POST)
    except Refused as refused:
        return _show(request, story, purpose, refused)
    return onward(receipt)


def _take(story: Contribution, purpose: Purpose, posted):
    """Record what was posted; None where it stands like that already. Raises Refused."""
    said = posted.get("answer", "")
    with transaction.atomic():
        # Locked, so that what is compared here is what the answer meets.
        story = Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
        standing = standing_of(story, purpose)
        if standing.is_choice:
            given = _choice(standing, said, posted)
        else:
            given = _yes_or_no(standing, said, posted)
        return answer(story, given) if given else None


def _yes_or_no(standing: Standing, said: str, posted) -> Answer | None:
    if said == "keep":
        return None
    if said == "take_back":
        return Answer(standing.agreed_words, "no") if standing.held else None
    if said not in ANSWERS:
        raise Refused(str(MISSING), 422)
    if said == "yes":
        if standing.held and not standing.is_wider and not standing.ends_soon:
            return None
        _check_fresh(standing, posted)
        return Answer(standing.current, "yes")
    shown = _shown(standing, posted)
    event = standing.event
    if event and event.event_state in ANSWERS[said] and event.statement_id == shown.pk:
        return None
    return Answer(shown, said)


def _choice(standing: Standing, choice: str, posted) -> Answer | None:
    if choice not in dict(offered(standing.slug, standing.choice)):
        raise Refused(str(CHOOSE), 422)
    opens = choice == OPENING_CHOICE[standing.slug]
    renews = opens and (standing.is_wider or standing.ends_soon or not standing.held)
    if choice == standing.choice and not renews:
        return None
    if opens:
        _check_fresh(standing, posted)
    words = standing.agreed_words if standing.held and not opens else standing.current
    return Answer(words, said_by(standing.slug, choice), choice)


def _check_fresh(standing: Standing, posted) -> None:
    """A yes counts only for the words and the answers that were on the screen. Raises Refused."""
    if posted.get("seen") != str(standing.number):
        raise Refused(changed(standing.said), 409)
    if posted.get("statement") != str(standing.current.pk):
        raise Refused(str(NEW_WORDS), 409)


def _shown(standing: Standing, posted) -> Statement:
    """The statement that was on the screen; a no always goes through, whatever is posted."""
    for statement in Statement.objects.filter(purpose=standing.purpose):
        if str(statement.pk) == posted.get("statement"):
            return statement
    return standing.words


def _show(
    request: HttpRequest, story: Contribution, purpose: Purpose, refused: Refused | None = None
) -> HttpResponse:
    standing = standing_of(story, purpose)
    more = not_asked(standings(story)) if "more" in request.GET else []
    context = {
        "standing": standing,
        "options": _options(standing),
        "problem": refused,
        "more": "more" in request.GET,
        "next": next((row for row in more if row.purpose.order > purpose.order), None),
    }
    return render(request, "mine/purpose.html", context, status=refused.status if refused else 200)


def _options(standing: Standing) -> list[tuple[str, str]]:
    if standing.is_choice:
        return offered(standing.slug, standing.choice)
    return [("yes", _("Yes")), ("no", _("No")), ("later", _("Not sure yet"))]


urlpatterns = [path("agreed/<slug:slug>/", question, name="my_story_purpose")]
