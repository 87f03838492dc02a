"""All timed work, once a minute: what is late is rung again, what has run out ends."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from media_pipeline import api as media
from search import api as search
from stories.contributions.models import Contribution, NotPossible
from stories.contributions.places import forget_places
from stories.contributions.states import State
from stories.publishing.discard import discard
from stories.publishing.publish import publish
from stories.publishing.reconcile import unreconciled
from stories.publishing.tasks import reconcile_story
from stories.publishing.withdraw import destroy_due


def tick() -> dict[str, int]:
    """Run what is due; return how many of each."""
    forget_tasks()
    return {
        "media jobs rung": media.ring_all(),
        "stories rung": ring_unreconciled(),
        "stories published": publish_waiting(),
        "stories destroyed": destroy_due(),
        "old drafts removed": remove_old_drafts(),
        "counts forgotten": forget_places(),
        "broken-off uploads removed": remove_broken_uploads(),
        # A story replaced by a shorter version leaves words in the file too.
        "search scrubs put off": int(not search.scrub()),
    }


def forget_tasks() -> None:
    """Finished bells say nothing that the rows don't; a failed one holds a traceback."""
    call_command("prune_db_task_results", "--queue-name", "*", "--min-age-days", "1", verbosity=0)


def ring_unreconciled() -> int:
    late = unreconciled()
    for contribution_id in late:
        reconcile_story.enqueue(contribution_id)
    return len(late)


def publish_waiting() -> int:
    published = 0
    due = Contribution.objects.filter(state=State.WAITING, publish_after__lte=timezone.now())
    for story in due:
        try:
            publish(story)
            published += 1
        except NotPossible:
            continue  # taken back meanwhile
    return published


def remove_old_drafts() -> int:
    """Drafts that nobody came back to."""
    before = timezone.now() - timedelta(days=settings.DRAFT_DAYS)
    removed = 0
    for draft in Contribution.objects.filter(state=State.DRAFT, saved_at__lt=before):
        try:
            discard(draft)
            removed += 1
        except NotPossible:
            continue  # sent this moment
    return removed


def remove_broken_uploads(after: timedelta = timedelta(days=1)) -> int:
    """What a server that was killed in the middle of an upload left behind."""
    removed = 0
    oldest = (timezone.now() - after).timestamp()
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir():
        try:
            if path.is_file() and path.stat().st_mtime < oldest:
                path.unlink()
                removed += 1
        except FileNotFoundError:
            continue  # its request has ended meanwhile
    return removed
