"""What the site adds to Wagtail's admin."""

from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from archive import housekeeping  # noqa: F401 - its hooks
from archive.contact.models import Subject
from archive.directory.models import Area, HelpTopic, Service
from archive.pages.house_links import HouseLinks
from archive.pages.library.words import LibraryWord


class ServiceViewSet(SnippetViewSet):
    model = Service
    icon = "help"
    menu_label = "Services"
    list_display = ["name", "area", "phone", "is_crisis_line", "checked_on", "review_on"]
    list_filter = ["is_crisis_line", "area", "helps_with"]
    search_fields = ["name", "what", "phone"]
    search_backend_name = None
    panels = [
        TitleFieldPanel("name", targets=["slug"]),
        FieldPanel("slug"),
        FieldPanel("what"),
        FieldPanel("who_for"),
        FieldPanel("helps_with", widget=CheckboxSelectMultiple),
        FieldPanel("area"),
        MultiFieldPanel(
            [
                FieldPanel("phone"),
                FieldPanel("relay"),
                FieldRowPanel([FieldPanel("text_to"), FieldPanel("text_words")]),
                FieldPanel("bsl"),
                FieldPanel("bsl_address"),
                FieldPanel("email"),
                FieldPanel("web"),
                FieldPanel("hours"),
            ],
            heading=_("How to reach them"),
        ),
        MultiFieldPanel(
            [FieldPanel("checked_on"), FieldPanel("review_days")], heading=_("Is it still right?")
        ),
        MultiFieldPanel(
            [FieldPanel("is_crisis_line"), FieldPanel("order")], heading=_("Where it stands")
        ),
    ]


class HelpTopicViewSet(SnippetViewSet):
    model = HelpTopic
    icon = "tag"
    menu_label = _("What they help with")
    list_display = ["label", "order"]
    panels = [TitleFieldPanel("label", targets=["slug"]), FieldPanel("slug"), FieldPanel("order")]


class AreaViewSet(SnippetViewSet):
    model = Area
    icon = "globe"
    menu_label = "Areas"
    list_display = ["label", "within", "order"]
    panels = [
        TitleFieldPanel("label", targets=["slug"]),
        FieldPanel("slug"),
        FieldPanel("within"),
        FieldPanel("order"),
    ]


class DirectoryGroup(SnippetViewSetGroup):
    items = (ServiceViewSet, HelpTopicViewSet, AreaViewSet)
    menu_label = "Directory"
    menu_icon = "help"
    menu_order = 310


class SubjectViewSet(SnippetViewSet):
    model = Subject
    icon = "mail"
    menu_label = _("Contact subjects")
    add_to_admin_menu = True
    menu_order = 315
    list_display = ["label", "inbox", "order"]
    panels = [
        TitleFieldPanel("label", targets=["slug"]),
        FieldPanel("slug"),
        FieldPanel("inbox"),
        FieldPanel("order"),
    ]


class LibraryWordViewSet(SnippetViewSet):
    model = LibraryWord
    icon = "doc-full-inverse"
    menu_label = _("Library words")
    add_to_admin_menu = True
    menu_order = 312
    list_display = ["label", "scheme", "order"]
    list_filter = ["scheme"]
    panels = [
        FieldPanel("scheme"),
        TitleFieldPanel("label", targets=["slug"]),
        FieldPanel("slug"),
        FieldPanel("order"),
    ]


register_snippet(DirectoryGroup)
register_snippet(LibraryWordViewSet)
register_snippet(SubjectViewSet)


@hooks.register("before_serve_page")
def where_the_words_are(page: Page, request: HttpRequest, *args) -> HttpResponse | None:
    """What stands above a translated page, and isn't translated itself, is at its one address."""
    if page.alias_of_id and page.alias_of.locale_id != page.locale_id:
        return redirect(page.alias_of.url)
    return None


@hooks.register("register_rich_text_features", order=100)
def rich_text_features(features) -> None:
    """In the place of Wagtail's own."""
    features.register_link_type(HouseLinks)
