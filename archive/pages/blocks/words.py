"""Blocks of words: text, quotes and steps."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link"]


class TextBlock(blocks.RichTextBlock):
    """Paragraphs, headings and lists."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**({"features": FEATURES} | kwargs))

    class Meta:
        icon = "pilcrow"
        label = "Text"
        template = "blocks/text.html"
        description = _("Paragraphs, headings and lists. Short ones are read.")


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

    class Meta:
        icon = "openquote"
        template = "blocks/quote.html"
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
