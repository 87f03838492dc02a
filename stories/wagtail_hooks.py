"""What the stories room adds to Wagtail's admin."""

from django.urls import path, reverse
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
)
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
            "Contributions", "/", name="contributions", icon_name="openquote", order=10
        )

    def is_shown(self, request) -> bool:
        return request.user.has_perm("stories.moderate")

    def render_component(self, request):
        self.url = reverse("desk_queue")
        number = waiting()
        self.label = f"Contributions ({number})" if number else "Contributions"
        return super().render_component(request)


@hooks.register("register_admin_menu_item")
def desk_item():
    return DeskItem()


# What the log says of each action: never a word of a story, never an answer.
LOGGED = {
    "stories.approve": ("Approve", "Approved"),
    "stories.decline": ("Decline", "Declined"),
    "stories.name": ("Show a name", "Another name is shown"),
    "stories.no_name": ("Refuse a name", "A name was not accepted"),
    "stories.poster": ("Choose a picture", "Another picture before the film was chosen"),
    "stories.chapters": ("Write chapters", "Chapters of the recording were written"),
    "stories.picture_in_words": ("Put the picture in words", "What its picture shows was written"),
    "stories.place": ("Place in a podcast", "Its place in a podcast was changed"),
    "stories.remade": ("Ask to look again", "A recording that was made anew was looked at"),
    "stories.words": ("Let words out", "Other words of the recording are let out"),
    "stories.words_given": ("Put words right", "The words of the recording were written anew"),
    "stories.notes": ("Change content notes", "Other content notes stand before it"),
    "stories.problem_hidden": ("Hide", "Hidden while a report of a problem is looked at"),
    "stories.problem_back": ("Let back", "A report of a problem holds it back no longer"),
    "stories.problem_closed": ("Close a report", "A report of a problem was closed"),
    "stories.problem_reopened": ("Open a report", "A report of a problem was opened again"),
    "stories.ask": ("Ask the contributor", "The contributor was asked for more"),
    "stories.call": ("Call or letter", "Somebody called or wrote"),
    "stories.call_confirmed": ("Caller known", "The caller is the contributor"),
    "stories.call_refuted": ("Caller not known", "The caller is not the contributor"),
    "stories.put_back": ("Undo a pause", "The pause of a call was undone"),
    "stories.on_behalf": ("On behalf", "Done on the contributor's behalf"),
}


@hooks.register("register_log_actions")
def log_actions(actions):
    for action, (label, message) in LOGGED.items():
        actions.register_action(action, label, message)


class TermViewSet(SnippetViewSet):
    model = Term
    icon = "tag"
    menu_label = "Words we use"
    add_to_admin_menu = True
    menu_order = 300
    list_display = ["public_label", "scheme", "slug"]
    list_filter = ["scheme"]


class SynonymGroupViewSet(SnippetViewSet):
    model = SynonymGroup
    icon = "search"
    menu_label = "Other words for it"
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
