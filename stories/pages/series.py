"""Podcast series: what each is about, and which published recordings are its episodes.

An episode is a story that is syndicated at this moment (the exit `podcast`). Staff may place it in
a series of its own; without a place it belongs to the main one. A place says nothing of a story
beyond the name of the series and a number, and opens nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from media_pipeline import api as media
from stories.contributions.models import Contribution
from stories.pages.addresses import feed_address
from stories.pages.bulk import prepared
from stories.pages.covers import FAMILIES
from stories.pages.show import shareable

if TYPE_CHECKING:
    from stories.pages.models import StoryPage
    from stories.pages.queries import StoryQuerySet

MAIN = "stories"
SOUND = "story.mp3"
# The namespace's own root for podcast:guid, a UUID of version 5 of the feed's first address.
GUID_ROOT = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")


def guid_of(address: str) -> uuid.UUID:
    """What podcast:guid is made of: the feed's address without its scheme."""
    return uuid.uuid5(GUID_ROOT, address.partition("://")[2].rstrip("/"))


class PodcastSeries(models.Model):
    """One podcast: a page, a feed, a cover. The one with the slug MAIN is always there.

    None is ever deleted: apps would go on asking for its feed.
    """

    class Order(models.TextChoices):
        EPISODIC = "episodic", _("Each stands alone: the newest comes first")
        SERIAL = "serial", _("They are heard in order: number one comes first")

    slug = models.SlugField(
        "address",
        unique=True,
        help_text=_(
            "The last part of the address of its page and feed, such as kettle. It can't be "
            "changed later: podcast apps know the series by it."
        ),
    )
    title = models.CharField(max_length=100)
    description = models.TextField(
        max_length=4000,
        help_text=_("What it is and who it is for, in plain words, without a link."),
    )
    order = models.CharField("episodes", max_length=8, choices=Order, default=Order.EPISODIC)
    theme = models.SlugField(
        "colours",
        max_length=60,
        choices=[(name, name.capitalize()) for name in FAMILIES],
        default="hope",
        help_text=_("Of the landscape that is drawn for it."),
    )
    contact_email = models.EmailField(
        _("e-mail for podcast directories"),
        blank=True,
        help_text=_(
            "Stands in the feed, where everybody can read it. Directories write to it to "
            "find out whether the feed is yours. An address of the archive, never a person's own."
        ),
    )
    guid = models.UUIDField(unique=True, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    panels = [
        FieldPanel("title"),
        FieldPanel("slug"),
        FieldPanel("description"),
        FieldPanel("order"),
        FieldPanel("theme"),
        FieldPanel("contact_email"),
    ]

    class Meta:
        verbose_name = _("podcast series")
        verbose_name_plural = _("podcast series")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        # Given once, and the same for good: apps know a podcast by it wherever it moves.
        if self.guid is None:
            self.guid = guid_of(feed_address(self.slug))
        super().save(*args, **kwargs)

    def clean(self) -> None:
        before = PodcastSeries.objects.filter(pk=self.pk).first()
        if before and before.slug != self.slug:
            raise ValidationError({"slug": gettext("The address stays as it is: apps follow it.")})

    @property
    def is_serial(self) -> bool:
        return self.order == self.Order.SERIAL


class EpisodePlace(models.Model):
    """Where staff placed a story. One without a place is in the main series, without a number."""

    contribution = models.OneToOneField(
        Contribution, on_delete=models.CASCADE, related_name="episode_place"
    )
    series = models.ForeignKey(PodcastSeries, on_delete=models.PROTECT, related_name="places")
    number = models.PositiveIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    placed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="one_episode_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.contribution} in {self.series}"


@dataclass(frozen=True)
class Episode:
    """A story as an episode: its `sound` (story.mp3), all open renditions, its number or None."""

    story: StoryPage
    made: dict[str, media.RenditionInfo]
    number: int | None

    @property
    def sound(self) -> media.RenditionInfo:
        return self.made[SOUND]

    @property
    def seconds(self) -> float:
        return self.sound.seconds or self.story.version.seconds

    @property
    def length_label(self) -> str:
        """12 min, or 40 sec."""
        if self.seconds < 60:
            return gettext("%(seconds)s sec") % {"seconds": max(1, round(self.seconds))}
        return gettext("%(minutes)s min") % {"minutes": round(self.seconds / 60)}

    @property
    def bytes(self) -> int:
        """Of the enclosure, its chapters included."""
        return media.bytes_with_chapters(self.sound, self.story.version.marks)


def in_series(stories: StoryQuerySet, series: PodcastSeries) -> StoryQuerySet:
    """Those of the stories that are syndicated now and placed in this series, in its order."""
    here = Q(contribution__episode_place__series=series)
    if series.slug == MAIN:
        here |= Q(contribution__episode_place__isnull=True)
    found = (
        stories.with_exit("podcast")
        .filter(here)
        .annotate(episode_number=F("contribution__episode_place__number"))
    )
    if series.is_serial:
        return found.order_by(
            F("episode_number").asc(nulls_last=True), "contribution__published_at", "pk"
        )
    return found.newest()


def episodes_in(stories: Iterable[StoryPage]) -> list[Episode]:
    """Of these stories those whose sound is out, in the same order: four queries in all."""
    found = prepared(stories)
    made = media.renditions_of_all(story.version.asset_id for story in found)
    episodes = []
    for story in found:
        out = {
            name: item
            for name, item in shareable(made.get(story.version.asset_id, {}), story.exits).items()
            if item.released
        }
        if SOUND in out:
            episodes.append(Episode(story, out, getattr(story, "episode_number", None)))
    return episodes


def series_of(story: StoryPage) -> str:
    """The slug of the series that a story is placed in."""
    place = EpisodePlace.objects.filter(contribution_id=story.contribution_id)
    return place.values_list("series__slug", flat=True).first() or MAIN


def all_series() -> QuerySet[PodcastSeries]:
    """Every series, the main one first."""
    main_first = models.Case(models.When(slug=MAIN, then=0), default=1)
    return PodcastSeries.objects.order_by(main_first, "title")
