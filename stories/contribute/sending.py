"""The last pages of the form: check, send, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from stories.consent.choices import label_of
from stories.consent.models import Purpose
from stories.contribute.forms import lines_of
from stories.contribute.send import ANSWERED_BY, Unfinished, send
from stories.contribute.steps import Place, is_done, places_for
from stories.contribute.views import draft_from, no_draft
from stories.contributions import cookies, links
from stories.contributions.languages import NAMES
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.participants import participants_of

DOUBLE_CLICK = timedelta(minutes=1)
ANSWER_WORDS = {"yes": _("Yes"), "no": _("No"), "later": _("Not sure yet")}


@dataclass(frozen=True)
class Answer:
    """One line of the check page."""

    question: str
    said: str
    url: str
    done: bool


@never_cache
def check(request: HttpRequest) -> HttpResponse:
    """Everything that was answered, each with a way to change it; then send."""
    draft = draft_from(request)
    if draft is None:
        return _sent_just_now(request) or no_draft(request)
    if request.method == "POST":
        try:
            send(draft)
        except Unfinished as unfinished:
            return redirect(unfinished.place.url + "?then=check")
        except NotPossible:
            draft.refresh_from_db()  # a second click while the first was on its way
        return _hand_over(request, draft)
    answers = answers_of(draft)
    places = places_for(draft)
    return render(
        request,
        "contribute/check.html",
        {
            "draft": draft,
            "answers": answers,
            "complete": all(answer.done for answer in answers),
            "number": len(places),
            "of": len(places),
            "back_url": places[-2].url,
            "others": draft.kind == draft.Kind.RECORDING and draft.private.others,
            "days": settings.COOLING_OFF_DAYS,
        },
    )


def _sent_just_now(request: HttpRequest) -> HttpResponse | None:
    """The second of two clicks gets link and code too: the browser dropped the first answer.

    Not later on, because a new code ends the one that somebody has written down.
    """
    contribution = cookies.contribution_from(request, cookies.DRAFT)
    if contribution is None or request.method != "POST" or contribution.sent_at is None:
        return None
    if contribution.is_taken_back or timezone.now() - contribution.sent_at > DOUBLE_CLICK:
        return None
    return _hand_over(request, contribution)


def _hand_over(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    """Mint link and code and carry them to the next page in a cookie that only it can read.

    The draft's cookie stays for a day, so that going back leads to what was sent.
    """
    response = redirect("share_sent")
    both = f"{links.mint_link(contribution)}.{links.mint_code(contribution)}"
    cookies.put(response, cookies.SENT, both, cookies.SENT_PATH, cookies.SENT_SECONDS)
    token = both.partition(".")[0]
    cookies.put(response, cookies.MINE, token, cookies.MINE_PATH, cookies.DAY_SECONDS)
    draft = request.COOKIES[cookies.DRAFT]
    cookies.put(response, cookies.DRAFT, draft, cookies.DRAFT_PATH, cookies.DAY_SECONDS)
    return response


@never_cache
def sent(request: HttpRequest) -> HttpResponse:
    """The private link and the code: shown here for an hour, kept by us only as hashes."""
    token, _, code = request.COOKIES.get(cookies.SENT, "").partition(".")
    try:
        contribution = links.find(token)
    except (links.PrivateLink.DoesNotExist, links.LinkExpired):
        return redirect("my_story")
    link = request.build_absolute_uri(reverse("my_story_enter", args=[token]))
    context = {
        "link": link,
        "code": code,
        "contribution": contribution,
        "people": participants_of(contribution).count(),
        "has_email": bool(contribution.email_hash),
        "days": settings.COOLING_OFF_DAYS,
    }
    return render(request, "contribute/sent.html", context)


def answers_of(draft: Contribution) -> list[Answer]:
    """What was said on every page but the last."""
    labels = dict(Purpose.objects.values_list("slug", "public_label"))
    return [
        Answer(
            question=labels.get(place.purpose) or str(QUESTIONS.get(place.name, "")),
            said=_said(draft, place),
            url=place.url + "?then=check",
            done=is_done(draft, place),
        )
        for place in places_for(draft)
        if place.name != "check"
    ]


QUESTIONS = {
    "how": _("How you tell it"),
    "recording": _("Your recording"),
    "others": _("Who else is in it"),
    "words": _("Your words"),
    "name": _("Your name"),
    "voice": _("Your voice"),
    "face": _("Your face"),
    "email": _("Your e-mail address"),
}


def _said(draft: Contribution, place: Place) -> str:
    private = draft.private
    answer = draft.answers.get(place.purpose or ANSWERED_BY.get(place.name, ""), {})
    match place.name:
        case "how":
            return draft.get_kind_display().capitalize()
        case "recording":
            if not draft.upload:
                return ""
            kind = "Video" if draft.upload.kind == "video" else "Sound"
            words = gettext("a computer here may write down the words")
            if answer.get("answer") != "yes":
                words = gettext("no computer writes down the words")
            return f"{kind}, kept safe; {words}"
        case "others":
            return "\n".join(lines_of(private.others)) or gettext("Nobody else")
        case "words":
            if draft.kind == draft.Kind.RECORDING or private.language in ("", "en"):
                return private.title
            return f"{private.title} ({NAMES.get(private.language, '')})"
        case "name":
            option = label_of(answer.get("choice", ""))
            return f"{option}: {private.shown_name}" if private.shown_name else option
        case "voice" | "face":
            return label_of(answer.get("choice", ""))
        case "email":
            return private.email or gettext("None given")
    return str(ANSWER_WORDS.get(answer.get("answer"), ""))
