"""How often one place on the network may do a thing, without keeping who or where it is."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone


class PlaceCount(models.Model):
    """A count for one place, thing and hour. The place is a keyed hash that changes each day."""

    place = models.CharField(max_length=64)
    thing = models.CharField(max_length=20)
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "thing", "hour"], name="one_count_an_hour")
        ]

    def __str__(self) -> str:
        return f"{self.thing}: {self.count}"


def address_of(request) -> str:
    """The visitor's address: as the outermost of our own PROXIES_IN_FRONT saw it.

    What stands further left in X-Forwarded-For was written by the visitor, and is not believed.
    """
    if settings.PROXIES_IN_FRONT:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(hops) >= settings.PROXIES_IN_FRONT:
            return hops[-settings.PROXIES_IN_FRONT].strip()
    return request.META.get("REMOTE_ADDR", "")


def names_of_place(request, days: int) -> list[str]:
    """What the visitor's place is called today, and on so many days before less one."""
    address = address_of(request).encode()
    return [
        _name(address, timezone.now() - timedelta(days=before)) for before in range(max(1, days))
    ]


def _name(address: bytes, day: datetime) -> str:
    key = f"{settings.SECRET_KEY}:{day:%Y-%m-%d}".encode()
    return hmac.new(key, address, hashlib.sha256).hexdigest()


def is_too_often(request, thing: str, most: int, within: timedelta) -> bool:
    """Count this attempt; True when there were more than `most` `within` the time before now."""
    return is_above(_name(address_of(request).encode(), timezone.now()), thing, most, within)


def is_above(place: str, thing: str, most: int, within: timedelta) -> bool:
    """The same for whatever has a keyed hash of its own, such as an e-mail address."""
    now = timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    row, _ = PlaceCount.objects.get_or_create(place=place, thing=thing, hour=hour)
    PlaceCount.objects.filter(pk=row.pk).update(count=F("count") + 1)
    counted = PlaceCount.objects.filter(place=place, thing=thing, hour__gt=now - within)
    return sum(counted.values_list("count", flat=True)) > most


def forget_places(before: timedelta = timedelta(days=2)) -> int:
    """Delete old counts; return how many."""
    return PlaceCount.objects.filter(hour__lt=timezone.now() - before).delete()[0]
