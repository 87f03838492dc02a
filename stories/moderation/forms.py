"""What a moderator says of a story, when letting it out and when not."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories.consent.vocabulary import Term
from stories.contributions.models import Contribution
from stories.contributions.noted import as_kept
from stories.contributions.spoken import hash_of, heard
from stories.contributions.typed import TITLE_CHARACTERS, WORDS_CHARACTERS, too_long
from stories.moderation.note_forms import NotesForm, choices
from stories.publishing.approve import Description
from stories.publishing.decline import REASONS

DESCRIBED = ("themes", "how_it_goes", "perspective")


class ApproveForm(NotesForm):
    """`title` and `words` stand there as they were sent; left out, they count as unchanged."""

    themes = forms.MultipleChoiceField(
        label=_("Themes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=partial(choices, Term.Scheme.THEME),
    )
    how_it_goes = forms.ChoiceField(
        label=_("How it goes"),
        required=False,
        choices=lambda: [("", gettext("Not said")), *choices(Term.Scheme.HOW_IT_GOES)],
    )
    perspective = forms.ChoiceField(
        label=_("Whose view it is"),
        required=False,
        choices=lambda: [("", gettext("Not said")), *choices(Term.Scheme.PERSPECTIVE)],
    )
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=TITLE_CHARACTERS,
        error_messages=too_long(TITLE_CHARACTERS),
    )
    words = forms.CharField(
        label=_("The story"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 16}),
        max_length=WORDS_CHARACTERS,
        error_messages=too_long(WORDS_CHARACTERS),
    )
    # What the moderator has before them: a name asked for meanwhile is not let out unseen.
    epoch = forms.IntegerField(required=False, widget=forms.HiddenInput)
    # The hash of the transcript: words that were heard meanwhile are not let out unread.
    heard = forms.CharField(required=False, widget=forms.HiddenInput, empty_value=None)

    def __init__(self, data: Any = None, *, story: Contribution) -> None:
        private = story.private
        initial = {"title": private.title, "words": private.words, "epoch": story.epoch}
        if story.kind == Contribution.Kind.RECORDING and story.upload:
            initial["heard"] = hash_of(heard(story.upload.asset_id))
        super().__init__(data, story=story, initial=initial)
        if self.is_recording:
            self.fields["words"].label = gettext("What it is about")
            self.fields["words"].widget.attrs["rows"] = 4
        for name in ("title", "words"):
            # A browser would silently drop the end of what is pasted.
            self.fields[name].widget.attrs.pop("maxlength", None)

    @property
    def described(self) -> list[forms.BoundField]:
        return [self[name] for name in DESCRIBED if name != "themes"]

    @property
    def edited(self) -> list[forms.BoundField]:
        return [self["title"], self["words"]]

    @property
    def is_edited(self) -> bool:
        """Whether the part for changes has to stand open."""
        return bool({"title", "words"} & set(self.changed_data)) if self.is_bound else False

    def clean_title(self) -> str | None:
        if "title" in self.data and not self.cleaned_data["title"]:
            raise forms.ValidationError(gettext("The story needs a title."))
        return self.cleaned_data["title"] or None

    def clean_words(self) -> str | None:
        if "words" not in self.data:
            return None
        if not self.cleaned_data["words"] and not self.is_recording:
            raise forms.ValidationError(
                gettext("A written story needs its words. To say no to it, decline it below.")
            )
        return self.cleaned_data["words"]

    def words_going_out(self) -> str:
        changed = self.cleaned_data.get("words")
        return super().words_going_out() if changed is None else changed

    def description(self) -> Description:
        data = self.cleaned_data
        return Description(
            **{name: data[name] for name in DESCRIBED},
            content_notes=data["content_notes"],
            noted_passages=as_kept(data["passages"]),
            note_remark=data["note_remark"],
            title=data["title"],
            words=data["words"],
        )


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[
            ("", _("Choose a reason")),
            *((slug, format_lazy(_("Because {why}"), why=why)) for slug, why in REASONS.items()),
        ],
        error_messages={"required": _("Choose the reason, so that it can be told and counted.")},
    )
    letter = forms.CharField(
        label=_("In your own words, to the contributor"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
        help_text=_("They read this on their private page, under the reason. Be warm and plain."),
        error_messages={"required": _("Write a few words to the person who trusted us with this.")},
    )


class AskForm(forms.Form):
    """One partner, or one extract in one place."""

    purpose = forms.ChoiceField(
        label=_("What for"),
        widget=forms.RadioSelect,
        choices=[
            ("partner_reuse", _("A partner would like to show the story")),
            ("quoted_extracts", _("Somebody would like to quote a few words")),
        ],
        error_messages={"required": _("Choose what you would like to ask for.")},
    )
    recipient = forms.CharField(
        label=_("Who"),
        max_length=120,
        help_text=_("One partner by name, or where the words would stand, such as our leaflet."),
        error_messages={"required": _("Say who would have it. The contributor reads this.")},
    )
    use = forms.CharField(
        label=_("What they would do with it"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One plain sentence, to the contributor."),
        error_messages={"required": _("Say what it is for, in a plain sentence.")},
    )
    words = forms.CharField(
        label=_("The exact words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only for a quotation. Copy them from the story."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("purpose") == "quoted_extracts" and not data.get("words"):
            self.add_error("words", gettext("Copy the words that would be quoted from the story."))
        return data
