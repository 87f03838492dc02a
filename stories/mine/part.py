"""The page of somebody else in a recording: their own link, their own yes and no."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from media_pipeline import api as media
from stories.consent.receipts import receipts_of
from stories.contributions import cookies
from stories.contributions.allowed import exits_of
from stories.contributions.models import NotPossible
from stories.contributions.participants import Participant
from stories.contributions.spoken import agreed_cues, as_heard_now
from stories.contributions.standing import other, waits_for
from stories.contributions.states import State
from stories.contributions.versions import NothingFrozen, version_of
from stories.mine import part_receipts
from stories.mine.entry import private
from stories.mine.part_entry import is_over, taking_part
from stories.mine.part_questions import Question, questions_for, take
from stories.mine.two_tabs import Refused
from stories.pages.altered import what_was_done
from stories.pages.models import StoryPage
from stories.pages.show import name_to_show, paragraphs_of, player_for
from stories.publishing import others
from stories.publishing.unsure import to_read


def enter(request: HttpRequest, person: Participant, token: str) -> HttpResponse:
    """Their link was opened: keep it in a cookie, and get it out of the address."""
    response = redirect("my_part")
    cookies.put(response, cookies.PART, token, cookies.PART_PATH, cookies.DAY_SECONDS)
    return response


@taking_part
def home(request: HttpRequest, person: Participant) -> HttpResponse:
    """What they are in, where it stands, and each answer of theirs."""
    if is_over(person):
        context = {"person": person, "receipts": receipts_of(person.key)}
        return render(request, "mine/part_over.html", context)
    context = _standing(person) | {"receipts": receipts_of(person.key)}
    return render(request, "mine/part.html", context)


def _standing(person: Participant) -> dict:
    story = person.contribution
    upload, texts = story.upload, story.private
    made = media.renditions(upload.asset_id) if upload else {}
    try:
        version = version_of(story)
        title, words, cues = version.title, version.words, agreed_cues(version)
        teller = name_to_show(version, exits_of(story))
    except NothingFrozen:
        title, words, teller = texts.title, texts.words, texts.shown_name
        cues = as_heard_now(upload.asset_id) if upload else []
    asked = questions_for(person)
    return {
        "person": person,
        "story": story,
        "State": State,
        "title": title,
        "teller": teller,
        "paragraphs": paragraphs_of(words),
        "player": player_for(
            made, reverse("my_part") + "media/", upload.seconds if upload else 0.0
        ),
        "altered": what_was_done(made),
        "words_only": upload is not None and media.progress(upload.asset_id).state == "done",
        "cues": to_read(cues),
        "page": StoryPage.objects.public().filter(contribution=story).first(),
        "other": other(person),
        "waits_for_others": any(found.person.pk != person.pk for found in waits_for(story)),
        "questions": asked,
        "first_open": next((question for question in asked if question.is_open), None),
    }


@taking_part
def purpose(request: HttpRequest, person: Participant, slug: str) -> HttpResponse:
    """One question. One that the contributor has not allowed, or a format has not, is none."""
    return _ask(request, person, lambda asked: asked.ask is None and asked.standing.slug == slug)


@taking_part
def ask(request: HttpRequest, person: Participant, key: uuid.UUID) -> HttpResponse:
    """One question about one partner, or one extract."""
    return _ask(request, person, lambda asked: asked.ask is not None and asked.ask.key == key)


def _ask(request: HttpRequest, person: Participant, is_it) -> HttpResponse:
    asked = [] if is_over(person) else questions_for(person)
    at = next((number for number, question in enumerate(asked) if is_it(question)), None)
    if at is None:
        return render(request, "mine/part_not_asked.html", status=404)
    if request.method != "POST":
        return _show(request, asked[at])
    try:
        take(asked[at], request.POST)
    except Refused as refused:
        return _show(request, asked[at], refused)
    except NotPossible:
        return redirect("my_part")
    return redirect(_onward(person, asked[at], again="again" in request.GET))


def _show(request: HttpRequest, question: Question, refused: Refused | None = None) -> HttpResponse:
    context = {
        "question": question,
        "problem": refused,
        "chosen": request.POST.get("answer", "") if refused else question.standing.choice,
    }
    status = refused.status if refused else 200
    return render(request, "mine/part_question.html", context, status=status)


def _onward(person: Participant, answered: Question, *, again: bool) -> str:
    """The next question that is open, after this one; none where the recording stays closed.

    `again`: who took all back and is saying yes again is led through all of them.
    """
    asked = questions_for(person)
    urls = [question.url for question in asked]
    later = asked[urls.index(answered.url) + 1 :] if answered.url in urls else []
    now = next((question for question in asked if question.url == answered.url), answered)
    if answered.is_publishing and not now.standing.held:
        later = []
    for question in later:
        if again and not question.standing.held:
            return question.url + "?again=1"
        if question.is_open:
            return question.url
    return reverse("my_part")


@taking_part
def leave(request: HttpRequest, person: Participant) -> HttpResponse:
    """One large button: all of it is taken back. A second press finds it done."""
    if request.method == "POST" and not is_over(person):
        try:
            others.leave(person)
        except NotPossible:
            person.refresh_from_db()
    return redirect("my_part")


@taking_part
def media_file(request: HttpRequest, person: Participant, name: str) -> HttpResponseBase:
    """The recording as it was prepared, for their own eyes."""
    upload = person.contribution.upload
    if upload is None or is_over(person):
        raise Http404
    return media.respond(request, upload.asset_id, name, allowed=frozenset(media.NEEDS))


@private
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Forget this device, whatever private page it had open. The link still works."""
    response = render(request, "mine/part_come_in.html", {"forgotten": True})
    for name, where in cookies.ALL:
        response.delete_cookie(name, path=where)
    return response


urlpatterns = [
    *part_receipts.urlpatterns,
    path("part/", home, name="my_part"),
    path("part/agreed/<slug:slug>/", purpose, name="my_part_purpose"),
    path("part/asked/<uuid:key>/", ask, name="my_part_ask"),
    path("part/leave/", leave, name="my_part_leave"),
    path("part/forget/", forget, name="my_part_forget"),
    path("part/media/<str:name>", media_file, name="my_part_media"),
]
