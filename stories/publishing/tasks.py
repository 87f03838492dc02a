"""The bell: tells a worker which story to look at. The rows say what is to be done."""

from __future__ import annotations

from django.db import transaction
from django_tasks import task

from stories.publishing.reconcile import reconcile


@task(queue_name="light")
def reconcile_story(contribution_id: int) -> bool:
    return reconcile(contribution_id)


def ring(contribution_id: int) -> None:
    """Ring once the decision is committed. A bell that is lost is rung again by tick()."""
    transaction.on_commit(lambda: reconcile_story.enqueue(contribution_id))
