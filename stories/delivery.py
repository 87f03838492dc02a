"""Bytes of published recordings: decided here for every request, then sent by the pipeline."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from media_pipeline import api as media
from stories.contributions.tombstones import Tombstone, is_gone, story_path
from stories.pages.machines import tell_machines
from stories.pages.models import StoryPage
from stories.pages.podcast import CHAPTERS_TYPE, chapters_json
from stories.pages.series import series_of
from stories.pages.show import open_renditions, transcript_to_show
from stories.pages.transcript import transcript_text

ENCLOSURE = "story.mp3"
CAPTIONS = "captions.vtt"


def story_media(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    """One rendition of one public story, if the consents in force let it out at this moment."""
    story = StoryPage.objects.public_one(slug=slug)
    if story is None:
        return gone_or_missing(request, gone=is_gone(story_path(slug)))
    return _send(request, story, name, "page")


def podcast_sound(request: HttpRequest, slug: str, reference: str) -> HttpResponseBase:
    """The sound that a podcast app fetches, if the story is syndicated at this moment.

    Its chapters, as they were agreed to, are in it.
    """
    story = StoryPage.objects.public_one(contribution__reference=reference)
    if story is None:
        return _episode_gone(request, reference)
    if series_of(story) != slug:
        raise Http404
    return _send(request, story, ENCLOSURE, "podcast", story.version.marks)


@require_safe
def podcast_chapters(request: HttpRequest, slug: str, reference: str) -> HttpResponseBase:
    """The chapters of an episode that can be heard now, in the form that podcast apps read."""
    story = StoryPage.objects.public_one(contribution__reference=reference)
    if story is None:
        return _episode_gone(request, reference)
    may = "podcast" in story.exits and ENCLOSURE in open_renditions(story, story.exits)
    if not may or not story.version.chapters or series_of(story) != slug:
        raise Http404
    response = JsonResponse(chapters_json(story.version.marks), content_type=CHAPTERS_TYPE)
    response["Cache-Control"] = "private, no-cache"
    tell_machines(response, story.exits - {"outside_search"})
    return response


def _episode_gone(request: HttpRequest, reference: str) -> HttpResponse:
    # A tombstone with a path is that of a story that was out; only those are spoken of.
    buried = Tombstone.objects.filter(reference=reference).exclude(path_hash="")
    return gone_or_missing(request, gone=buried.exists())


@require_safe
def transcript_file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """The transcript to save: "txt" to read, or "vtt" with its times (W3C WebVTT)."""
    if kind not in {"txt", "vtt"}:
        raise Http404
    story = StoryPage.objects.public_one(slug=slug)
    if story is None:
        return gone_or_missing(request, gone=is_gone(story_path(slug)))
    as_read = media.SPOKEN in open_renditions(story, story.exits)
    response = _send(request, story, media.SPOKEN if as_read else CAPTIONS, "transcript_file")
    if response.status_code not in {200, 206}:
        return response
    if kind == "txt":
        response.close()
        text = transcript_text(story, transcript_to_show(story.version, story.exits))
        response = HttpResponse(text, content_type="text/plain; charset=utf-8")
        response["Cache-Control"] = "private, no-cache"
        tell_machines(response, story.exits)
    response["Content-Disposition"] = f'attachment; filename="{story.reference}.{kind}"'
    return response


def gone_or_missing(request: HttpRequest, *, gone: bool) -> HttpResponse:
    """410 for what was taken back. Raises Http404 for everything else."""
    if not gone:
        raise Http404
    return render(request, "errors/410.html", status=410)


def _send(
    request: HttpRequest,
    story: StoryPage,
    name: str,
    exit_name: str,
    chapters: Sequence[tuple[float, str]] = (),
) -> HttpResponseBase:
    """A rendition that is open by itself, where the way that it was asked for is open too."""
    if story.version.asset_id is None or exit_name not in story.exits:
        raise Http404
    allowed = open_renditions(story, story.exits)
    response = media.respond(
        request, story.version.asset_id, name, allowed=allowed, chapters=chapters
    )
    tell_machines(response, story.exits)
    return response
