"""What editors build section pages from."""

from functools import cached_property

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from archive.pages.blocks.choices import WordBlock, contact_subjects
from archive.pages.blocks.gathered import subjects_of
from archive.pages.blocks.shown import (
    FilmBlock,
    ResourcesBlock,
    ServicesBlock,
    StoryPicksBlock,
)
from archive.pages.blocks.words import QuoteBlock, StepsBlock, TextBlock


class PictureBlock(blocks.StructBlock):
    """A picture, in words too."""

    picture = ImageBlock(
        help_text=_(
            "Say what it shows for those who can't see it. A picture is decoration only if "
            "nobody would miss it."
        )
    )
    caption = blocks.CharBlock(required=False, max_length=200)

    class Meta:
        icon = "image"
        template = "blocks/picture.html"
        label_format = "Picture: {caption}"
        description = _("A picture with words for those who can't see it.")


class ContactWords(blocks.StructValue):
    @cached_property
    def subject(self) -> str:
        """What the site calls it; "" where the block has words of its own."""
        return subjects_of([self])[0]


class ContactBlock(blocks.StructBlock):
    """ "Contact us to discuss …", with a way to whoever looks after that subject."""

    about = WordBlock(
        choices=contact_subjects, help_text=_("Whose inbox it goes to. Editors keep the list.")
    )
    discuss = blocks.CharBlock(
        required=False,
        max_length=80,
        help_text=_(
            "What goes on after “Contact us to discuss”, where the subject's own words don't "
            "fit. Begin with a small letter: peer working."
        ),
    )
    words = blocks.TextBlock(required=False, max_length=300, rows=2)

    def get_context(self, value, parent_context=None) -> dict:
        discuss = value["discuss"] or value.subject
        return super().get_context(value, parent_context) | {"discuss": discuss}

    class Meta:
        icon = "mail"
        label = _("Contact us")
        template = "blocks/contact.html"
        label_format = "Contact us: {about}"
        value_class = ContactWords
        description = _("The way to a person. Put one at the end of each page.")


class SectionBlocks(blocks.StreamBlock):
    """All of them, in the order in which the admin offers them."""

    text = TextBlock(group=_("Words"))
    quote = QuoteBlock(group=_("Words"))
    steps = StepsBlock(group=_("Words"))
    picture = PictureBlock(group=_("To look at"))
    film = FilmBlock(group=_("To look at"))
    stories = StoryPicksBlock(group=_("From elsewhere"))
    resources = ResourcesBlock(group=_("From elsewhere"))
    services = ServicesBlock(group=_("From elsewhere"))
    contact = ContactBlock(group=_("A way on"))
