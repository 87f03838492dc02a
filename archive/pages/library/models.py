"""The resource and research library: one page that finds, and a page for each thing in it."""

from __future__ import annotations

from functools import cached_property
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Prefetch
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index

from archive.documents import ArchiveDocument
from archive.images import ArchiveImage
from archive.pages.languages import open_to_all, shown_once
from archive.pages.library.words import LibraryWord
from stories.consent.vocabulary import Term

PAGE_SIZE = 12


class LibraryPage(Page):
    """Everything in the library, searched and narrowed down by its address alone."""

    introduction = models.TextField(
        max_length=300, help_text=_("What people find here, in a sentence or two.")
    )

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    template = "library/index.html"
    max_count = 1
    parent_page_types = ["archive.HomePage"]
    subpage_types = ["archive.ResourcePage"]
    page_description = "The library. There is one; resources go below it."
    search_fields: list = []

    def get_context(self, request: HttpRequest) -> dict:
        from archive.pages.library.answers import answer

        found = answer(request.GET, PAGE_SIZE)
        return super().get_context(request) | {"answer": found, "asked": found.asked}


class ResourcePage(Page):
    """A poster, guide, report, film or link: what it is, and the way to it.

    Exactly one of `file` and `link` is there. `words` hold in text what a picture or film says.
    """

    kind = models.ForeignKey(
        LibraryWord,
        on_delete=models.PROTECT,
        related_name="+",
        limit_choices_to={"scheme": LibraryWord.Scheme.KIND},
        verbose_name=_("what it is"),
    )
    summary = models.TextField(
        max_length=300,
        help_text=_("What it is good for, in a sentence or two. It is shown in lists."),
    )
    words = RichTextField(
        _("about it, or what it says"),
        blank=True,
        features=["h2", "h3", "bold", "italic", "ol", "ul", "link"],
        help_text="For a poster, write out all that it says; for a film, what is said and what is "
        "seen. Some people can't see or hear it.",
    )
    subjects = ParentalManyToManyField(
        Term,
        blank=True,
        related_name="+",
        limit_choices_to={"scheme": Term.Scheme.THEME},
        help_text=_("At most three help most."),
    )
    audiences = ParentalManyToManyField(
        LibraryWord,
        blank=True,
        related_name="+",
        limit_choices_to={"scheme": LibraryWord.Scheme.AUDIENCE},
        verbose_name=_("who it is for"),
    )
    year = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("When it came out. Leave it out if nobody knows.")
    )
    made_by = models.CharField(_("who made it"), max_length=120, blank=True)
    picture = models.ForeignKey(
        ArchiveImage,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("A poster, or a report's first page. Without one, a landscape is drawn."),
    )
    file = models.ForeignKey(
        ArchiveDocument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("It stays with us. Its format and size are shown by themselves."),
    )
    captions = models.ForeignKey(
        ArchiveDocument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("For a film in which somebody speaks: a WebVTT file (its name ends in .vtt)."),
    )
    link = models.URLField(
        max_length=300,
        blank=True,
        help_text=_("For something on another site. Once a week we look whether it still works."),
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("kind"),
        FieldPanel("summary"),
        MultiFieldPanel(
            [
                FieldPanel("file"),
                FieldPanel("link"),
                FieldPanel("captions"),
                FieldPanel("picture"),
            ],
            heading=_("The thing itself"),
            help_text=_("Choose a file, or write down an address: one of the two."),
        ),
        FieldPanel("words"),
        FieldPanel("subjects", widget=CheckboxSelectMultiple),
        FieldPanel("audiences", widget=CheckboxSelectMultiple),
        FieldRowPanel(
            [FieldPanel("year"), FieldPanel("made_by")], heading=_("Where it comes from")
        ),
    ]
    template = "library/resource.html"
    parent_page_types = ["archive.LibraryPage"]
    subpage_types: list[str] = []
    page_description = _("A poster, guide, report, film or link in the library.")
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("words")]

    def clean(self) -> None:
        super().clean()
        wrong: dict[str, str] = {}
        if bool(self.file_id) == bool(self.link):
            wrong["file"] = gettext(
                "Choose a file here, or write an address below: one of the two."
            )
        if self.captions and self.captions.ending != "vtt":
            wrong["captions"] = gettext("Captions are a WebVTT file: its name ends in .vtt.")
        if self.file and self.file.is_shown and not self.all_words:
            wrong["words"] = gettext(
                "Please write out what it says and shows: some can't see or hear it."
            )
        if wrong:
            raise ValidationError(wrong)

    def get_context(self, request: HttpRequest) -> dict:
        return super().get_context(request) | {"like_it": self.like_it()[:3]}

    def like_it(self) -> models.QuerySet[ResourcePage]:
        """Others about one of the same subjects, the newest first."""
        subjects = [subject.pk for subject in self.subjects.all()]
        alike = open_to_all(ResourcePage.objects.filter(subjects__in=subjects))
        alike = alike.exclude(translation_key=self.translation_key)
        return for_shelf(shown_once(alike).distinct())

    @property
    def is_film(self) -> bool:
        return bool(self.file and self.file.is_film)

    @property
    def all_words(self) -> str:
        return strip_tags(self.words).strip()

    @property
    def file_name(self) -> str:
        """What somebody's computer calls it: "five-small-things.pdf"; "" without a file."""
        return f"{self.slug}.{self.file.ending}" if self.file else ""

    @property
    def file_url(self) -> str:
        return reverse("file", args=[self.file_id, self.file_name]) if self.file else ""

    @property
    def captions_url(self) -> str:
        if not self.captions:
            return ""
        return reverse("file", args=[self.captions_id, f"{self.slug}.vtt"])

    @property
    def leads_to(self) -> str:
        """The address behind its button."""
        return self.link or self.file_url

    @property
    def place(self) -> str:
        """The name of the site that a link leads to: "careopinion.org.uk"; "" for a file."""
        return urlsplit(self.link).netloc.removeprefix("www.")

    @cached_property
    def colours(self) -> list[str]:
        """Slugs of themes that colour the drawing: families of what it is about."""
        terms = self.subjects.all()
        return [term.parent.slug if term.parent else term.slug for term in terms]


def for_shelf(pages: models.QuerySet[ResourcePage]) -> models.QuerySet[ResourcePage]:
    """The same with all that a list shows of each, however many there are."""
    subjects = Prefetch("subjects", Term.objects.select_related("parent"))
    pages = pages.select_related("kind", "file", "picture")
    return pages.prefetch_related(subjects, "picture__renditions")
