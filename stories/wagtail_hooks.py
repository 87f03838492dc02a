"""What the stories room adds to Wagtail's admin."""

from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from stories.consent.vocabulary import Term
from stories.moderation import (
    asking,
    calls,
    exports,
    names,
    notes,
    people,
    picture,
    podcast,
    problems,
    recordings,
    statements,
    views,
    withdrawals,
    words,
    written_in,
)
from stories.moderation.dashboard import Waiting
from stories.moderation.rows import waiting
from stories.pages.series import PodcastSeries
from stories.pages.synonyms import SynonymGroup


@hooks.register("register_admin_urls")
def desk_urls():
    return [
        # Above the pages of one contribution, whose number would else be taken for theirs.
        *statements.urlpatterns,
        *withdrawals.urlpatterns,
        *recordings.urlpatterns,
        *exports.urlpatterns,
        *calls.urlpatterns,
        *problems.urlpatterns,
        *people.urlpatterns,
        *names.urlpatterns,
        *words.urlpatterns,
        *podcast.urlpatterns,
        *picture.urlpatterns,
        *notes.urlpatterns,
        *asking.urlpatterns,
        *written_in.urlpatterns,
        path("contributions/", views.queue, name="desk_queue"),
        path("contributions/<str:reference>/", views.review, name="desk_review"),
        path("contributions/<str:reference>/approve/", views.approve_view, name="desk_approve"),
        path("contributions/<str:reference>/remade/", views.remade, name="desk_remade"),
        path("contributions/<str:reference>/poster/", views.poster, name="desk_poster"),
        path("contributions/<str:reference>/decline/", views.decline_view, name="desk_decline"),
        path("contributions/<str:reference>/media/<str:name>", views.media_file, name="desk_media"),
    ]


class DeskItem(MenuItem):
    """The queue, with how many wait."""

    def __init__(self) -> None:
        super().__init__(
            _("Contributions"), "/", name="contributions", icon_name="openquote", order=10
        )

    def is_shown(self, request) -> bool:
        return request.user.has_perm("stories.moderate")

    def render_component(self, request):
        self.url = reverse("desk_queue")
        number = waiting()
        self.label = (
            gettext("Contributions (%(number)s)") % {"number": number}
            if number
            else gettext("Contributions")
        )
        return super().render_component(request)


@hooks.register("construct_homepage_panels")
def what_waits(request, panels):
    if request.user.has_perm("stories.moderate"):
        panels.append(Waiting())


@hooks.register("register_admin_menu_item")
def desk_item():
    return DeskItem()


# What the log says of each action: never a word of a story, never an answer.
LOGGED = {
    "stories.approve": (_("Approve"), _("Approved")),
    "stories.decline": (_("Decline"), _("Declined")),
    "stories.name": (_("Show a name"), _("Another name is shown")),
    "stories.no_name": (_("Refuse a name"), _("A name was not accepted")),
    "stories.poster": (_("Choose a picture"), _("Another picture before the film was chosen")),
    "stories.chapters": (_("Write chapters"), _("Chapters of the recording were written")),
    "stories.picture_in_words": (
        _("Put the picture in words"),
        _("What its picture shows was written"),
    ),
    "stories.place": (_("Place in a podcast"), _("Its place in a podcast was changed")),
    "stories.remade": (_("Ask to look again"), _("A recording that was made anew was looked at")),
    "stories.words": (_("Let words out"), _("Other words of the recording are let out")),
    "stories.words_given": (
        _("Put words right"),
        _("The words of the recording were written anew"),
    ),
    "stories.notes": (_("Change content notes"), _("Other content notes stand before it")),
    "stories.language": (
        _("Put its language right"),
        _("The language that it is written in was put right"),
    ),
    "stories.problem_hidden": (_("Hide"), _("Hidden while a report of a problem is looked at")),
    "stories.problem_back": (_("Let back"), _("A report of a problem holds it back no longer")),
    "stories.problem_closed": (_("Close a report"), _("A report of a problem was closed")),
    "stories.problem_reopened": (_("Open a report"), _("A report of a problem was opened again")),
    "stories.ask": (_("Ask the contributor"), _("The contributor was asked for more")),
    "stories.call": (_("Call or letter"), _("Somebody called or wrote")),
    "stories.call_confirmed": (_("Caller known"), _("The caller is the contributor")),
    "stories.call_refuted": (_("Caller not known"), _("The caller is not the contributor")),
    "stories.put_back": (_("Undo a pause"), _("The pause of a call was undone")),
    "stories.on_behalf": (_("On behalf"), _("Done on the contributor's behalf")),
}


@hooks.register("register_log_actions")
def log_actions(actions):
    for action, (label, message) in LOGGED.items():
        actions.register_action(action, label, message)


class TermViewSet(SnippetViewSet):
    model = Term
    icon = "tag"
    menu_label = _("Words we use")
    add_to_admin_menu = True
    menu_order = 300
    list_display = ["public_label", "scheme", "slug"]
    list_filter = ["scheme"]


class SynonymGroupViewSet(SnippetViewSet):
    model = SynonymGroup
    icon = "search"
    menu_label = _("Other words for it")
    add_to_admin_menu = True
    menu_order = 305
    search_fields = ["forms"]


class NeverDeleted(ModelPermissionPolicy):
    def user_has_permission(self, user, action: str) -> bool:
        return action != "delete" and super().user_has_permission(user, action)


class PodcastSeriesViewSet(SnippetViewSet):
    model = PodcastSeries
    icon = "media"
    menu_label = "Podcasts"
    add_to_admin_menu = True
    menu_order = 310
    list_display = ["title", "slug", "order"]


register_snippet(TermViewSet)
register_snippet(SynonymGroupViewSet)
register_permission_policy(PodcastSeries, NeverDeleted(PodcastSeries))
register_snippet(PodcastSeriesViewSet)
