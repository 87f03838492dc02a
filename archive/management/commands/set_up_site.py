"""Give a new database its words, its first pages, its podcast and its group of moderators.

Safe to run at every deployment: it adds what is missing and changes nothing that is there.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from wagtail.models import Page, Site

from archive.contact.loading import load_subjects
from archive.directory.loading import load_services, load_words
from archive.directory.models import Service
from archive.pages.models import HomePage
from archive.pages.setting_up import load_library_words, make_languages, make_sections
from stories.pages.models import StoriesIndexPage
from stories.pages.series import MAIN, PodcastSeries

MODERATORS = "Moderators"
STATEMENT_WRITERS = "Statement writers"
EDITORS = "Editors"
EDITED = ("service", "helptopic", "area", "subject", "libraryword")


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options) -> None:
        call_command("load_vocabulary", verbosity=options["verbosity"])
        with transaction.atomic():
            load_directory()
            load_subjects()
            make_languages()
            make_pages()
            load_library_words()
            make_sections()
            make_main_series()
            make_moderators()
            make_statement_writers()
            make_editors()


def load_directory() -> None:
    """Crisis lines only for a site without any service: one that was taken out stays out."""
    load_words()
    if not Service.objects.exists():
        load_services()


def make_pages() -> None:
    """Home and stories, in the place of the page that Wagtail brings."""
    if HomePage.objects.exists():
        return
    root = Page.get_first_root_node()
    Page.objects.filter(depth=2, slug="home").delete()
    root = Page.objects.get(pk=root.pk)
    home = root.add_child(instance=HomePage(title="Stories and experiences", slug="home"))
    home.add_child(instance=StoriesIndexPage(title="Stories", slug="stories"))
    address = urlsplit(settings.SITE_ADDRESS)
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": address.hostname,
            "port": address.port or (443 if address.scheme == "https" else 80),
            "root_page": home,
            "site_name": settings.WAGTAIL_SITE_NAME,
        },
    )


def make_main_series() -> None:
    """The podcast that every syndicated story is in, unless staff give it another place."""
    PodcastSeries.objects.get_or_create(
        slug=MAIN,
        defaults={
            "title": settings.WAGTAIL_SITE_NAME,
            "description": "Stories of recovery, told by the people who lived them.",
        },
    )


def make_moderators() -> None:
    """Wagtail's own group gets the right to moderate contributions, and to describe podcasts."""
    for codename in ("moderate", "add_podcastseries", "change_podcastseries"):
        give_rights(MODERATORS, codename)


def make_statement_writers() -> None:
    """Few people should be able to change what contributors are asked."""
    give_rights(STATEMENT_WRITERS, "add_statement")


def make_editors() -> None:
    """Wagtail's own group looks after the directory, contact subjects and the library's words, and
    may begin a page in another language."""
    group, _ = Group.objects.get_or_create(name=EDITORS)
    codenames = [f"{may}_{what}" for what in EDITED for may in ("add", "change", "delete")]
    rights = Permission.objects.filter(content_type__app_label="archive", codename__in=codenames)
    # The package's migration makes it once; whoever empties the database would be without it.
    kind, _ = ContentType.objects.get_or_create(app_label="wagtail_localize", model="translation")
    translating, _ = Permission.objects.get_or_create(
        content_type=kind,
        codename="submit_translation",
        defaults={"name": "Can submit translations"},
    )
    group.permissions.add(*rights, translating, _way_in())


def give_rights(name: str, codename: str) -> None:
    group, _ = Group.objects.get_or_create(name=name)
    right = Permission.objects.get(content_type__app_label="stories", codename=codename)
    group.permissions.add(right, _way_in())


def _way_in() -> Permission:
    """Into the admin. Wagtail's own groups have it from its migrations, but not once they were
    deleted and are made again here."""
    return Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
