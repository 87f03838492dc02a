"""The contact form: what is asked, and how machines are told from people without a puzzle."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive.contact.models import Subject, Words
from stories.contributions.models import hash_email
from stories.contributions.places import is_above
from stories.contributions.stamps import NotOurs, new_stamp, read_stamp
from stories.contributions.typed import NothingCutShort, too_long

MESSAGE_CHARACTERS = 5_000
NAME_CHARACTERS = 80
COPIES_A_DAY = 3
STAMPED = "contact form"

TOO_QUICK = _("That was very quick, as a machine would be. Please press Send once more.")
TOO_OLD = _("This page has been open for long. Please press Send once more.")
NO_SUBJECT = _("Please choose what it is about.")
NOT_AN_ADDRESS = _(
    "That doesn't look like an e-mail address. One looks like name@example.com, on one line. "
    "You can also leave this empty."
)


def on_one_line(text: str) -> None:
    if re.search(r"[\x00-\x1f\x7f\x85\u2028\u2029]", text):
        raise ValidationError(gettext("Please write your name on one line, without line breaks."))


def offered() -> list[tuple[str, str]]:
    return [(subject.slug, capfirst(subject.label)) for subject in Subject.objects.offered()]


def choices() -> list[tuple[str, str]]:
    """Nothing is chosen beforehand."""
    return [("", gettext("Choose one")), *offered()]


class ContactForm(NothingCutShort):
    """`form` is the signed stamp; `page` is for machines that fill in every field."""

    about = forms.ChoiceField(
        label=_("What is it about?"),
        choices=choices,
        error_messages={"required": NO_SUBJECT, "invalid_choice": NO_SUBJECT},
    )
    message = forms.CharField(
        label=_("Your message"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=MESSAGE_CHARACTERS,
        error_messages={
            "required": _("Please write your message."),
            **too_long(MESSAGE_CHARACTERS),
        },
    )
    name = forms.CharField(
        label=_("Your name, if you like"),
        required=False,
        strip=False,
        max_length=NAME_CHARACTERS,
        validators=[on_one_line],
        error_messages=too_long(NAME_CHARACTERS),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address, if you like"),
        help_text=_("We can only answer if you leave one."),
        required=False,
        max_length=254,
        error_messages={"invalid": NOT_AN_ADDRESS, **too_long(254)},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    copy = forms.BooleanField(label=_("Send me a copy of what I wrote"), required=False)
    page = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    form = forms.CharField(widget=forms.HiddenInput, required=False)

    number: uuid.UUID

    def clean_page(self) -> str:
        if self.cleaned_data["page"]:
            raise ValidationError(gettext("Please leave this empty. It is there to stop machines."))
        return ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        try:
            self.number, too_quick = read_stamp(STAMPED, data.get("form", ""))
        except NotOurs:
            self.restamp()
            raise ValidationError(TOO_OLD) from None
        if too_quick:
            raise ValidationError(TOO_QUICK)
        email = data.get("email", "")
        if data.get("copy") and not self.errors:
            if not email:
                self.add_error("email", gettext("Please write where the copy should go."))
            elif is_above(hash_email(email), "contact copy", COPIES_A_DAY, timedelta(days=1)):
                self.add_error(
                    "copy",
                    gettext(
                        "That address has had as many copies as we send in a day. Take the tick "
                        "away, and your message can go."
                    ),
                )
        return data

    def restamp(self) -> None:
        """A new stamp for the page that is shown again; everything else stays as it was typed."""
        data = cast(QueryDict, self.data).copy()
        data["form"] = new_stamp(STAMPED)
        self.data = data

    @property
    def subject(self) -> Subject:
        return Subject.objects.offered().get(slug=self.cleaned_data["about"])

    @property
    def words(self) -> Words:
        data = self.cleaned_data
        return Words(data["message"], data["name"].strip(), data["email"])
