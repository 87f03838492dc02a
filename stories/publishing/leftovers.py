"""What the archive's own work leaves behind, and when it goes (the table: retention.py)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db.models import Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from stories.contributions.links import PrivateLink
from stories.letters.models import Letter
from stories.letters.sending import given_up
from stories.publishing.ledger import Manifest


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


def remove_broken_uploads(age: timedelta) -> int:
    """What a server that was killed in the middle of an upload left behind."""
    removed = 0
    oldest = (timezone.now() - age).timestamp()
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir():
        try:
            if path.is_file() and path.stat().st_mtime < oldest:
                path.unlink()
                removed += 1
        except FileNotFoundError:
            continue  # its request has ended meanwhile
    return removed


def forget_tasks(age: timedelta) -> int:
    """Finished bells say nothing that the rows don't; a failed one holds a traceback."""
    before = DBTaskResult.objects.count()
    call_command(
        "prune_db_task_results", "--queue-name", "*", "--min-age-days", str(age.days), verbosity=0
    )
    return max(0, before - DBTaskResult.objects.count())
