"""What is asked of staff about a call: who it was, and what the contributor wants."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from stories.consent.choices import offered
from stories.contributions.calls import Call
from stories.contributions.models import Contribution
from stories.contributions.typed import NAME_CHARACTERS, NOT_KEPT, NamedForm, too_long

BY_CODE, BY_EMAIL = "code", "email"
HOW = {
    BY_CODE: gettext_noop("by the code they wrote down"),
    BY_EMAIL: gettext_noop("by the e-mail address we have"),
    "told": gettext_noop("by what only they could know"),
    "met": gettext_noop("in person"),
}


class CheckForm(forms.Form):
    """How it was checked is chosen, not written: what was said stays between two people."""

    how = forms.ChoiceField(
        label=_("How did you check?"),
        widget=forms.RadioSelect,
        choices=lambda: [(slug, capfirst(gettext(said))) for slug, said in HOW.items()],
        error_messages={"required": _("Choose how you checked who it was.")},
    )
    code = forms.CharField(
        label=_("The code"),
        required=False,
        max_length=100,
        help_text=_("Type it as they read it out. Small letters and gaps don't matter."),
        widget=forms.TextInput(attrs=NOT_KEPT),
    )
    outcome = forms.ChoiceField(
        choices=[(Call.Identity.CONFIRMED, ""), (Call.Identity.REFUTED, "")],
        error_messages={"required": _("Say whether it is the contributor.")},
    )

    def __init__(self, data: Any = None, *, story: Contribution) -> None:
        super().__init__(data)
        self.has_address = bool(story.email_hash)

    def clean_how(self) -> str:
        how = self.cleaned_data["how"]
        if how == BY_EMAIL and not self.has_address:
            raise forms.ValidationError(
                gettext("They left no e-mail address. Check in another way.")
            )
        return how

    @property
    def needs_code(self) -> bool:
        """Whether a yes hangs on the code that was typed."""
        data = self.cleaned_data
        return data["how"] == BY_CODE and data["outcome"] == Call.Identity.CONFIRMED


class NameForm(NamedForm):
    name_field, missing = "name", _("Write the name to show, or choose No name.")
    choice = forms.ChoiceField(
        label=_("How do they want to be named?"),
        widget=forms.RadioSelect,
        choices=partial(offered, "show_name"),
        error_messages={"required": _("Choose how they want to be named.")},
    )
    name = forms.CharField(
        label=_("The name to show"),
        required=False,
        help_text=_("Nothing for No name. Somebody looks at a new name before it is shown."),
        max_length=NAME_CHARACTERS,
        error_messages=too_long(NAME_CHARACTERS),
    )
