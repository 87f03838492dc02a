"""The words of a recording at the desk: read them with care, put them right, let them out."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from media_pipeline import api as media
from stories.contributions import spoken
from stories.contributions.allowed import exits_of
from stories.contributions.models import Contribution, NotPossible, Upload
from stories.moderation.frame import above, frame, moderators, sent
from stories.publishing.unsure import number_unsure, speakers, to_read
from stories.publishing.words import HeardOtherwise, approve_words, are_new, give

LANGUAGES = {"": _("Let the computer find out"), "en": _("English"), **media.BY_HAND}
BLANK = "WEBVTT\n\n00:00:00.000 --> 00:00:04.000\n"
CHANGED = _("The words were changed while you were looking. This is how they stand now.")


@moderators
def words(request: HttpRequest, reference: str) -> HttpResponse:
    """GET: how they stand. POST: `do` is language, file, text or approve."""
    story = sent(reference)
    if story.upload is None or story.is_taken_back:
        raise Http404
    if request.method != "POST":
        return _show(request, story, story.upload)
    try:
        said = _carry_out(request, story, story.upload)
    except media.BadSubtitles as bad:
        return _show(request, story, story.upload, problem=bad.sentence, status=422)
    except HeardOtherwise:
        return _show(request, story, story.upload, problem=str(CHANGED), status=409)
    except NotPossible:
        return _show(
            request, story, story.upload, problem=gettext("That can't be done now."), status=409
        )
    if said:
        messages.success(request, said)
    return redirect("desk_words", reference)


def _carry_out(request: HttpRequest, story: Contribution, upload: Upload) -> str:
    """What the moderator is told; "" when there was nothing to do."""
    match request.POST.get("do"):
        case "language" if request.POST.get("language") in LANGUAGES:
            media.name_language(upload.asset_id, request.POST["language"])
            if "recognition" in exits_of(story) and not spoken.heard(upload.asset_id):
                media.hear(upload.asset_id)
            return gettext("The language is noted.")
        case "file" if isinstance(file := request.FILES.get("file"), UploadedFile):
            content = file.read(media.MOST_SUBTITLE_BYTES + 1)
            give(story, content, Upload.WordsFrom.MODERATOR, speakers=True)
        case "text" if "words" in request.POST:
            if request.POST.get("heard") != spoken.hash_of(spoken.heard(upload.asset_id)):
                raise HeardOtherwise
            words = request.POST["words"].encode()
            give(story, words, Upload.WordsFrom.MODERATOR, speakers=True)
        case "approve":
            version = approve_words(story, request.user, request.POST.get("heard", ""))
            if version.agreed_at:
                return gettext("They stand on its page now.")
            return gettext("They wait until the contributor has looked.")
        case _:
            return ""
    log(instance=story, action="stories.words_given", user=request.user, content_changed=False)
    return gettext("These are its words now. The contributor looks before they go out.")


def _show(
    request: HttpRequest, story: Contribution, upload: Upload, problem: str = "", status: int = 200
) -> HttpResponse:
    cues = spoken.heard(upload.asset_id)
    about = media.spoken(upload.asset_id)
    typed = request.POST.get("words") if problem else None
    context = frame(gettext("Its words"), *above(story)) | {
        "contribution": story,
        "upload": upload,
        "cues": to_read(cues),
        "speakers": speakers(cues),
        "unsure": number_unsure(cues),
        "heard": spoken.hash_of(cues),
        "text": typed or (media.as_webvtt(cues) if cues else BLANK),
        "about": about,
        "language": about.language and LANGUAGES.get(about.language, about.language),
        "languages": LANGUAGES.items(),
        "new": are_new(story),
        "problem": problem,
    }
    return render(request, "desk/words.html", context, status=status)


urlpatterns = [path("contributions/<str:reference>/words/", words, name="desk_words")]
