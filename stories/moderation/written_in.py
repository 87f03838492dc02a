"""In which language a written story is, put right by a moderator."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories.contributions.languages import NAMES
from stories.contributions.models import Contribution, NotPossible
from stories.moderation.frame import above, frame, moderators, sent
from stories.pages.show import paragraphs_of
from stories.publishing.agree import version_to_agree
from stories.publishing.approve import SeenOtherwise
from stories.publishing.words import STANDING
from stories.publishing.written_in import correct_language, may_be_corrected

CHANGED = _("The story was changed while you were looking. Is it still right?")
WAITS = _("A version waits until the contributor has looked. It can be put right after that.")


class LanguageForm(forms.Form):
    language = forms.ChoiceField(
        label=_("It is written in"),
        choices=lambda: list(NAMES.items()),
        error_messages={"required": _("Choose the language."), "invalid_choice": _("Choose one.")},
    )


@moderators
def language(request: HttpRequest, reference: str) -> HttpResponse:
    """GET: what the writer said, with the story beside it. POST: what it is."""
    story = sent(reference)
    if not may_be_corrected(story):
        raise Http404
    if request.method != "POST":
        return _show(request, story, LanguageForm(initial={"language": _now(story)}))
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return _show(request, story, form, status=422)
    seen = request.POST.get("epoch", "")
    try:
        changed = correct_language(
            story,
            request.user,
            form.cleaned_data["language"],
            seen=int(seen) if seen.isdecimal() else 0,
        )
    except SeenOtherwise:
        return _show(request, sent(reference), form, str(CHANGED), 409)
    except NotPossible:
        return _show(request, sent(reference), form, str(WAITS), 409)
    if changed:
        named = {"language": NAMES[form.cleaned_data["language"]]}
        messages.success(request, gettext("It is written in %(language)s: noted.") % named)
    return redirect("desk_review", reference)


def _now(story: Contribution) -> str:
    return story.private.language or "en"


def _show(
    request: HttpRequest,
    story: Contribution,
    form: LanguageForm,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    private, waits = story.private, version_to_agree(story) is not None
    context = frame(gettext("Its language"), *above(story)) | {
        "contribution": story,
        "form": form,
        "problem": problem or (WAITS if waits else ""),
        "waits": waits,
        "is_out": story.state in STANDING,
        "story": private,
        "paragraphs": paragraphs_of(private.words),
    }
    return render(request, "desk/language.html", context, status=status)


urlpatterns = [path("contributions/<str:reference>/language/", language, name="desk_language")]
