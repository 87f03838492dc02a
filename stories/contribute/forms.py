"""The fields of each page, and what is said when something is not right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stories.consent.choices import offered
from stories.contributions.languages import NAMES
from stories.contributions.typed import (
    NAME_CHARACTERS,
    NOT_KEPT,
    TITLE_CHARACTERS,
    WORDS_CHARACTERS,
    NamedForm,
    NothingCutShort,
    too_long,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_OTHERS = 8


Options: TypeAlias = "Sequence[tuple[str, StrOrPromise]] | Callable[[], list[tuple[str, str]]]"


def choose(label: StrOrPromise, options: Options, missing: StrOrPromise, hint: StrOrPromise = ""):
    """Radio buttons with nothing chosen beforehand."""
    return forms.ChoiceField(
        label=label,
        choices=options,
        widget=forms.RadioSelect,
        help_text=hint,
        error_messages={"required": missing, "invalid_choice": missing},
    )


class AgeForm(forms.Form):
    adult = choose(
        _("Are you 18 or over?"),
        [("yes", _("Yes, I am 18 or over")), ("no", _("No, I am younger"))],
        _("Please say whether you are 18 or over."),
    )


class HowForm(forms.Form):
    kind = choose(
        _("How would you like to tell it?"),
        [
            ("written", _("Write it here")),
            ("recording", _("Record it, or send a video or sound recording")),
        ],
        _("Please choose one. You can change it later."),
    )


class RecordingForm(forms.Form):
    """The file itself is handled before this form is looked at."""

    transcribe = choose(
        _("May a computer here write down what you say?"),
        [("yes", _("Yes")), ("no", _("No"))],
        _("Please answer Yes or No."),
    )


class WordsForm(NothingCutShort):
    title = forms.CharField(
        label=_("Give your story a title"),
        help_text=_("People see this first. It can be very plain."),
        max_length=TITLE_CHARACTERS,
        widget=forms.TextInput(attrs=NOT_KEPT | {"dir": "auto"}),
        error_messages={
            "required": _("Please give your story a title."),
            **too_long(TITLE_CHARACTERS),
        },
    )
    words = forms.CharField(
        label=_("Your story"),
        help_text=_("As long or as short as you like. Leave an empty line between paragraphs."),
        widget=forms.Textarea(attrs={"rows": 14, "dir": "auto"}),
        max_length=WORDS_CHARACTERS,
        error_messages={
            "required": _("Please write your story, or go back and send a recording instead."),
            **too_long(WORDS_CHARACTERS),
        },
    )

    language = forms.ChoiceField(
        label=_("Its language"),
        help_text=_(
            "Screen readers then say it in the right voice, and people can look for stories in it."
        ),
        choices=lambda: list(NAMES.items()),
        required=False,
        error_messages={"invalid_choice": _("Please choose a language from the list.")},
    )

    def __init__(self, *args, recording: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not recording:
            return
        del self.fields["language"]  # what is spoken is heard, or said at the desk
        words = self.fields["words"]
        words.label = gettext("What is it about?")
        words.help_text = gettext(
            "One or two sentences, if you like. They stand beside your recording."
        )
        words.required = False
        words.widget.attrs["rows"] = 4


class OthersForm(NothingCutShort):
    """Who else is in a recording. `others` is called as it is kept, so that no error loses it."""

    anybody = choose(
        _("Is anybody else heard or seen in it?"),
        [("no", _("No, only me")), ("yes", _("Yes"))],
        _("Please answer No or Yes."),
    )
    others = forms.CharField(
        label=_("Who? One to a line"),
        help_text=_(
            "Only if you said yes. Write what you call each of them, such as Dougie or "
            "my sister. Nobody but you, our moderators and they themselves will read it."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        names = lines_of(data.get("others", ""))
        if data.get("anybody") == "yes":
            if problem := problem_with(names):
                self.add_error("others", problem)
        elif data.get("anybody") == "no" and names:
            self.add_error(
                "others",
                gettext("You said No, but there is somebody here. Choose Yes, or empty this."),
            )
        data["names"] = names
        return data


def lines_of(text: str) -> list[str]:
    """One name a line; empty lines and spaces around a name are left out."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def problem_with(names: list[str]) -> str:
    """What has to be mended before these people can be asked; "" when nothing has."""
    if not names:
        return gettext("Please write what you call each of them, one to a line, or choose No.")
    if len(names) > MOST_OTHERS:
        return gettext(
            "There are %(lines)s lines, and there is room for %(most)s. All of them "
            "are still here: please keep %(most)s for now. You can add the others "
            "on your own page as soon as you have sent it."
        ) % {"lines": len(names), "most": MOST_OTHERS}
    if longest := max((len(name) for name in names if len(name) > NAME_CHARACTERS), default=0):
        return gettext(
            "One line is %(longest)s characters long, and there is room for "
            "%(most)s. Please put each person on a line of their own."
        ) % {"longest": longest, "most": NAME_CHARACTERS}
    if len({name.casefold() for name in names}) < len(names):
        return gettext("Two lines say the same. Add something to tell them apart, such as Ann B.")
    return ""


class NameForm(NamedForm):
    choice = choose(
        _("How should we name you?"),
        partial(offered, "show_name"),
        _("Please choose how we should name you."),
    )
    shown_name = forms.CharField(
        label=_("The name to show"),
        help_text=_("Only if you chose a name above."),
        required=False,
        max_length=NAME_CHARACTERS,
        error_messages=too_long(NAME_CHARACTERS),
        widget=forms.TextInput(attrs=NOT_KEPT),
    )


class VoiceForm(forms.Form):
    choice = choose(
        _("What about your voice?"),
        partial(offered, "show_unaltered_voice"),
        _("Please choose one."),
    )


class FaceForm(forms.Form):
    choice = choose(
        _("What about your face?"),
        partial(offered, "show_face"),
        _("Please choose one."),
    )


class ConsentForm(forms.Form):
    answer = choose(
        "",
        [("yes", _("Yes")), ("no", _("No")), ("later", _("Not sure yet"))],
        _("Please answer Yes, No or Not sure yet. Not sure yet counts as No until you say so."),
    )


class EmailForm(NothingCutShort):
    email = forms.EmailField(
        label=_("Your e-mail address, if you like"),
        required=False,
        max_length=254,
        error_messages={
            "invalid": _(
                "That doesn't look like an e-mail address. One looks like "
                "name@example.com. You can also leave this empty."
            ),
            **too_long(254),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
