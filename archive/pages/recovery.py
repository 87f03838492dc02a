"""My recovery: the site's sections about living with it, built by editors from blocks."""

from __future__ import annotations

from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import Select
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageQuerySet
from wagtail_localize.fields import SynchronizedField

from archive.pages.blocks import SectionBlocks
from archive.pages.blocks.shown import NO_FILM
from archive.pages.library.models import ResourcePage, film_to_show
from stories.consent.vocabulary import Term
from stories.pages.machines import robots, shared_by_all, tell_machines


class WithBlocks(Page):
    """An introduction and a body of blocks. What machines may do depends on the stories in it."""

    introduction = models.TextField(
        max_length=300,
        help_text=_(
            "What this is about, in a sentence or two. It stands below the title and in lists."
        ),
    )
    signed = models.ForeignKey(
        ResourcePage,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("this page in BSL"),
        help_text=_(
            "A film from the library in which somebody signs this page in British Sign Language. "
            "“Watch this page in BSL” stands below the title then. Choose a new film, or none, "
            "when the page says something else."
        ),
    )
    body = StreamField(SectionBlocks(), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("signed"),
        FieldPanel("body"),
    ]
    search_fields: list = []
    # Its film is in BSL whatever language the page is written in.
    override_translatable_fields = [SynchronizedField("signed")]

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.signed and not self.signed.is_film:
            raise ValidationError({"signed": NO_FILM})

    def serve(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = super().serve(request, *args, **kwargs)
        tell_machines(response, response.context_data["exits"])
        return response

    def get_context(self, request: HttpRequest) -> dict:
        stories = [
            story
            for block in self.body
            if block.block_type == "stories"
            for story in block.value.shown
        ]
        exits = shared_by_all(story.exits for story in stories)
        return super().get_context(request) | {
            "exits": exits,
            "robots": robots(exits),
            "below": shown_below(self) if self.pk else [],
            "signed": film_to_show(self.signed),
        }


class RecoveryPage(WithBlocks):
    """Where the sections begin."""

    template = "pages/recovery.html"
    max_count = 1
    parent_page_types = ["archive.HomePage"]
    subpage_types = ["archive.SectionPage"]
    page_description = _("Where the sections begin. There is one.")


class SectionPage(WithBlocks):
    """A section, or one subject of a section below it."""

    theme = models.ForeignKey(
        Term,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"scheme": Term.Scheme.THEME},
        help_text=_("What it is about. It gives the page's landscape its colours."),
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("signed"),
        FieldPanel("theme", widget=Select),
        FieldPanel("body"),
    ]
    template = "pages/section.html"
    parent_page_types = ["archive.RecoveryPage", "archive.SectionPage"]
    subpage_types = ["archive.SectionPage"]
    page_description = _("A section of My recovery, or a subject of one below it.")

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """Two levels are as many as anybody finds their way in."""
        here, above = parent.specific, parent.get_parent()
        is_deep = isinstance(here, SectionPage) and isinstance(above.specific, SectionPage)
        return super().can_create_at(parent) and not is_deep

    def get_context(self, request: HttpRequest) -> dict:
        above = self.get_parent().specific
        is_subject = isinstance(above, SectionPage)
        return super().get_context(request) | {
            "trail": self.get_ancestors().filter(depth__gt=2).live(),
            "above": above,
            "beside": shown_below(above).exclude(pk=self.pk) if is_subject else [],
        }

    @cached_property
    def colours(self) -> list[str]:
        """Slugs of themes for the drawing."""
        if not self.theme:
            return []
        return [self.theme.slug, *([self.theme.parent.slug] if self.theme.parent else [])]


def shown_below(page: Page) -> PageQuerySet[SectionPage]:
    """The sections, or a section's subjects, that everybody may see, in the editors' order."""
    below = SectionPage.objects.child_of(page).live().public()
    return below.select_related("theme__parent").order_by("path")
