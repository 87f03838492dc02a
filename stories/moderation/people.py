"""Others in a recording, at the desk: somebody who has to be asked, or was cut out."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import log

from stories.contributions.links import mint_link
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.participants import participants_of
from stories.contributions.standing import others_in
from stories.moderation.frame import above, frame, moderators, sent
from stories.publishing import others

GONE = _("This can't be done any more: the story was taken back, or somebody else was quicker.")


class AddForm(forms.Form):
    called = forms.CharField(
        label=_("What the contributor or you would call them"),
        max_length=60,
        help_text=_("They read it on their own page. It is kept locked away with the story."),
        error_messages={"required": _("Write what to call them, such as “the second voice”.")},
    )


class CutForm(forms.Form):
    sure = forms.BooleanField(
        label=_("I have played the recording that goes out, and they are not heard or seen in it."),
        error_messages={"required": _("Play the recording first. Then tick this to confirm it.")},
    )


@moderators
def people(request: HttpRequest, reference: str) -> HttpResponse:
    """Who else is in it, and where each stands; add somebody."""
    story = sent(reference)
    form = AddForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            others.add(story, form.cleaned_data["called"], moderator=request.user)
        except NotPossible:
            messages.error(request, GONE)
        else:
            messages.success(request, gettext("Added. The recording is closed until they say yes."))
        return redirect("desk_people", reference)
    return _show(request, story, form)


@moderators
def cut(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """They are no longer in the recording that goes out; a moderator has made sure."""
    story = sent(reference)
    person = get_object_or_404(participants_of(story), pk=number)
    if request.method != "POST":
        return redirect("desk_people", reference)
    form = CutForm(request.POST)
    if not form.is_valid():
        broken = {"broken": person.pk, "problem": form.errors["sure"][0]}
        return _show(request, story, AddForm(), broken, 422)
    try:
        others.cut(person, request.user)
    except NotPossible:
        messages.error(request, GONE)
    else:
        messages.success(request, gettext("They are not asked any longer."))
    return redirect("desk_people", reference)


@moderators
def link(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """A link for somebody who turned to us, shown once. The one before it ends."""
    story = sent(reference)
    person = get_object_or_404(participants_of(story), pk=number)
    if request.method != "POST" or story.is_taken_back:
        return redirect("desk_people", reference)
    token = mint_link(story, person)
    log(instance=story, action="stories.person_link", user=request.user, content_changed=False)
    address = request.build_absolute_uri(reverse("my_story_enter", args=[token]))
    return _show(request, story, AddForm(), {"link": address, "link_for": person})


def _show(
    request: HttpRequest,
    story: Contribution,
    form: AddForm,
    more: dict | None = None,
    status: int = 200,
) -> HttpResponse:
    context = frame(gettext("Others in it"), *above(story)) | {
        "contribution": story,
        "has_recording": story.upload is not None and not story.is_taken_back,
        "others": others_in(story),
        "form": form,
    }
    status = 422 if form.errors else status
    return render(request, "desk/people.html", context | (more or {}), status=status)


@hooks.register("register_log_actions")
def log_actions(actions) -> None:
    actions.register_action(
        "stories.person_added", gettext("Add a person"), gettext("Added somebody to be asked")
    )
    actions.register_action(
        "stories.person_cut", gettext("Person cut out"), gettext("Confirmed a person cut out")
    )
    actions.register_action(
        "stories.person_link", gettext("Link for a person"), gettext("Made a person's link")
    )


urlpatterns = [
    path("contributions/<str:reference>/people/", people, name="desk_people"),
    path("contributions/<str:reference>/people/<int:number>/cut/", cut, name="desk_people_cut"),
    path("contributions/<str:reference>/people/<int:number>/link/", link, name="desk_people_link"),
]
