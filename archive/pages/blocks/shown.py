"""Blocks that show what lives elsewhere. What is closed there is not shown here any more.

What a value shows is filled in by gather() for a whole page at once, or asked for by itself.
"""

from __future__ import annotations

from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from archive.directory.models import Service
from archive.pages.blocks import choices
from archive.pages.blocks.choices import WordBlock
from archive.pages.blocks.gathered import (
    MOST,
    film_among,
    library_of,
    resources_among,
    services_in,
    stories_in,
)
from archive.pages.library.models import ResourcePage
from stories.pages.models import StoryPage

NO_FILM = _("That is no film. Add the film to the library first.")


class StoryPicks(blocks.StructValue):
    """The choice of an editor: of stories, by accession number, and of a theme."""

    @cached_property
    def shown(self) -> list[StoryPage]:
        return stories_in([self])[0]


class StoryPicksBlock(blocks.StructBlock):
    """Stories that an editor chose, followed by the newest about a theme.

    What is kept is accession numbers. Whether a story is shown is decided by StoryPage's one rule
    each time that somebody looks.
    """

    heading = blocks.CharBlock(max_length=80, default="People who have been there")
    stories = blocks.ListBlock(
        WordBlock(choices=choices.stories, required=False, label=_("Story")),
        default=[],
        max_num=MOST,
        help_text=_(
            "Stories that lists and outside search engines may show. One that rests or is "
            "taken back leaves this page by itself."
        ),
    )
    theme = WordBlock(
        choices=choices.themes,
        required=False,
        help_text=_("The newest stories about it fill up what is left."),
    )
    how_many = blocks.IntegerBlock(default=3, min_value=1, max_value=MOST, label=_("At most"))

    class Meta:
        icon = "openquote"
        label = "Stories"
        template = "blocks/story_picks.html"
        label_format = "Stories: {heading}"
        value_class = StoryPicks
        description = _("Stories of yours to choose, or the newest about a theme.")


class ResourcePicks(blocks.StructValue):
    @cached_property
    def shown(self) -> list[ResourcePage]:
        return resources_among(library_of([self]), self)


class ResourcesBlock(blocks.StructBlock):
    """Things of the library."""

    heading = blocks.CharBlock(max_length=80, default="To read, print and keep")
    resources = blocks.ListBlock(
        blocks.PageChooserBlock(page_type="archive.ResourcePage", label=_("Resource")), max_num=MOST
    )
    subject = WordBlock(
        choices=choices.themes,
        required=False,
        help_text=_("Adds a way to everything that the library has about it."),
    )

    class Meta:
        icon = "doc-full-inverse"
        template = "blocks/resources.html"
        label_format = "Resources: {heading}"
        value_class = ResourcePicks
        description = _("Posters, guides, reports and links from the library.")


class ServicePicks(blocks.StructValue):
    """The choice of an editor: of services, by short name, and of what they help with."""

    @cached_property
    def shown(self) -> list[Service]:
        return services_in([self])[0]


class ServicesBlock(blocks.StructBlock):
    """Entries of the directory: what they are and how to reach them."""

    heading = blocks.CharBlock(max_length=80, default="People to turn to")
    words = blocks.TextBlock(required=False, max_length=300, rows=2)
    services = blocks.ListBlock(
        WordBlock(choices=choices.services, required=False, label=_("Service")),
        default=[],
        max_num=MOST,
        help_text=_("One that leaves the directory leaves this page by itself."),
    )
    topic = WordBlock(
        choices=choices.help_topics,
        required=False,
        label=_("And all that help with"),
        help_text=_("Adds the others that help with it, and a way to all of them."),
    )

    class Meta:
        icon = "help"
        template = "blocks/services.html"
        label_format = "Services: {heading}"
        value_class = ServicePicks
        description = _(
            "Who to turn to, from the directory: change a number there, and it is right here."
        )


class FilmPick(blocks.StructValue):
    @cached_property
    def shown(self) -> ResourcePage | None:
        return film_among(library_of([self]), self["film"])


class FilmBlock(blocks.StructBlock):
    """A film of the library's, played from our own address and from no other site."""

    film = blocks.PageChooserBlock(
        page_type="archive.ResourcePage", help_text=_("A film in the library, with its words.")
    )
    caption = blocks.CharBlock(required=False, max_length=200)

    def clean(self, value):
        cleaned = super().clean(value)
        if not cleaned["film"].specific.is_film:
            raise StructBlockValidationError(block_errors={"film": ValidationError(NO_FILM)})
        return cleaned

    def get_context(self, value, parent_context=None) -> dict:
        return super().get_context(value, parent_context) | {"film": value.shown}

    class Meta:
        icon = "media"
        template = "blocks/film.html"
        label_format = "Film: {film}"
        value_class = FilmPick
        description = _("A film from our own library: nobody else learns who watches it.")
