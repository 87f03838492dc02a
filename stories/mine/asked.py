"""One request by name: this partner, or these words in that place."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories.consent.models import Purpose
from stories.contributions.asks import Ask
from stories.contributions.models import Contribution
from stories.mine.agreed import standing_of
from stories.mine.entry import mine_while_it_stands
from stories.mine.two_tabs import ANSWERS, MISSING, NEW_WORDS, Refused, changed, onward
from stories.publishing.ask import answer_ask

SAID = {
    Ask.State.OPEN: _("Not answered yet, so no"),
    Ask.State.YES: _("Yes"),
    Ask.State.NO: _("No"),
    Ask.State.ENDED: _("It has ended, so no"),
}


@mine_while_it_stands
def asked(request: HttpRequest, story: Contribution, key) -> HttpResponse:
    """Who asks, what for, which words; and the answer."""
    ask = get_object_or_404(story.asks, key=key)
    if request.method != "POST":
        return _show(request, story, ask)
    try:
        receipt = _take(story, ask, request.POST)
    except Refused as refused:
        ask.refresh_from_db()
        return _show(request, story, ask, refused)
    return onward(receipt)


def _take(story: Contribution, ask: Ask, posted):
    """Answer it; None where it stands like that already. Raises Refused."""
    said = {"take_back": "no"}.get(posted.get("answer", ""), posted.get("answer", ""))
    if said == "keep":
        return None
    if said not in ANSWERS:
        raise Refused(str(MISSING), 422)
    with transaction.atomic():
        # The story first: two requests answered at once would each forget the other's yes.
        Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
        ask = Ask.objects.select_related("contribution").get(pk=ask.pk)
        standing = standing_of(story, Purpose.objects.get(pk=ask.purpose))
        if said == said_to(ask) or (ask.state == Ask.State.ENDED and said != "yes"):
            return None
        if said != "yes":
            given = ask.state == Ask.State.YES and standing.held
            return answer_ask(ask, said, standing.agreed_words if given else standing.current)
        if posted.get("seen") != seen(ask):
            raise Refused(changed(str(SAID[Ask.State(ask.state)])), 409)
        if posted.get("statement") != str(standing.current.pk):
            raise Refused(str(NEW_WORDS), 409)
        return answer_ask(ask, said, standing.current)


def said_to(ask: Ask) -> str:
    """The answer in force: "yes", "no", "later", or "" for none yet."""
    if ask.state == Ask.State.OPEN:
        return "later" if ask.answered_at else ""
    return ask.state


def seen(ask: Ask) -> str:
    """Tells whether a page that is open is out of date."""
    return f"{ask.state} {ask.answered_at.isoformat() if ask.answered_at else ''}".strip()


def _show(
    request: HttpRequest, story: Contribution, ask: Ask, refused: Refused | None = None
) -> HttpResponse:
    standing = standing_of(story, Purpose.objects.get(pk=ask.purpose))
    context = {
        "ask": ask,
        "seen": seen(ask),
        "said": SAID[Ask.State(ask.state)],
        "standing": standing,
        "options": [
            ("yes", gettext("Yes")),
            ("no", gettext("No")),
            ("later", gettext("Not sure yet")),
        ],
        "problem": refused,
    }
    return render(request, "mine/asked.html", context, status=refused.status if refused else 200)


urlpatterns = [path("asked/<uuid:key>/", asked, name="my_story_asked")]
