"""The words of their recording: the contributor reads them, or gives a file with their own."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from media_pipeline import api as media
from stories.contributions import spoken
from stories.contributions.models import Contribution, Upload
from stories.mine.entry import mine_while_it_stands
from stories.publishing.unsure import number_unsure, to_read
from stories.publishing.words import STANDING, give

CHOOSE = _("Please choose a file first: subtitles, .vtt or .srt.")


@mine_while_it_stands
def words(request: HttpRequest, story: Contribution) -> HttpResponse:
    if story.upload is None:
        return redirect("my_story")
    if request.method != "POST":
        return _show(request, story, story.upload)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return _show(request, story, story.upload, str(CHOOSE))
    try:
        content = file.read(media.MOST_SUBTITLE_BYTES + 1)
        named = "speakers" in request.POST
        give(story, content, Upload.WordsFrom.CONTRIBUTOR, speakers=named)
    except media.BadSubtitles as bad:
        return _show(request, story, story.upload, bad.sentence)
    return redirect("my_story_words")


def _show(
    request: HttpRequest, story: Contribution, upload: Upload, problem: str = ""
) -> HttpResponse:
    cues = spoken.heard(upload.asset_id)
    context = {
        "contribution": story,
        "upload": upload,
        "cues": to_read(cues),
        "unsure": number_unsure(cues),
        "about": media.spoken(upload.asset_id),
        "is_decided": story.state in STANDING,
        "keeps_speakers": "speakers" in request.POST or any(cue.speaker for cue in cues),
        "problem": problem,
    }
    return render(request, "mine/spoken.html", context, status=422 if problem else 200)


urlpatterns = [path("words/", words, name="my_story_words")]
