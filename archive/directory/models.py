"""The directory of services: who helps with what, how to reach them, and when we last made sure.

Crisis lines are entries of it like any other; every page takes them from here.
"""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

REVIEW_DAYS = 180
REACHED_BY = ("phone", "text_to", "bsl_address", "email", "web")


class HelpTopic(models.Model):
    """What services help with, in plain words."""

    slug = models.SlugField(max_length=60, unique=True)
    label = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "label"]

    def __str__(self) -> str:
        return self.label


class Area(models.Model):
    """Where a service helps. Who looks in one also finds what covers the larger one it is in."""

    slug = models.SlugField(max_length=60, unique=True)
    label = models.CharField(max_length=80)
    within = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        help_text=_("The larger area that this one is in."),
    )
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "label"]

    def __str__(self) -> str:
        return self.label


class ServiceQuerySet(models.QuerySet["Service"]):
    def crisis_lines(self) -> ServiceQuerySet:
        """Those that answer somebody in distress, now."""
        return self.filter(is_crisis_line=True)

    def helping_in(self, area: Area, areas: list[Area]) -> ServiceQuerySet:
        """Those of this area and of each larger one it is in. `areas` are all there are."""
        return self.filter(area__in=covering(area, areas))

    def to_review(self) -> ServiceQuerySet:
        """Those that nobody has made sure of for too long, or ever."""
        due = Q(review_on__lte=timezone.localdate()) | Q(checked_on=None)
        return self.filter(due).order_by(models.F("review_on").asc(nulls_first=True), "name")


class Service(models.Model):
    """One service. `checked_on` says when somebody last made sure that all of this is right."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    what = models.TextField(
        _("what it is"),
        max_length=400,
        blank=True,
        help_text=_("One or two plain sentences: what happens when somebody gets in touch."),
    )
    who_for = models.CharField(max_length=200, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="services")
    helps_with = models.ManyToManyField(HelpTopic, related_name="services", blank=True)
    phone = models.CharField("telephone", max_length=40, blank=True)
    relay = models.CharField(
        _("text relay"),
        max_length=40,
        blank=True,
        help_text=_("The number as the Relay UK app dials it, such as 18001 116 123."),
    )
    text_to = models.CharField(_("text to"), max_length=20, blank=True)
    text_words = models.CharField(
        max_length=40, blank=True, help_text=_("What the text has to begin with, where it has to.")
    )
    bsl = models.CharField(
        _("by BSL"),
        max_length=200,
        blank=True,
        help_text=_("How somebody who signs gets in touch."),
    )
    bsl_address = models.URLField(_("BSL web page"), max_length=300, blank=True)
    email = models.EmailField("e-mail", blank=True)
    web = models.URLField(_("web page"), max_length=300, blank=True)
    hours = models.CharField(max_length=120, blank=True, help_text=_("When somebody answers."))
    is_crisis_line = models.BooleanField(
        _("crisis line"),
        default=False,
        help_text=_("Stands wherever somebody may need a person now: on every page of the site."),
    )
    order = models.PositiveSmallIntegerField(
        default=100, help_text="Lower numbers come first; the same number goes by name."
    )
    checked_on = models.DateField(
        _("last checked"),
        null=True,
        blank=True,
        help_text=_("When somebody last made sure, by calling or by looking at their page."),
    )
    review_days = models.PositiveSmallIntegerField(
        _("check again after"),
        default=REVIEW_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
        help_text=_("Days. Then the site reminds you."),
    )
    review_on = models.DateField(null=True, editable=False, db_index=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.review_on = self.checked_on and self.checked_on + timedelta(days=self.review_days)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        if not any(getattr(self, name) for name in REACHED_BY):
            raise ValidationError(gettext("Give at least one way to reach them."))
        for name in ("phone", "relay", "text_to"):
            written = getattr(self, name)
            if written and not digits_of(written):
                raise ValidationError({name: gettext("There is no number in it.")})
        if self.is_crisis_line and not (self.phone or self.text_to):
            raise ValidationError(
                {"is_crisis_line": gettext("A crisis line needs a number to call or to text.")}
            )
        if self.checked_on and self.checked_on > timezone.localdate():
            raise ValidationError({"checked_on": gettext("That day is still to come.")})

    def confirm(self, today: date) -> None:
        """Somebody has made sure that all of it is right."""
        self.checked_on = today
        self.save(update_fields=["checked_on", "review_on"])

    @property
    def is_to_review(self) -> bool:
        return self.review_on is None or self.review_on <= timezone.localdate()

    @property
    def tel(self) -> str:
        """The number as a telephone dials it."""
        return digits_of(self.phone)

    @property
    def relay_tel(self) -> str:
        return digits_of(self.relay)

    @property
    def sms(self) -> str:
        """The number as a telephone texts to it."""
        return digits_of(self.text_to)

    @property
    def site(self) -> str:
        """The web page's server, as people say it."""
        return (urlsplit(self.web).hostname or "").removeprefix("www.")


def digits_of(written: str) -> str:
    return "".join(character for character in written if character in "0123456789")


def covering(area: Area, areas: list[Area]) -> list[Area]:
    """The area and each larger one it is in. One that is said to be in itself ends there."""
    by_id = {each.pk: each for each in areas}
    found: list[Area] = []
    here: Area | None = area
    while here is not None and here not in found:
        found.append(here)
        here = by_id.get(here.within_id or 0)
    return found
