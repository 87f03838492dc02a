"""Others in the recording, on the contributor's page: who they are, and a link for each."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories.contributions.links import mint_link
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.participants import Participant, participants_of
from stories.contributions.standing import others_in, waits_for
from stories.contributions.typed import NAME_CHARACTERS, NOT_KEPT, NothingCutShort, too_long
from stories.mine.entry import mine
from stories.pages.models import StoryPage
from stories.publishing import others


class AddForm(NothingCutShort):
    """What the contributor calls somebody who is in the recording too."""

    called = forms.CharField(
        label=_("What do you call them?"),
        max_length=NAME_CHARACTERS,
        help_text=_(
            "Such as Dougie, or my sister. You, our moderators and they themselves read it."
        ),
        widget=forms.TextInput(attrs=NOT_KEPT),
        error_messages={
            "required": _("Please write what you call them."),
            **too_long(NAME_CHARACTERS),
        },
    )

    def __init__(self, data=None, *, story: Contribution | None = None) -> None:
        super().__init__(data)
        self.story = story

    def clean_called(self) -> str:
        called = self.cleaned_data["called"]
        people = participants_of(self.story) if self.story else []
        if called.casefold() in {person.called.casefold() for person in people}:
            raise forms.ValidationError(
                gettext(
                    "There is somebody of that name already. Add something to tell them apart, "
                    "such as Ann B."
                )
            )
        return called


@mine
def people(request: HttpRequest, story: Contribution) -> HttpResponse:
    """Who else is in it, where each stands, and somebody more."""
    if story.upload is None or story.is_taken_back:
        return redirect("my_story")
    form = AddForm(request.POST if request.method == "POST" else None, story=story)
    if request.method == "POST" and form.is_valid():
        try:
            others.add(story, form.cleaned_data["called"])
        except NotPossible:
            return redirect("my_story")
        return redirect("my_story_people")
    return _show(request, story, form)


@mine
def link(request: HttpRequest, story: Contribution, number: int) -> HttpResponse:
    """A link for one of them, shown this once. The one before it ends."""
    if request.method != "POST" or story.is_taken_back:
        return redirect("my_story_people")
    person = get_object_or_404(participants_of(story), pk=number)
    token = mint_link(story, person)
    address = request.build_absolute_uri(reverse("my_story_enter", args=[token]))
    return _show(request, story, AddForm(), {"link": address, "link_for": person})


def _show(
    request: HttpRequest, story: Contribution, form: AddForm, made: dict | None = None
) -> HttpResponse:
    context = {
        "contribution": story,
        "others": others_in(story),
        "closed": bool(waits_for(story)),
        "is_out": StoryPage.objects.public().filter(contribution=story).exists(),
        "form": form,
        "State": Participant.State,
    }
    status = 422 if form.errors else 200
    return render(request, "mine/people.html", context | (made or {}), status=status)


urlpatterns = [
    path("people/", people, name="my_story_people"),
    path("people/<int:number>/link/", link, name="my_story_people_link"),
]
