"""What an editor types and decides when a statement gets its next version."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories.consent.models import Purpose, Statement
from stories.consent.wording import Words, may_widen

TYPO, WIDER = Statement.Change.TYPO.value, Statement.Change.WIDER.value


class WordsForm(forms.Form):
    """The words themselves. `base` is the version that they were written over."""

    base = forms.IntegerField(widget=forms.HiddenInput, required=False)
    question = forms.CharField(
        label=_("The question"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Short, and ending in a question mark."),
        error_messages={
            "required": _("Write the question that people answer with Yes or No."),
            "max_length": _("The question is too long. Use 200 letters at most."),
        },
    )
    text = forms.CharField(
        label=_("What it means"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What happens after a yes, and what we can't do. Short words."),
        error_messages={
            "required": _("Write what a yes means, so that people know what they agree to."),
            "max_length": _("That is too long to read on a phone. Use 4,000 letters at most."),
        },
    )
    easy_read = forms.CharField(
        label=_("Easy Read"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The same in very short sentences, one idea in each."),
        error_messages={"max_length": _("Easy Read has to be short. Use 2,000 letters at most.")},
    )

    def clean(self) -> dict:
        """A browser sends its own line ends; the same words must have the same SHA-256."""
        data = super().clean() or {}
        for name in ("question", "text", "easy_read"):
            if name in data:
                data[name] = "\n".join(line.rstrip() for line in data[name].splitlines()).strip()
        if "question" in data:
            data["question"] = " ".join(data["question"].split())
        return data

    @property
    def words(self) -> Words:
        data = self.cleaned_data
        return Words(data["question"], data["text"], data["easy_read"])


class ChangeForm(forms.Form):
    """What the change means for those who said yes. Nothing is chosen beforehand."""

    change = forms.ChoiceField(
        label=_("What does the change do?"),
        choices=[
            (TYPO, _("It says the same in better words")),
            (WIDER, _("It asks for more than before")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the new words ask for more than before.")},
    )
    widens = forms.MultipleChoiceField(
        label=_("If it asks for more: for what?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Everybody whose yes to it stands is asked about the new part. "
            "Until they say yes, their old yes stays as it is."
        ),
    )

    def __init__(self, *args, statement: Statement, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        slugs = may_widen(statement.purpose_id)
        labels = dict(Purpose.objects.filter(slug__in=slugs).values_list("slug", "public_label"))
        widens = self.fields["widens"]
        assert isinstance(widens, forms.MultipleChoiceField)  # noqa: S101 (for the type checker)
        widens.choices = [(slug, labels[slug]) for slug in slugs]

    def clean(self) -> dict:
        data = super().clean() or {}
        change, widens = data.get("change"), data.get("widens")
        if change == WIDER and not widens and "widens" not in self.errors:
            self.add_error(
                "widens", gettext("Tick at least one thing that the new words ask more for.")
            )
        if change == TYPO and widens:
            self.add_error(
                "widens",
                gettext(
                    "You said that it asks for no more. Untick this, or choose “It asks for more”."
                ),
            )
        return data
