"""What the archive's own work leaves behind, and when it goes (the table: retention.py)."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django_tasks import task_backends
from django_tasks_db import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from media_pipeline import api as media
from stories.contributions.links import PrivateLink
from stories.contributions.models import Upload
from stories.letters.models import Letter
from stories.letters.sending import given_up
from stories.publishing.ledger import Manifest
from stories.publishing.one_by_one import one_by_one


def forget_links(age: timedelta) -> int:
    """Until now an ended link was told that it had ended; from now on it is an unknown one."""
    before = timezone.now() - age
    ended = PrivateLink.objects.filter(Q(expires_at__lt=before) | Q(revoked_at__lt=before))
    return ended.delete()[0]


def forget_letters(age: timedelta) -> int:
    """Those that are through with. One that is still to be tried stays."""
    through = Q(state__in=[Letter.State.SENT, Letter.State.DROPPED]) | Q(pk__in=given_up())
    return Letter.objects.filter(through, due_at__lt=timezone.now() - age).delete()[0]


def destroy_manifests(age: timedelta) -> int:
    return Manifest.objects.filter(clean_at__lt=timezone.now() - age).delete()[0]


def destroy_replaced(age: timedelta) -> int:
    """Recordings that another took the place of, where the store was away at that moment."""
    replaced = Upload.objects.filter(
        state=Upload.State.REPLACED, created_at__lt=timezone.now() - age
    )
    return one_by_one("replaced recordings", replaced, _destroy)


def _destroy(upload: Upload) -> None:
    media.erase(upload.asset_id)
    upload.delete()


def forget_tasks(age: timedelta) -> int:
    """Finished bells say nothing that the rows don't; a failed one holds a traceback.

    Bells in the database go unheard where others are used (TASK_ENGINE): those go whatever
    their state.
    """
    bells = DBTaskResult.objects.all()
    if isinstance(task_backends["default"], DatabaseBackend):
        bells = bells.finished().filter(finished_at__lt=timezone.now() - age)
    else:
        bells = bells.filter(enqueued_at__lt=timezone.now() - age)
    return bells.delete()[0]
