"""The page step: a StoryPage that shows the version in force, or none."""

from __future__ import annotations

from django.utils.text import slugify
from wagtail.models import Locale

from stories.contributions.models import Contribution, readable_code
from stories.contributions.versions import version_of
from stories.pages.models import StoriesIndexPage, StoryPage

SLUG_WORDS = 60  # characters of the title that an address carries


class NoHome(RuntimeError):
    """The site has no page for stories yet; `manage.py set_up_site` makes it."""


def new_slug(title: str) -> str:
    """The title's words and an opaque ending, so that an address can't be guessed from a title."""
    words = slugify(title)[:SLUG_WORDS].strip("-") or "story"
    return f"{words}-{readable_code(8).replace('-', '').lower()}"


def open_page(story: Contribution) -> None:
    """Create the page, or point it at the version in force, and carry the epoch."""
    version = version_of(story)
    page = StoryPage.objects.filter(contribution=story).first()
    if page is None:
        # Every story stands below the one list, whatever language it was told in.
        lists = StoriesIndexPage.objects.live().filter(locale=Locale.get_default())
        index = lists.first()
        if index is None:
            raise NoHome
        index.add_child(
            instance=StoryPage(
                title=story.reference,
                slug=new_slug(version.title),
                contribution=story,
                version=version,
                epoch=story.epoch,
                live=True,
                show_in_menus=False,
            )
        )
        return
    StoryPage.objects.filter(pk=page.pk).update(version=version, epoch=story.epoch, live=True)


def close_page(story: Contribution) -> None:
    """Delete it when the story was taken back; else keep its address for when it comes back."""
    page = StoryPage.objects.filter(contribution=story).first()
    if page is None:
        return
    if story.is_taken_back:
        page.delete()
    else:
        StoryPage.objects.filter(pk=page.pk).update(live=False, epoch=story.epoch)


def remnants(story: Contribution) -> list[str]:
    pages = StoryPage.objects.filter(contribution=story)
    return ["page"] if (pages if story.is_taken_back else pages.live()).exists() else []
