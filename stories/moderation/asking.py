"""Asking a contributor for something more: one partner, or one extract in one place."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from stories.consent.events import ConsentEvent
from stories.consent.record import By
from stories.contributions.asks import Ask
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.states import State
from stories.moderation.forms import AskForm
from stories.moderation.frame import moderators, sent
from stories.publishing.ask import AskedAlready, NotInTheStory, agreed, ask


@dataclass(frozen=True)
class Asked:
    """A request and its answer in words. `is_yes`: allowed at this moment, as the record says."""

    ask: Ask
    answer: str
    is_yes: bool


def asked_rows(story: Contribution) -> list[Asked]:
    """Newest first."""
    allowed = {asked.pk for asked in agreed(story)}
    rows = []
    for asked in story.asks.order_by("-pk"):
        is_yes = asked.pk in allowed
        answer = asked.get_state_display().capitalize()
        if asked.state == Ask.State.YES and not is_yes:
            answer = _("Taken back, or run out")
        rows.append(Asked(asked, answer, is_yes))
    return rows


@moderators
def ask_view(request: HttpRequest, reference: str) -> HttpResponse:
    """Put one question on the contributor's page."""
    from stories.moderation.review import show

    story = sent(reference)
    if request.method != "POST":
        return redirect("desk_review", reference)
    if story.state != State.PUBLISHED:
        messages.error(request, _("You can ask for more once a story is on the site."))
        return redirect("desk_review", reference)
    form = AskForm(request.POST)
    if not form.is_valid() or not _put(request, story, form):
        return show(request, story, ask=form, status=422)
    return redirect("desk_review", reference)


def _put(request: HttpRequest, story: Contribution, form: AskForm) -> bool:
    """False when the form has to be shown again, with what is wrong."""
    said = form.cleaned_data
    by = By.staff(request.user, ConsentEvent.Method.WEB)
    try:
        with transaction.atomic():
            ask(story, said["purpose"], said["recipient"], said["use"], words=said["words"], by=by)
            log(instance=story, action="stories.ask", user=request.user, content_changed=False)
    except NotInTheStory:
        form.add_error(
            "words",
            _("These words don't stand like that in what people can read. Copy them again."),
        )
        return False
    except AskedAlready:
        form.add_error("recipient", _("This has been asked already. Look below for the answer."))
        return False
    except NotPossible:
        messages.error(request, _("The contributor has taken it down. Nothing was asked."))
        return True
    told = (
        _("They get an e-mail.")
        if story.email_hash
        else _("They left no address: they see it there.")
    )
    messages.success(
        request, _("The question is on the contributor's page. %(told)s") % {"told": told}
    )
    return True


urlpatterns = [path("contributions/<str:reference>/ask/", ask_view, name="desk_ask")]
