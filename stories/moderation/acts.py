"""On a contributor's behalf, once it is certain who called: each act on record, each told them."""

from __future__ import annotations

from functools import wraps

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories.consent.models import current_statement
from stories.consent.record import By
from stories.contributions import links
from stories.contributions.calls import Call
from stories.contributions.links import PrivateLink
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.states import State
from stories.letters.post import post
from stories.moderation import calling
from stories.moderation.call_forms import NameForm
from stories.moderation.frame import above, frame, moderators, sent
from stories.moderation.purposes import FIRST, questions_for
from stories.publishing.answer import answer
from stories.publishing.ask import answer_ask
from stories.publishing.publish import publish
from stories.publishing.rename import NAME, rename
from stories.publishing.withdraw import destroy, withdraw


def for_the_contributor(view):
    """Give the view a call that was checked; lead back to the call's page from any other."""

    @wraps(view)
    @moderators
    def wrapped(request: HttpRequest, reference: str, pk: int, **kwargs) -> HttpResponseBase:
        call = get_object_or_404(Call, pk=pk, contribution=sent(reference))
        if not calling.may_act(call):
            messages.error(request, gettext("First check who it is. Until then it only rests."))
            return redirect("desk_call", reference, pk)
        try:
            return view(request, call, **kwargs)
        except NotPossible:
            messages.error(
                request, gettext("That can't be done any more. This is how it stands now.")
            )
            return redirect("desk_call", reference, pk)

    return wrapped


def _back(call: Call) -> HttpResponse:
    return redirect("desk_call", call.contribution.reference, call.pk)


def _by(request: HttpRequest, call: Call) -> By:
    return By.staff(request.user, call.method)


def _page(request: HttpRequest, call: Call, title: str, context: dict, status: int = 200):
    story = call.contribution
    crumbs = [*above(story), ("A call or letter", _back(call)["Location"])]
    context |= frame(title, *crumbs) | {"call": call, "contribution": story}
    return render(request, "desk/call_answer.html", context, status=status)


STALE = _("The wording or the answer has changed since you opened this. Please read it out again.")
NO_ANSWER = _("Choose what they said.")


@for_the_contributor
def purpose(request: HttpRequest, call: Call, slug: str) -> HttpResponse:
    """The statement in full, to be read out; and their answer."""
    question = next((q for q in questions_for(call.contribution) if q.purpose.slug == slug), None)
    if question is None:
        raise Http404
    problem = ""
    if request.method == "POST":
        if request.POST.get("seen") != f"{question.statement.pk}.{question.number}":
            problem = str(STALE)
        elif request.POST.get("answer") not in dict(question.options):
            problem = str(NO_ANSWER)
        else:
            with transaction.atomic():
                said = question.answer(request.POST["answer"])
                answer(call.contribution, said, by=_by(request, call))
                calling.on_behalf(call, "an answer", request.user)
            messages.success(request, gettext("Their answer is on record."))
            return _back(call)
    context = {
        "statement": question.statement,
        "said": question.said,
        "options": question.options,
        "seen": f"{question.statement.pk}.{question.number}",
        "problem": problem,
    }
    status = 200 if not problem else 409 if problem == STALE else 422
    return _page(request, call, question.purpose.public_label, context, status)


@for_the_contributor
def asked(request: HttpRequest, call: Call, ask: int) -> HttpResponse:
    """One partner, or one extract."""
    wanted = get_object_or_404(call.contribution.asks, pk=ask)
    statement = current_statement(wanted.purpose)
    problem = ""
    if request.method == "POST":
        if request.POST.get("seen") != str(statement.pk):
            problem = str(STALE)
        elif request.POST.get("answer") not in dict(FIRST):
            problem = str(NO_ANSWER)
        else:
            with transaction.atomic():
                answer_ask(wanted, request.POST["answer"], statement, by=_by(request, call))
                calling.on_behalf(call, "an answer", request.user)
            messages.success(request, gettext("Their answer is on record."))
            return _back(call)
    context = {
        "statement": statement,
        "asked": wanted,
        "options": FIRST,
        "seen": str(statement.pk),
        "problem": problem,
    }
    return _page(request, call, gettext("A question to them"), context, 422 if problem else 200)


