"""Pages that visitors meet. A StoryPage is a projection of a StoryVersion, never edited."""

from __future__ import annotations

from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page, PageViewRestriction
from wagtail.models.pages import PagePermissionTester
from wagtail.url_routing import RouteResult

from media_pipeline import api as media
from stories.consent.vocabulary import Term, terms
from stories.contributions.allowed import exits_of
from stories.contributions.models import Contribution
from stories.contributions.versions import StoryVersion
from stories.pages.facets import READING_WORDS_A_MINUTE
from stories.pages.machines import robots, shared_by_all, tell_machines
from stories.pages.noted import note_line
from stories.pages.queries import StoryManager
from stories.pages.rights import citation
from stories.pages.show import exits_for_machines, kind_to_show, name_to_show

PAGE_SIZE = 12


class StoriesIndexPage(Page):
    """Everything that may be listed."""

    introduction = RichTextField(blank=True, features=["bold", "italic", "link"])
    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    template = "stories/index.html"
    max_count = 1
    subpage_types: list[str] = []
    search_fields: list = []

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        if path_components:
            # A paused story's page is still a child, and must not be found as one: stories have
            # an address of their own (stories/story_page.py).
            raise Http404
        return super().route(request, path_components)

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """None, as for stories: consent decides what is shown, and Wagtail need not be asked."""
        return PageViewRestriction.objects.none()

    def serve(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = super().serve(request, *args, **kwargs)
        tell_machines(response, response.context_data["exits"])
        return response

    def get_context(self, request: HttpRequest) -> dict:
        from stories.pages.answers import answer

        params = request.GET.copy()
        params.pop("q", None)  # words are looked for elsewhere
        found = answer(params, PAGE_SIZE)
        # A list is shown outside only when everybody in it may be, and in its usual form.
        exits = shared_by_all(story.exits for story in found.stories)
        if not found.asked.is_usual:
            exits -= {"outside_search"}
        kinds = found.asked.chosen.get("kind", ())
        return super().get_context(request) | {
            "robots": robots(exits),
            "exits": exits,
            "answer": found,
            "asked": found.asked,
            "kind": kinds[0] if len(kinds) == 1 else "",
        }


class ReadOnly(PagePermissionTester):
    """Staff may look at a story's page in the admin. Only publishing writes or removes it."""

    def _no(self, *args, **kwargs) -> bool:
        return False

    can_edit = can_add_subpage = can_delete = can_unpublish = can_publish = _no
    can_publish_subpage = can_move = can_move_to = can_copy = can_copy_to = _no
    can_lock = can_unlock = can_submit_for_moderation = can_set_view_restrictions = _no
    can_reorder_children = can_create_alias = can_view_revisions = can_add_subpage


class StoryIsNotCopied(PermissionDenied):
    """A second page of a story would stand outside what its consents can close."""


class StoryPage(Page):
    """What a visitor reads, watches or hears of one story.

    `title` is the opaque reference, because Wagtail's log keeps titles after deletion; what
    people see comes from the version. No revisions, no search fields, no copies.
    """

    contribution = models.OneToOneField(
        Contribution, on_delete=models.PROTECT, related_name="page", editable=False
    )
    version = models.ForeignKey(
        StoryVersion, on_delete=models.PROTECT, related_name="+", editable=False
    )
    epoch = models.PositiveBigIntegerField(editable=False)

    objects = StoryManager()
    is_creatable = False
    parent_page_types = ["stories.StoriesIndexPage"]
    subpage_types: list[str] = []
    search_fields: list = []
    content_panels: list = []
    promote_panels: list = []
    settings_panels: list = []
    template = "stories/story.html"

    def permissions_for_user(self, user) -> ReadOnly:
        return ReadOnly(user, self)

    def copy(self, *args, **kwargs):
        """Never: nor for another language, nor as an alias (docs/decisions/0029)."""
        raise StoryIsNotCopied

    copy_for_translation = create_alias = copy

    def get_context(self, request: HttpRequest) -> dict:
        from stories.pages.show import story_context

        return super().get_context(request) | story_context(self, request)

    def serve(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        # Whatever way led here: no page is served that the one rule does not let out.
        page = StoryPage.objects.public_one(pk=self.pk)
        if page is None:
            raise Http404
        return page.shown(request)

    def shown(self, request: HttpRequest) -> HttpResponse:
        """The answer to a visitor, of a page that public_one() has just found."""
        response = super().serve(request)
        response["Cache-Control"] = "private, no-cache"
        tell_machines(response, exits_for_machines(self.exits, request))
        return response

    @cached_property
    def exits(self) -> frozenset[str]:
        """Names of the exits that are open while this request is answered."""
        return exits_of(self.contribution)

    @property
    def reference(self) -> str:
        return self.contribution.reference

    @property
    def cite_as(self) -> str:
        """How to name the story elsewhere."""
        return citation(self)

    @property
    def title_shown(self) -> str:
        return self.version.title

    @property
    def summary(self) -> str:
        return self.version.summary

    @cached_property
    def shown_name(self) -> str:
        """The name that may be shown at this moment; "" for none."""
        return name_to_show(self.version, self.exits)

    @property
    def teller(self) -> str:
        return self.shown_name or "Anonymous"

    @cached_property
    def kind(self) -> StoryVersion.Kind:
        return kind_to_show(self.version, self.exits)

    @property
    def still(self) -> str:
        """The address of its film's poster, for lists; "" where there is none, and of a film that
        is closed or whose faces are not shown as they are."""
        open_now = self.kind == StoryVersion.Kind.WATCH and self.version.face == "as_is"
        if not open_now or media.POSTER not in self.version.renditions:
            return ""
        return f"{self.url}media/{media.POSTER}"

    @property
    def kind_label(self) -> str:
        return str(self.kind.label)

    @property
    def length_label(self) -> str:
        if self.kind == StoryVersion.Kind.READ:
            minutes = max(1, round(self.version.word_count / READING_WORDS_A_MINUTE))
            return _("%(minutes)s min read") % {"minutes": minutes}
        if self.version.seconds < 60:
            return _("%(seconds)s sec") % {"seconds": max(1, round(self.version.seconds))}
        return _("%(minutes)s min") % {"minutes": round(self.version.seconds / 60)}

    @property
    def shared_on(self):
        return self.contribution.published_at

    @cached_property
    def themes(self) -> list[Term]:
        return terms(Term.Scheme.THEME, self.version.themes)

    @property
    def theme_slugs(self) -> list[str]:
        """The slugs that colour the cover: top-level themes first."""
        ordered = sorted(self.themes, key=lambda term: term.parent_id is not None)
        return [term.slug for term in ordered]

    @cached_property
    def content_notes(self) -> list[Term]:
        return terms(Term.Scheme.CONTENT_NOTE, self.version.content_notes)

    @property
    def note_line(self) -> str:
        """The content notes as one line, to travel with the story; "" for none."""
        return note_line(self.version, self.content_notes)
