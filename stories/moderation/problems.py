"""What people told us about stories on the site, with the story beside it: hide it, close it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from media_pipeline import api as media
from stories.contributions.models import NotPossible
from stories.contributions.problems import Problem, to_look_at
from stories.contributions.spoken import as_heard_now
from stories.letters.answers import try_answer_again
from stories.moderation.frame import above, frame, moderators
from stories.pages.show import paragraphs_of, player_for
from stories.publishing.problems import close, hide, may_put_back, put_back, reopen
from stories.publishing.unsure import to_read

PAGE_SIZE = 25


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=[
            ("", _("Choose")),
            *((value, str(label).capitalize()) for value, label in Problem.Outcome.choices),
        ],
        error_messages={"required": _("Choose what came of it, so that it can be counted.")},
    )
    answer = forms.CharField(
        label=_("Your answer to them"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Say what you did and why. Nothing of the story that is not on its page."),
    )

    def __init__(self, data=None, *, has_address: bool) -> None:
        super().__init__(data)
        if not has_address:
            del self.fields["answer"]


@moderators
def listed(request: HttpRequest) -> HttpResponse:
    """Open ones, the urgent first; or those that are done with, the newest first."""
    closed = request.GET.get("folder") == "closed"
    problems = to_look_at()
    if closed:
        done = Problem.objects.exclude(closed_at=None).select_related("contribution", "closed_by")
        problems = done.order_by("-closed_at")
    context = frame(gettext("Problems with stories"), *above()) | {
        "page": Paginator(problems, PAGE_SIZE).get_page(request.GET.get("page")),
        "closed": closed,
    }
    return render(request, "desk/problems.html", context)


@moderators
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """What was told, and the story beside it."""
    return _show(request, _problem(pk))


def _problem(pk: int) -> Problem:
    return get_object_or_404(Problem.objects.select_related("contribution"), pk=pk)


def _show(
    request: HttpRequest, problem: Problem, form: CloseForm | None = None, status: int = 200
) -> HttpResponse:
    story, told = problem.contribution, problem.told
    upload = None if story.is_taken_back else story.upload
    made = media.renditions(upload.asset_id) if upload else {}
    base = reverse("desk_queue") + f"{story.reference}/media/"
    context = frame(
        gettext("A problem with a story"),
        *above(story),
        (gettext("Problems with stories"), reverse("desk_problems")),
    ) | {
        "problem": problem,
        "told": told,
        "contribution": story,
        "story": story.private,
        "paragraphs": paragraphs_of(story.private.words),
        "player": player_for(made, base, upload.seconds) if upload else None,
        "cues": to_read(as_heard_now(upload.asset_id)) if upload else [],
        "comes_back": may_put_back(problem),
        "close_form": form or CloseForm(has_address=bool(told.email)),
    }
    return render(request, "desk/problem.html", context, status=status)


@require_POST
@moderators
def hide_it(request: HttpRequest, pk: int) -> HttpResponse:
    """One press, and nobody outside sees the story."""
    problem = _problem(pk)
    try:
        hide(problem, request.user)
    except NotPossible:
        messages.error(request, gettext("It is taken down already, so there is nothing to hide."))
    else:
        messages.success(
            request, gettext("It is off the site. It stays off until you let it back.")
        )
    return redirect("desk_problem", pk)


@require_POST
@moderators
def let_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo the hiding."""
    problem = _problem(pk)
    try:
        back = put_back(problem, request.user)
    except NotPossible:
        messages.error(
            request, gettext("It has been changed meanwhile. This is how it stands now.")
        )
        return redirect("desk_problem", pk)
    if back:
        messages.success(request, gettext("It is back on the site."))
    else:
        messages.info(
            request,
            gettext("This no longer holds it back. It stays off the site for another reason."),
        )
    return redirect("desk_problem", pk)


@require_POST
@moderators
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Close it, with what came of it and perhaps an answer."""
    problem = _problem(pk)
    form = CloseForm(request.POST, has_address=bool(problem.told.email))
    if not form.is_valid():
        return _show(request, problem, form, 422)
    said = form.cleaned_data
    try:
        close(problem, said["outcome"], said.get("answer", ""), request.user)
    except NotPossible:
        messages.error(request, gettext("Somebody has closed it already."))
        return redirect("desk_problem", pk)
    if said.get("answer"):
        messages.success(request, gettext("It is closed, and your answer is on its way to them."))
    else:
        messages.success(request, gettext("It is closed."))
    return redirect("desk_problem", pk)


@require_POST
@moderators
def open_again(request: HttpRequest, pk: int) -> HttpResponse:
    """It was closed too early."""
    try:
        reopen(_problem(pk), request.user)
    except NotPossible:
        messages.info(request, gettext("It is open."))
    return redirect("desk_problem", pk)


@require_POST
@moderators
def answer_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an answer that was given up."""
    if try_answer_again(_problem(pk)):
        messages.success(request, gettext("Your answer is tried again now."))
    return redirect("desk_problem", pk)


ONE = "contributions/problems/<int:pk>/"
urlpatterns = [
    path("contributions/problems/", listed, name="desk_problems"),
    path(ONE, one, name="desk_problem"),
    path(f"{ONE}hide/", hide_it, name="desk_problem_hide"),
    path(f"{ONE}back/", let_back, name="desk_problem_back"),
    path(f"{ONE}close/", end, name="desk_problem_close"),
    path(f"{ONE}answer/", answer_again, name="desk_problem_answer"),
    path(f"{ONE}open/", open_again, name="desk_problem_open"),
]
