"""Blocks of words: text, quotes and steps."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup

from archive.pages.blocks.choices import WordBlock, languages

FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link"]


class LanguageBlock(WordBlock):
    """The language of a passage: "" for the page's own."""

    def __init__(self, **kwargs) -> None:
        usual = {
            "choices": languages,
            "required": False,
            "default": "",
            "label": _("This passage is in"),
            "help_text": _(
                "Only where it isn't the page's language: screen readers then say it in the right "
                "voice, and Arabic or Urdu runs from right to left."
            ),
        }
        super().__init__(**(usual | kwargs))


class TextBlock(blocks.StructBlock):
    """Paragraphs, headings and lists. Those from before it had a language are words alone."""

    words = blocks.RichTextBlock(features=FEATURES, label=_("Text"))
    language = LanguageBlock()

    def to_python(self, value: Any) -> blocks.StructValue:
        return super().to_python(whole(value))

    def bulk_to_python(self, values: list) -> list[blocks.StructValue]:
        return super().bulk_to_python([whole(value) for value in values])

    class Meta:
        icon = "pilcrow"
        label = "Text"
        template = "blocks/text.html"
        form_layout = BlockGroup(children=["words"], settings=["language"])
        description = _("Paragraphs, headings and lists. Short ones are read.")


def whole(value: Any) -> dict:
    return value if isinstance(value, dict) else {"words": value}


class QuoteBlock(blocks.StructBlock):
    """What somebody said, and who. Only with their yes, or made up and saying so."""

    words = blocks.TextBlock(
        max_length=400, rows=3, help_text=_("Without quotation marks. The page draws them.")
    )
    who = blocks.CharBlock(
        required=False,
        max_length=120,
        help_text="As they want to be called. Ask them first; a story's words belong in a story.",
    )
    language = LanguageBlock()

    class Meta:
        icon = "openquote"
        template = "blocks/quote.html"
        form_layout = BlockGroup(children=["words", "who"], settings=["language"])
        label_format = "{words}"
        description = _("One voice, set apart from the text.")


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=80, help_text=_("What to do, as few words as will do."))
    words = blocks.RichTextBlock(features=["bold", "italic", "link", "ul"], required=False)

    class Meta:
        icon = "list-ol"
        label_format = "{title}"


class StepsBlock(blocks.StructBlock):
    """One thing after another, numbered."""

    heading = blocks.CharBlock(max_length=80)
    steps = blocks.ListBlock(StepBlock(), min_num=2, max_num=9)

    class Meta:
        icon = "list-ol"
        template = "blocks/steps.html"
        label_format = "{heading}"
        description = _("Two to nine steps, one after another.")
