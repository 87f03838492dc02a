"""My recovery: the site's sections about living with it, built by editors from blocks."""

from __future__ import annotations

from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.forms import Select
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.url_routing import RouteResult
from wagtail_localize.fields import SynchronizedField

from archive.pages.blocks import SectionBlocks
from archive.pages.blocks.aloud import may_listen
from archive.pages.blocks.gathered import gather
from archive.pages.blocks.shown import NO_FILM
from archive.pages.languages import open_to_all
from archive.pages.library.models import ResourcePage
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
        signed = gather(self.body, self.signed_id)
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
            "signed": signed,
            "may_listen": may_listen(self.body),
        }


class RecoveryPage(WithBlocks):
    """Where the sections begin."""

    template = "pages/recovery.html"
    max_count = 1
    parent_page_types = ["archive.HomePage"]
    subpage_types = ["archive.SectionPage"]
    page_description = _("Where the sections begin. There is one.")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """A section at any depth by one query. Wagtail takes two for each level."""
        if not path_components:
            return super().route(request, path_components)
        address = f"{self.url_path}{'/'.join(path_components)}/"
        pages = SectionPage.objects.descendant_of(self).select_related("theme__parent")
        found = pages.filter(url_path=address, live=True).first()
        if found is None:
            raise Http404
        return RouteResult(found)

    def get_context(self, request: HttpRequest) -> dict:
        below = sections_below(self) if self.pk else []
        return super().get_context(request) | {"below": below}


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
        trail = list(self.get_ancestors().filter(depth__gt=2))
        above = trail[-1] if trail else None
        is_subject = above is not None and above.cached_content_type == self.cached_content_type
        # One that is looked at before it is saved has nothing below it yet.
        around = sections_below(*([self] if self.pk else []), *([above] if is_subject else []))
        return super().get_context(request) | {
            "trail": [page for page in trail if page.live],
            "above": above,
            "below": [page for page in around if page.depth > self.depth],
            "beside": [page for page in around if page.depth == self.depth and page != self],
        }

    @cached_property
    def colours(self) -> list[str]:
        """Slugs of themes for the drawing."""
        if not self.theme:
            return []
        return [self.theme.slug, *([self.theme.parent.slug] if self.theme.parent else [])]


def sections_below(*pages: Page) -> list[SectionPage]:
    """The sections, or the subjects of these, that everybody may see, in the editors' order."""
    below = Q(pk__in=[])
    for page in pages:
        below |= SectionPage.objects.child_of_q(page)
    found = open_to_all(SectionPage.objects.filter(below))
    return list(found.select_related("theme__parent").order_by("path"))
