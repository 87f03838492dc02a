"""The bell. A message says only that there may be work: a lost or doubled one is harmless."""

from __future__ import annotations

from uuid import UUID

from django_tasks import task

from media_pipeline import removal, runner


@task(queue_name="media")
def run_asset(asset_id: str) -> None:
    """Run the asset's stages one after another, until none is free."""
    removal.sweep_work()  # also here: a media worker may have a disk of its own
    while runner.run_next(UUID(asset_id)):
        pass
