"""What people type into forms here: how long it may be, and what is said where it is longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TITLE_CHARACTERS = 120
WORDS_CHARACTERS = 60_000
NAME_CHARACTERS = 60
# A browser that remembers what was typed would offer it to whoever has the device next.
NOT_KEPT = {"autocomplete": "off"}


class NothingCutShort(forms.Form):
    """Without `maxlength` in the page: a browser would silently drop the end of what is pasted."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)


def too_long(most: int) -> dict[str, StrOrPromise]:
    """A field's `error_messages` for more than `most` characters."""
    return {
        "max_length": format_lazy(
            _(
                "This is %(show_value)s characters long, and there is room for {most}. "
                "All of it is still here: please shorten it."
            ),
            most=f"{most:,}",
        )
    }


class NamedForm(NothingCutShort):
    """A form with a `choice` of how to be named (consent purpose show_name), and a field for it."""

    name_field = "shown_name"
    missing: StrOrPromise = _("Please write the name to show, or choose No name.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        wanted = data.get("choice") in {"my_name", "chosen"}
        if wanted and not data.get(self.name_field) and self.name_field not in self.errors:
            self.add_error(self.name_field, str(self.missing))
        return data
