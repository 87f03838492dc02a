"""The pages of the form, in order, for one draft."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from stories.consent.choices import COVERS
from stories.consent.models import Purpose
from stories.contribute.forms import EmailForm, NameForm, OthersForm, WordsForm
from stories.contributions.models import Contribution


@dataclass(frozen=True)
class Place:
    """One page of the form: a route's name, and the purpose for a page of consent."""

    name: str
    purpose: str = ""

    @property
    def url(self) -> str:
        return reverse(f"share_{self.name}", args=[self.purpose] if self.purpose else [])


def purposes_for(draft: Contribution) -> list[str]:
    """The consent questions of this draft, at most five, in the order they are asked."""
    asked = Purpose.objects.filter(asked=Purpose.Asked.BEFORE)
    fitting = [purpose.slug for purpose in asked if draft.format in purpose.formats]
    # A question that covers another one is asked in its place.
    covered = {slug for asking in fitting for slug in COVERS.get(asking, ())}
    return [slug for slug in fitting if slug not in covered]


def places_for(draft: Contribution) -> list[Place]:
    """Every page of the form for this draft, in order, ending with the check."""
    places = [Place("how")]
    recording = draft.kind == draft.Kind.RECORDING
    if recording:
        places += [Place("recording"), Place("others")]
    places += [Place("words"), Place("name")]
    if recording:
        places.append(Place("voice"))
        if draft.upload and draft.upload.kind == "video":
            places.append(Place("face"))
    places += [Place("consent", purpose) for purpose in purposes_for(draft)]
    return [*places, Place("email"), Place("check")]


def is_done(draft: Contribution, place: Place) -> bool:
    """Whether a page has what is needed before the story can be sent.

    Texts are checked again: they are kept as they are typed, so also when a page refused them.
    """
    private = draft.private
    match place.name:
        case "how":
            return bool(draft.kind)
        case "recording":
            return draft.upload is not None and "automatic_transcription" in draft.answers
        case "others":
            said = draft.answers.get("others", {}).get("answer")
            return OthersForm({"anybody": said, "others": private.others}).is_valid()
        case "words":
            texts = {name: getattr(private, name) for name in ("title", "words", "language")}
            return WordsForm(texts, recording=draft.kind == draft.Kind.RECORDING).is_valid()
        case "name":
            choice = draft.answers.get("show_name", {}).get("choice")
            return NameForm({"choice": choice, "shown_name": private.shown_name}).is_valid()
        case "email":
            return EmailForm({"email": private.email}).is_valid()
        case "voice":
            return "show_unaltered_voice" in draft.answers
        case "face":
            return "show_face" in draft.answers
        case "consent":
            return place.purpose in draft.answers
    return True


def first_undone(draft: Contribution) -> Place | None:
    """The first page that still needs something; None when the story can be sent."""
    return next((place for place in places_for(draft) if not is_done(draft, place)), None)


def after(draft: Contribution, place: Place) -> Place:
    """The page that follows; the check follows itself."""
    places = places_for(draft)
    at = places.index(place)
    return places[min(at + 1, len(places) - 1)]


def before(draft: Contribution, place: Place) -> Place | None:
    places = places_for(draft)
    at = places.index(place)
    return places[at - 1] if at else None
