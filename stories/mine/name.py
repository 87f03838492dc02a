"""Another name to show, or none."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from stories.consent.choices import offered
from stories.consent.models import Purpose
from stories.consent.reading import consents_of
from stories.contributions.models import Contribution
from stories.contributions.typed import NAME_CHARACTERS, NamedForm, too_long
from stories.mine.agreed import Standing, standing_of
from stories.mine.entry import mine_while_it_stands
from stories.mine.two_tabs import NEW_WORDS, Refused, changed, onward
from stories.publishing.rename import NAME, rename


class NewName(NamedForm):
    """How to be named from now on."""

    choice = forms.ChoiceField(
        choices=partial(offered, NAME),
        error_messages={
            "required": _("Please choose how we should name you."),
            "invalid_choice": _("Please choose how we should name you."),
        },
    )
    shown_name = forms.CharField(
        required=False, max_length=NAME_CHARACTERS, error_messages=too_long(NAME_CHARACTERS)
    )


@mine_while_it_stands
def change_name(request: HttpRequest, story: Contribution) -> HttpResponse:
    """The old name goes at once; a moderator looks at a new one first."""
    if request.method != "POST":
        private = story.private
        standing = _standing(story)
        shown = private.asked_name or private.shown_name
        form = NewName(initial={"choice": standing.choice, "shown_name": shown})
        return _show(request, story, form)
    form = NewName(request.POST)
    if not form.is_valid():
        return _show(request, story, form, status=422)
    try:
        receipt = _rename(story, form.cleaned_data, request.POST)
    except Refused as refused:
        return _show(request, story, form, refused, refused.status)
    return onward(receipt)


def _rename(story: Contribution, wanted: dict[str, Any], posted):
    """None where it is so already: the same name again must not wait for a moderator again."""
    choice = wanted["choice"]
    name = "" if choice == "none" else wanted["shown_name"]
    with transaction.atomic():
        story = Contribution.objects.select_for_update(no_key=True).get(pk=story.pk)
        standing, private = _standing(story), story.private
        in_force = choice == consents_of(story.contributor_key).choices.get(NAME)
        lapsed = choice == "my_name" and (not standing.held or standing.ends_soon)
        if in_force and not lapsed and name == (private.asked_name or private.shown_name):
            return None
        if choice == "none":
            words = standing.agreed_words if standing.held else standing.current
            return rename(story, words, choice, "")
        if posted.get("seen") != str(standing.number):
            raise Refused(changed(standing.said), 409)
        if posted.get("statement") != str(standing.current.pk):
            raise Refused(str(NEW_WORDS), 409)
        gives = choice == "my_name" or not standing.held
        return rename(story, standing.current if gives else standing.agreed_words, choice, name)


def _standing(story: Contribution) -> Standing:
    return standing_of(story, Purpose.objects.get(pk=NAME))


def _show(
    request: HttpRequest,
    story: Contribution,
    form: NewName,
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"standing": _standing(story), "form": form, "problem": refused}
    private = story.private
    context |= {"shown_now": private.shown_name, "waiting": private.asked_name}
    return render(request, "mine/name.html", context, status=status)


urlpatterns = [path("name/", change_name, name="my_story_name")]
