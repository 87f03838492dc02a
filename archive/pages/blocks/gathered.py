"""What the blocks of a page show, asked for once for all of them, however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils.safestring import mark_safe
from wagtail.blocks import StreamValue
from wagtail.rich_text import RichText, expand_db_html

from archive.contact.models import Subject
from archive.directory.models import Service
from archive.pages.languages import open_to_all, shown_once
from archive.pages.library.models import ResourcePage, for_shelf
from stories.consent.vocabulary import families
from stories.pages.models import StoryPage

MOST = 6
# A sign that no text holds: nobody can type it, and HTML has no place for it.
BETWEEN = "\x1e"
Picks = Sequence[Mapping[str, Any]]


def gather(body: StreamValue, signed: int | None) -> ResourcePage | None:
    """Fill in what every block shows; the film `signed` (a page's number), if it may be shown."""
    values: dict[str, list[Any]] = defaultdict(list)
    for block in body:
        values[block.block_type].append(block.value)
    films, shelves = values["film"], values["resources"]
    library = library_of([*films, *shelves], signed)
    for value in films:
        value.shown = film_among(library, value["film"])
    for value in shelves:
        value.shown = resources_among(library, value)
    for type_, shown_in in (("stories", stories_in), ("services", services_in)):
        for value, shown in zip(values[type_], shown_in(values[type_]), strict=True):
            value.shown = shown
    for value, said in zip(values["contact"], subjects_of(values["contact"]), strict=True):
        value.subject = said
    steps = [step for value in values["steps"] for step in value["steps"]]
    spell_out([*values["text"], *steps])
    return next((page for page in library if page.is_signed and page.is_film), None)


def library_of(picks: Picks, signed: int | None = None) -> list[ResourcePage]:
    """Whatever of it everybody may see now, in this address's language; `is_signed` says which
    is the one with the number `signed`, in whatever language that was chosen."""
    keys = {page.translation_key for pick in picks for page in _chosen_in(pick)}
    chosen = ResourcePage.objects.filter(pk=signed, translation_key=OuterRef("translation_key"))
    if not keys and signed is None:
        return []
    pages = ResourcePage.objects.annotate(is_signed=Exists(chosen))
    pages = pages.filter(Q(translation_key__in=keys) | Q(is_signed=True))
    return list(for_shelf(shown_once(open_to_all(pages))).select_related("captions"))


def _chosen_in(pick: Mapping[str, Any]) -> list[ResourcePage]:
    chosen = [pick["film"]] if "film" in pick else pick["resources"]
    return [page for page in chosen if page]


def film_among(library: list[ResourcePage], chosen: ResourcePage | None) -> ResourcePage | None:
    """None where it isn't public, or is no film any more."""
    key = chosen.translation_key if chosen else None
    return next((page for page in library if page.translation_key == key and page.is_film), None)


def resources_among(library: list[ResourcePage], pick: Mapping[str, Any]) -> list[ResourcePage]:
    """Those chosen, in the editor's order."""
    by_key = {page.translation_key: page for page in library}
    keys = [page.translation_key for page in _chosen_in(pick)]
    return [by_key[key] for key in keys if key in by_key]


def stories_in(picks: Picks) -> list[list[StoryPage]]:
    """Of each, those that may be shown at this moment, ready to be shown: chosen ones in the
    editor's order, then the newest about a theme.

    Outside search engines keep copies of these pages, so the exit to them counts too.
    """
    themes = families({pick["theme"] for pick in picks if pick["theme"]})
    references = {name for pick in picks for name in pick["stories"] if name}
    chosen = StoryPage.objects.filter(contribution__reference__in=references)
    wanted = Q(pk__in=chosen.values("pk"))
    for names in themes.values():
        about = StoryPage.objects.listed().with_exit("outside_search").about(names)
        # As many again as can be chosen beside them.
        wanted |= Q(pk__in=about.newest().values("pk")[: 2 * MOST])
    if not references and not themes:
        return [[] for _ in picks]
    found = StoryPage.objects.newest().listed_now(wanted)
    found = [story for story in found if "outside_search" in story.exits]
    return [_stories_of(pick, found, themes.get(pick["theme"], [])) for pick in picks]


def _stories_of(
    pick: Mapping[str, Any], found: list[StoryPage], names: list[str]
) -> list[StoryPage]:
    by_reference = {story.reference: story for story in found}
    shown = [by_reference[name] for name in pick["stories"] if name in by_reference]
    others = [
        story
        for story in found
        if story not in shown and not set(names).isdisjoint(story.version.themes)
    ]
    return shown + others[: max(0, pick["how_many"] - len(shown))]


def services_in(picks: Picks) -> list[list[Service]]:
    """Of each, those chosen that are still in the directory, in the editor's order; then others
    that help with what is said there."""
    slugs = {slug for pick in picks for slug in pick["services"] if slug}
    topics = {pick["topic"] for pick in picks if pick["topic"]}
    if not slugs and not topics:
        return [[] for _ in picks]
    wanted = Q(slug__in=slugs) | Q(helps_with__slug__in=topics)
    # A row for each thing that one helps with.
    rows = Service.objects.filter(wanted).annotate(topic=F("helps_with__slug"))
    found: dict[str, Service] = {}
    helps: dict[str, set[str]] = defaultdict(set)
    for row in rows.select_related("area"):
        found.setdefault(row.slug, row)
        helps[row.slug].add(row.topic)
    return [_services_of(pick, found, helps) for pick in picks]


def _services_of(
    pick: Mapping[str, Any], found: dict[str, Service], helps: Mapping[str, set[str]]
) -> list[Service]:
    chosen = [slug for slug in pick["services"] if slug in found]
    others = [slug for slug in found if slug not in chosen and pick["topic"] in helps[slug]]
    room = max(0, MOST - len(chosen)) if pick["topic"] else 0
    return [found[slug] for slug in (*chosen, *others[:room])]


def subjects_of(picks: Picks) -> list[str]:
    """What the site calls each subject that has no words of its own; "" for one that is gone."""
    if all(pick["discuss"] for pick in picks):
        return ["" for _ in picks]
    labels = dict(Subject.objects.values_list("slug", "label"))
    return [labels.get(pick["about"], "") for pick in picks]


class SpelledOut(RichText):
    """Text whose links lead somewhere already."""

    def __init__(self, source: str, html: str) -> None:
        super().__init__(source)
        self.html = html

    def __html__(self) -> str:
        return mark_safe(self.html)  # noqa: S308 - as Wagtail's own


def spell_out(values: Iterable[dict[str, Any]]) -> None:
    """Look up where the links of all texts lead at once: by itself, each text asks."""
    texts = [value for value in values if value["words"]]
    sources = [value["words"].source for value in texts]
    if not sources or any(BETWEEN in source for source in sources):
        return
    spelled = expand_db_html(BETWEEN.join(sources)).split(BETWEEN)
    for value, html in zip(texts, spelled, strict=True):
        value["words"] = SpelledOut(value["words"].source, html)