@for_the_contributor
def name(request: HttpRequest, call: Call) -> HttpResponse:
    """Another name, or none. The old one goes at once."""
    statement = current_statement(NAME)
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with transaction.atomic():
            by = _by(request, call)
            rename(call.contribution, statement, said["choice"], said["name"], by=by)
            calling.on_behalf(call, "the name", request.user)
        messages.success(
            request, gettext("The name is changed. A new one is looked at before it shows.")
        )
        return _back(call)
    context = {"statement": statement, "name_form": form}
    return _page(request, call, gettext("How they are named"), context, 422 if form.errors else 200)


@for_the_contributor
def down(request: HttpRequest, call: Call) -> HttpResponse:
    """Take it all down; destroy now, or keep it for the contributor's days."""
    if request.method != "POST":
        return _page(request, call, gettext("Take it down"), {"down": True})
    story = call.contribution
    # Each by itself: the journal, which a withdrawal writes last, is never rolled back.
    if story.state != State.WITHDRAWN:
        withdraw(story, by=_by(request, call))
        calling.on_behalf(call, "taken down", request.user)
    if request.POST.get("then") == "destroy":
        destroy(story)
        calling.note(call, "stories.on_behalf", request.user, did="destroyed")
    messages.success(request, gettext("It is taken down. Nobody can see it from now on."))
    return _back(call)


@for_the_contributor
def new_link(request: HttpRequest, call: Call) -> HttpResponse:
    """A new private link by e-mail; links from before end."""
    story = call.contribution
    if request.method == "POST":
        if not story.email_hash:
            messages.error(
                request, gettext("They left no address. Make a new code and read it out.")
            )
            return _back(call)
        with transaction.atomic():
            _end_links(story, "all" if request.POST.get("all") else PrivateLink.Kind.LINK)
            post(
                story,
                "link",
                about=f"call {call.pk}, {timezone.now():%Y-%m-%d %H:%M:%S}",
            )
            calling.note(call, "stories.on_behalf", request.user, did="a new link")
        messages.success(
            request, gettext("A new link is on its way to the address that they gave us.")
        )
    return _back(call)


@for_the_contributor
def new_code(request: HttpRequest, call: Call) -> HttpResponse:
    """A new code, shown this once, to be read out; the one before it ends."""
    if request.method != "POST":
        return _back(call)
    with transaction.atomic():
        if request.POST.get("all"):
            _end_links(call.contribution, "all")
        code = links.mint_code(call.contribution)
        calling.on_behalf(call, "a new code", request.user)
    return _page(request, call, gettext("A new code"), {"code": code})


def _end_links(story: Contribution, kind: str) -> None:
    """The contributor's own, so that whoever has an old one stays outside."""
    rows = PrivateLink.objects.filter(contribution=story, participant=None, revoked_at__isnull=True)
    (rows if kind == "all" else rows.filter(kind=kind)).update(revoked_at=timezone.now())


@for_the_contributor
def back(request: HttpRequest, call: Call) -> HttpResponse:
    """Out again, at the contributor's word."""
    if request.method == "POST":
        with transaction.atomic():
            publish(call.contribution)
            calling.on_behalf(call, "put back", request.user)
        messages.success(request, gettext("It goes on: on the site, or waiting for its day."))
    return _back(call)


CALL = "contributions/<str:reference>/calls/<int:pk>/"
urlpatterns = [
    path(f"{CALL}answer/<slug:slug>/", purpose, name="desk_call_answer"),
    path(f"{CALL}asked/<int:ask>/", asked, name="desk_call_asked"),
    path(f"{CALL}name/", name, name="desk_call_name"),
    path(f"{CALL}down/", down, name="desk_call_down"),
    path(f"{CALL}link/", new_link, name="desk_call_link"),
    path(f"{CALL}code/", new_code, name="desk_call_code"),
    path(f"{CALL}back/", back, name="desk_call_back"),
]
