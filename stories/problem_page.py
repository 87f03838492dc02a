"""Tell us about a problem with a story: for anybody, without an account, a cookie or a script.

What keeps machines out must cost a person nothing: a field that only a machine fills in, a signed
time that says how long the form was open, and a count for each place on the network.
"""

from __future__ import annotations

import uuid
from datetime import timedelta

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from stories.contributions.places import is_too_often
from stories.contributions.problems import Problem, Told
from stories.contributions.stamps import NotOurs, new_stamp, read_stamp
from stories.contributions.tombstones import is_gone, story_path
from stories.delivery import gone_or_missing
from stories.pages.models import StoryPage
from stories.publishing.problems import tell

STAMPED = "a problem with a story"
AN_HOUR = 10  # from one place on the network
WORDS_CHARACTERS = 5_000
TOO_QUICK = _("That went very quickly. Please read it through, and press the button once more.")
# Also for a stamp that is not ours: a key that was changed meanwhile must cost nobody their words.
TOO_LONG_OPEN = _("This page was open for a long time. Please press the button once more.")
FILLED_IN = _("A field that nobody can see was filled in. Please press the button once more.")
TOO_OFTEN = _("We only take a few of these an hour from one place. Please try again in an hour.")
NOT_AN_ADDRESS = _("That doesn't look like an e-mail address. One looks like name@example.com.")


class ProblemForm(forms.Form):
    about = forms.ChoiceField(
        label=_("What is it about?"),
        widget=forms.RadioSelect,
        choices=Problem.About.choices,
        error_messages={
            "required": _("Please choose what it is about."),
            "invalid_choice": _("Please choose what it is about."),
        },
    )
    words = forms.CharField(
        label=_("What should we know?"),
        required=False,
        max_length=WORDS_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 6, "aria-describedby": "id_words_helptext"}),
        help_text=_(
            "Where in the story it is, and what is wrong. If you are in it, you don't have "
            "to say more."
        ),
        error_messages={
            "max_length": format_lazy(
                _(
                    "There is room for {most} characters. All that you wrote is "
                    "still here: please shorten it."
                ),
                most=f"{WORDS_CHARACTERS:,}",
            )
        },
    )
    email = forms.EmailField(
        label=_("Your e-mail address, if you'd like an answer"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "aria-describedby": "id_email_helptext"}
        ),
        error_messages={"invalid": NOT_AN_ADDRESS, "max_length": NOT_AN_ADDRESS},
    )
    # For machines: people don't see it.
    second_address = forms.CharField(label=_("Please leave this empty"), required=False)
    stamp = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data=None) -> None:
        super().__init__(data, initial={"stamp": new_stamp(STAMPED)})
        self.fields["words"].widget.attrs.pop("maxlength", None)
        days = settings.REPORT_DAYS
        self.fields["email"].help_text = gettext(
            "Only for this. It is locked away, and goes at most %(days)s days after we are done."
        ) % {"days": days}

    def clean(self) -> dict:
        data = super().clean() or {}
        silent = "words" in data and not data["words"].strip()
        if silent and data.get("about", Problem.About.IN_IT) != Problem.About.IN_IT:
            self.add_error("words", gettext("Please say in a few words what is wrong."))
        return data


@csrf_exempt  # Nothing is done in anybody's name, and it works without a cookie.
@never_cache
def tell_problem(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: the form. POST: thanks; or the form again, with all that was typed."""
    story = StoryPage.objects.public_one(slug=slug)
    if story is None:
        return gone_or_missing(request, gone=is_gone(story_path(slug)))
    if request.method != "POST":
        return _show(request, story, ProblemForm())
    form = ProblemForm(request.POST)
    number, problem = _looked_at(request.POST.get("stamp", ""))
    if request.POST.get("second_address"):
        problem = str(FILLED_IN)  # a browser that fills in addresses does it too
    if is_too_often(request, "problem", AN_HOUR, timedelta(hours=1)):
        return _show(request, story, form, str(TOO_OFTEN), 429)
    if number and not form.is_valid():
        return _show(request, story, form, status=422)
    if problem or not number:
        return _show(request, story, _given_out_anew(request), problem, 422)
    said = form.cleaned_data
    told = Told(words=said["words"].strip(), email=said["email"])
    tell(story.contribution, said["about"], told, number)
    return _thanks(request, story)


def _looked_at(stamp: str) -> tuple[uuid.UUID | None, str]:
    """The form's number, None where it can't be told; and why it has to be pressed once more."""
    try:
        number, too_quick = read_stamp(STAMPED, stamp)
    except NotOurs:
        return None, str(TOO_LONG_OPEN)
    return number, str(TOO_QUICK) if too_quick else ""


def _given_out_anew(request: HttpRequest) -> ProblemForm:
    typed = request.POST.copy()
    typed["stamp"], typed["second_address"] = new_stamp(STAMPED), ""
    return ProblemForm(typed)


def _show(
    request: HttpRequest, story: StoryPage, form: ProblemForm, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "story": story,
        "form": form,
        "problem": problem,
        "address": reverse("tell_problem", args=[story.slug]),
    }
    return render(request, "stories/problem.html", context, status=status)


def _thanks(request: HttpRequest, story: StoryPage) -> HttpResponse:
    """Only when it is really with us."""
    urgent = request.POST.get("about") == Problem.About.IN_IT
    context = {"story": story, "urgent": urgent}
    return render(request, "stories/problem_told.html", context)
