"""Does the picture say what the sound doesn't? Asked of each film, and answered in words."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from media_pipeline import api as media
from stories.contributions.models import Contribution, NotPossible, Upload
from stories.contributions.spoken import agreed_cues
from stories.contributions.versions import PICTURE_CHARACTERS, StoryVersion
from stories.moderation.frame import above, frame, moderators, sent
from stories.pages.show import player_for
from stories.publishing.agree import version_to_agree
from stories.publishing.beside import Part, offer, version_with
from stories.publishing.unsure import to_read

PART: Part = "picture_in_words"


class PictureForm(forms.Form):
    says = forms.ChoiceField(
        label=gettext_lazy("Does the picture say what the sound doesn't?"),
        widget=forms.RadioSelect,
        choices=[
            ("no", gettext_lazy("No: whoever only listens misses nothing of the story")),
            ("yes", gettext_lazy("Yes, and here it is in words")),
        ],
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )
    words = forms.CharField(
        label=gettext_lazy("What is to be seen"),
        required=False,
        max_length=PICTURE_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "In the order in which it is seen, in plain sentences: where they are, what they show "
            "or do, words that stand in the picture. Nothing that would tell who somebody is who "
            "chose not to be seen, and nothing that is only guessed."
        ),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        # A browser would silently drop the end of what is pasted.
        self.fields["words"].widget.attrs.pop("maxlength", None)

    def clean(self) -> dict:
        data = super().clean() or {}
        if data.get("says") == "yes" and not self.errors and not data["words"]:
            self.add_error("words", _("Write what is to be seen, or choose no."))
        return data

    @property
    def answer(self) -> str:
        """The words, as they would stand on the page; "" for none needed."""
        return self.cleaned_data["words"] if self.cleaned_data["says"] == "yes" else ""


@moderators
def picture(request: HttpRequest, reference: str) -> HttpResponse:
    """GET: the film, and how the question stands. POST: its answer."""
    story = sent(reference)
    version = version_with(story, PART)
    if version is None or story.upload is None:
        raise Http404
    if request.method != "POST":
        return _show(request, story, version, _as_it_stands(story.upload, version))
    form = PictureForm(request.POST)
    if not form.is_valid():
        return _show(request, story, version, form, status=422)
    try:
        changed = offer(story, request.user, PART, form.answer)
    except NotPossible:
        form.add_error(None, _("Something else waits for the contributor's answer."))
        return _show(request, story, version, form, status=409)
    Upload.objects.filter(pk=story.upload.pk).update(picture_checked=True)
    if changed and version_to_agree(story):
        messages.success(request, _("The contributor looks at these words before they go out."))
    else:
        messages.success(request, _("Noted. Thank you for looking."))
    return redirect("desk_review", reference)


def _as_it_stands(upload: Upload, version: StoryVersion) -> PictureForm:
    words = version.picture_in_words
    says = "yes" if words else "no" if upload.picture_checked else ""
    return PictureForm(initial={"says": says, "words": words})


def _show(
    request: HttpRequest,
    story: Contribution,
    version: StoryVersion,
    form: PictureForm,
    status: int = 200,
) -> HttpResponse:
    made = media.renditions(version.asset_id) if version.asset_id else {}
    waits = version_to_agree(story)
    context = frame(_("What its picture shows"), *above(story)) | {
        "version": version,
        "form": form,
        "waits": waits is not None and waits == version,
        "something_else_waits": waits is not None and waits != version,
        "objection": story.private.objection,
        "player": player_for(made, f"{above()[0][1]}{story.reference}/media/", version.seconds),
        "cues": to_read(agreed_cues(version)),
    }
    return render(request, "desk/picture.html", context, status=status)


urlpatterns = [path("contributions/<str:reference>/picture/", picture, name="desk_picture")]
