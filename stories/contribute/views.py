"""The form: one question a page, saved as it goes, and nothing public before it is sent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from media_pipeline import api as media
from stories.consent.models import current_statement
from stories.contribute import forms as pages
from stories.contribute.receiving import Refused, receive
from stories.contribute.steps import Place, after, before, places_for
from stories.contributions import cookies, links
from stories.contributions.models import Contribution
from stories.contributions.states import State

MOST_CHARACTERS = 200_000  # of any one text that is kept while it is being typed
TYPED = ("title", "words", "language", "shown_name", "email", "others")


def draft_from(request: HttpRequest) -> Contribution | None:
    draft = cookies.contribution_from(request, cookies.DRAFT)
    return draft if draft and draft.state == State.DRAFT else None


def no_draft(request: HttpRequest) -> HttpResponseRedirect:
    """Where a page of the form leads without one: to what was sent from here, or to the start."""
    if cookies.contribution_from(request, cookies.DRAFT):
        return redirect("my_story")
    return redirect(reverse("share_start") + "?lost=1")


def keep_typed(request: HttpRequest, draft: Contribution) -> None:
    """Seal what was typed before anything is checked, so that no error can lose it."""
    texts = {name: request.POST[name][:MOST_CHARACTERS] for name in TYPED if name in request.POST}
    if texts:
        draft.keep(**texts)


def start(request: HttpRequest) -> HttpResponse:
    """The first page: what happens next, who reads it, who to call."""
    return render(request, "contribute/start.html", {"draft": draft_from(request)})


@never_cache
def age(request: HttpRequest) -> HttpResponse:
    """18 or over? Only then is there a draft."""
    form = pages.AgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["adult"] == "no":
            return render(request, "contribute/too_young.html")
        draft = draft_from(request)
        response = redirect("share_how")
        if draft is None:
            secret = links.mint_link(Contribution.begin())
            seconds = settings.DRAFT_DAYS * cookies.DAY_SECONDS
            cookies.put(response, cookies.DRAFT, secret, cookies.DRAFT_PATH, seconds)
        return response
    status = 422 if form.is_bound else 200
    return render(request, "contribute/age.html", {"form": form}, status=status)


@method_decorator(never_cache, name="dispatch")
class StepView(View):
    """One page of the form. Subclasses say which form, how to start it and how to keep it."""

    name = ""
    form_class: type[forms.Form] = forms.Form
    template = "contribute/step.html"
    draft: Contribution
    place: Place

    def dispatch(self, request: HttpRequest, *args, **kwargs):
        draft = draft_from(request)
        if draft is None:
            return no_draft(request)
        self.draft = draft
        self.place = Place(self.name, kwargs.get("purpose", ""))
        if self.place not in places_for(draft):
            return redirect("share_how" if not draft.kind else "share_check")
        return super().dispatch(request, *args, **kwargs)

    def initial(self) -> dict[str, Any]:
        return {}

    def make_form(self, data=None) -> forms.Form:
        return self.form_class(data, initial=self.initial())

    def keep(self, form: forms.Form) -> None:
        raise TypeError("a page of the form has to say how it keeps its answer")

    def context(self) -> dict[str, Any]:
        return {}

    def get(self, request: HttpRequest, **kwargs) -> HttpResponse:
        return self.show(self.make_form())

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        keep_typed(request, self.draft)
        form = self.make_form(request.POST)
        if not form.is_valid():
            return self.show(form, 422)
        self.keep(form)
        return self.onward()

    def onward(self) -> HttpResponseRedirect:
        if self.request.POST.get("then") == "check":
            return redirect("share_check")
        return redirect(after(self.draft, self.place).url)

    def show(self, form: forms.Form, status: int = 200) -> HttpResponse:
        places = places_for(self.draft)
        back = before(self.draft, self.place)
        context = {
            "form": form,
            "draft": self.draft,
            "place": self.place,
            "number": places.index(self.place) + 1,
            "of": len(places),
            "back_url": back.url if back else reverse("share_start"),
            "then": self.request.GET.get("then") or self.request.POST.get("then", ""),
        }
        return render(self.request, self.template, context | self.context(), status=status)


class HowView(StepView):
    name, form_class = "how", pages.HowForm

    def initial(self):
        return {"kind": self.draft.kind}

    def keep(self, form):
        self.draft.kind = form.cleaned_data["kind"]
        self.draft.save(update_fields=["kind", "saved_at"])


def device_key(draft: Contribution) -> str:
    """By which a browser tells whose the recordings are that it keeps: telephones are shared."""
    return salted_hmac("recordings on a device", str(draft.contributor_key)).hexdigest()


class RecordingView(StepView):
    """Keeps the file first; then looks at the question beside it."""

    name, form_class, template = "recording", pages.RecordingForm, "contribute/recording.html"
    purpose = "automatic_transcription"

    def initial(self):
        return {"transcribe": self.draft.answers.get(self.purpose, {}).get("answer")}

    def context(self):
        return {
            "upload": self.draft.upload,
            "coming": media.incoming.under_way(self.draft.contributor_key),
            "statement": current_statement(self.purpose),
            "max_bytes": settings.MAX_UPLOAD_BYTES,
            "max_seconds": settings.MEDIA_MAX_SECONDS,
            "device_key": device_key(self.draft),
        }

    def show(self, form, status=200):
        response = super().show(form, status)
        response["Permissions-Policy"] = "camera=(self), microphone=(self)"
        return response

    def post(self, request, **kwargs):
        form = self.make_form(request.POST)
        answered = form.is_valid()
        if answered:
            self.keep(form)
        status = 422
        try:
            receive(request, self.draft)
            if self.draft.upload is None:
                form.add_error(None, _("Please choose a video or sound recording."))
        except Refused as refused:
            form.add_error(None, refused.sentence)
            status = refused.status
        if form.errors:
            return self.show(form, status)
        return self.onward()

    def keep(self, form):
        statement = current_statement(self.purpose)
        self.draft.answer(self.purpose, form.cleaned_data["transcribe"], statement.pk)


class OthersView(StepView):
    """Who else is in the recording: each of them is asked, and it stays closed until then."""

    name, form_class, template = "others", pages.OthersForm, "contribute/others.html"

    def initial(self):
        said = self.draft.answers.get("others", {}).get("answer")
        return {"anybody": said, "others": self.draft.private.others}

    def keep(self, form):
        # Not an answer to a statement: it says only whom to ask.
        self.draft.answer("others", form.cleaned_data["anybody"], 0)


class WordsView(StepView):
    name, form_class = "words", pages.WordsForm

    def make_form(self, data=None):
        recording = self.draft.kind == self.draft.Kind.RECORDING
        return pages.WordsForm(data, initial=self.initial(), recording=recording)

    def initial(self):
        private = self.draft.private
        texts = {"title": private.title, "words": private.words}
        return texts | {"language": private.language or "en"}

    def keep(self, form):
        self.draft.keep(**form.cleaned_data)


class ChoiceView(StepView):
    """A choice between the real thing and something that shows less."""

    purpose = ""
    template = "contribute/choice.html"

    def initial(self):
        return {"choice": self.draft.answers.get(self.purpose, {}).get("choice")}

    def context(self):
        return {"statement": current_statement(self.purpose)}

    def keep(self, form):
        statement = current_statement(self.purpose)
        self.draft.answer(self.purpose, "", statement.pk, form.cleaned_data["choice"])


class NameView(ChoiceView):
    name, form_class, purpose = "name", pages.NameForm, "show_name"

    def initial(self):
        return super().initial() | {"shown_name": self.draft.private.shown_name}

    def keep(self, form):
        super().keep(form)
        shown = form.cleaned_data["shown_name"] if form.cleaned_data["choice"] != "none" else ""
        self.draft.keep(shown_name=shown)


class VoiceView(ChoiceView):
    name, form_class, purpose = "voice", pages.VoiceForm, "show_unaltered_voice"


class FaceView(ChoiceView):
    name, form_class, purpose = "face", pages.FaceForm, "show_face"


class ConsentView(StepView):
    name, form_class, template = "consent", pages.ConsentForm, "contribute/consent.html"

    def initial(self):
        return {"answer": self.draft.answers.get(self.place.purpose, {}).get("answer")}

    def context(self):
        return {"statement": current_statement(self.place.purpose)}

    def keep(self, form):
        statement = current_statement(self.place.purpose)
        self.draft.answer(self.place.purpose, form.cleaned_data["answer"], statement.pk)


class EmailView(StepView):
    name, form_class, template = "email", pages.EmailForm, "contribute/email.html"

    def initial(self):
        return {"email": self.draft.private.email}

    def context(self):
        return {"days": settings.COOLING_OFF_DAYS}

    def keep(self, form):
        self.draft.keep(email=form.cleaned_data["email"])
