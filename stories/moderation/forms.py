"""What a moderator says of a story, when letting it out and when not."""

from __future__ import annotations

from functools import partial

from django import forms

from stories.consent.vocabulary import Term
from stories.publishing.approve import Description
from stories.publishing.decline import REASONS


def _choices(scheme: str) -> list[tuple[str, str]]:
    return list(Term.objects.filter(scheme=scheme).values_list("slug", "public_label"))


class ApproveForm(forms.Form):
    themes = forms.MultipleChoiceField(
        label="Themes",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=partial(_choices, Term.Scheme.THEME),
    )
    content_notes = forms.MultipleChoiceField(
        label="Content notes",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=partial(_choices, Term.Scheme.CONTENT_NOTE),
        help_text="What somebody may want to know before they begin.",
    )
    how_it_goes = forms.ChoiceField(
        label="How it goes",
        required=False,
        choices=lambda: [("", "Not said"), *_choices(Term.Scheme.HOW_IT_GOES)],
    )

    def description(self) -> Description:
        data = self.cleaned_data
        return Description(data["themes"], data["content_notes"], data["how_it_goes"])


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(
        label="Reason",
        choices=[
            ("", "Choose a reason"),
            *((slug, f"Because {why}") for slug, why in REASONS.items()),
        ],
        error_messages={"required": "Choose the reason, so that it can be told and counted."},
    )
    letter = forms.CharField(
        label="In your own words, to the contributor",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
        help_text="They read this on their private page, under the reason. Be warm and plain.",
        error_messages={"required": "Write a few words to the person who trusted us with this."},
    )
