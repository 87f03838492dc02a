"""What editors can choose from, asked of the database each time a form is shown."""

from __future__ import annotations

from django.utils.translation import gettext as _
from wagtail.blocks import ChoiceBlock

from archive.contact.models import Subject
from archive.directory.models import HelpTopic, Service
from stories.consent.vocabulary import Term
from stories.contributions.languages import NAMES
from stories.pages.models import StoryPage


class WordBlock(ChoiceBlock):
    """A choice whose values are texts. Wagtail's own would ask for all choices at each showing, to
    turn a value back into what it was."""

    def normalize_choice(self, value):
        return value


def languages() -> list[tuple[str, str]]:
    """(code, name) of every language that a passage can be in, other than its page's."""
    return [
        ("", str(_("the page's language"))),
        *((code, str(name)) for code, name in NAMES.items()),
    ]


def themes() -> list[tuple[str, str]]:
    """(slug, label) of every theme."""
    found = Term.objects.filter(scheme=Term.Scheme.THEME)
    return [(term.slug, term.label) for term in found]


def stories() -> list[tuple[str, str]]:
    """(reference, what it is called) of every story that a section page may show now."""
    shown = StoryPage.objects.listed().with_exit("outside_search").newest()
    return [(story.reference, f"{story.title_shown} ({story.teller})") for story in shown]


def services() -> list[tuple[str, str]]:
    """(short name, name) of every service in the directory."""
    return list(Service.objects.order_by("name").values_list("slug", "name"))


def help_topics() -> list[tuple[str, str]]:
    """(slug, label) of what services help with."""
    return list(HelpTopic.objects.values_list("slug", "label"))


def contact_subjects() -> list[tuple[str, str]]:
    """(slug, label) of what people can get in touch about."""
    return list(Subject.objects.values_list("slug", "label"))
