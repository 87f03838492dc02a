"""Which stories catalogues have been told of, and when what they were told last changed.

A row is made when a story may first be harvested and stays for good, so that whoever harvested it
hears that it is gone. It holds nothing of the story: its accession number, a time, and a keyed
hash that is emptied when the story closes.
"""

from __future__ import annotations

from django.db import models


class Harvested(models.Model):
    """`datestamp`: to the second, when the record last changed, came or went."""

    reference = models.CharField(max_length=12, unique=True)
    datestamp = models.DateTimeField(db_index=True)
    fingerprint = models.CharField(max_length=64, blank=True, help_text="Empty once it is gone.")

    class Meta:
        ordering = ["datestamp", "reference"]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_deleted(self) -> bool:
        return not self.fingerprint
