"""A recording as an episode, at the desk: the series it is in, and its chapters."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories.contributions.allowed import exits_of
from stories.contributions.chapters import BadChapters, as_lines, read_chapters
from stories.contributions.models import Contribution, NotPossible
from stories.moderation.frame import above, frame, moderators, sent
from stories.pages.series import MAIN, EpisodePlace, PodcastSeries
from stories.publishing.agree import version_to_agree
from stories.publishing.beside import offer, version_with
from stories.publishing.place import NumberTaken, place

NOT_NOW = _(
    "That can't be done now: something else waits for the contributor's answer, or it is not \
approved."
)


class PlaceForm(forms.Form):
    series = forms.ModelChoiceField(PodcastSeries.objects.order_by("title"), empty_label=None)
    number = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=99_999,
        label=_("Number of the episode"),
        help_text=_("Leave it empty where the order is that of the dates."),
    )


@moderators
def podcast(request: HttpRequest, reference: str) -> HttpResponse:
    """GET: how it stands. POST: `do` is place or chapters."""
    story = sent(reference)
    if story.upload is None or story.is_taken_back:
        raise Http404
    if request.method != "POST":
        return _show(request, story)
    form = PlaceForm(request.POST)
    try:
        if request.POST.get("do") == "chapters":
            _take_chapters(request, story)
        elif not form.is_valid():
            return _show(request, story, form=form, status=422)
        else:
            place(story, request.user, form.cleaned_data["series"], form.cleaned_data["number"])
            messages.success(
                request, gettext("It has its place. Apps hear of it when they look again.")
            )
    except NumberTaken:
        form.add_error("number", gettext("Another episode of this series has that number."))
        return _show(request, story, form=form, status=409)
    except BadChapters as bad:
        return _show(request, story, problem=bad.sentence, status=422)
    except NotPossible:
        return _show(request, story, problem=str(NOT_NOW), status=409)
    return redirect("desk_podcast", reference)


def _take_chapters(request: HttpRequest, story: Contribution) -> None:
    """Raises BadChapters and NotPossible."""
    version = version_with(story, "chapters")
    if version is None:
        raise NotPossible("it is not approved")
    chapters = read_chapters(request.POST.get("chapters", ""), version.seconds)
    if offer(story, request.user, "chapters", chapters):
        waits = version_to_agree(story) is not None
        messages.success(
            request,
            gettext("The contributor looks at them before they go out.")
            if waits
            else gettext("They stand as they were agreed to. Nothing waits any more."),
        )


def _show(
    request: HttpRequest,
    story: Contribution,
    *,
    form: PlaceForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    version, waits = version_with(story, "chapters"), version_to_agree(story)
    placed = EpisodePlace.objects.filter(contribution=story).first()
    main = PodcastSeries.objects.filter(slug=MAIN).first()
    series, number = (placed.series, placed.number) if placed else (main, None)
    typed = request.POST.get("chapters") if problem else None
    context = frame(gettext("Its podcast"), *above(story)) | {
        "contribution": story,
        "allowed": "podcast" in exits_of(story),
        "place_form": form or PlaceForm(initial={"series": series, "number": number}),
        "version": version,
        "chapters": as_lines(version.chapters) if version and typed is None else typed or "",
        "waits": waits is not None and waits == version,
        "something_else_waits": waits is not None and waits != version,
        "objection": story.private.objection,
        "problem": problem,
    }
    return render(request, "desk/podcast.html", context, status=status)


urlpatterns = [path("contributions/<str:reference>/podcast/", podcast, name="desk_podcast")]
