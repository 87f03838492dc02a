"""A worker that talks to nobody but the broker, and ends when it is told to."""

from __future__ import annotations

from typing import Any

from celery.apps import worker
from celery.platforms import EX_OK

# Workers that watch each other have no use here: rows and leases say who does what.
ALONE = {"without_gossip": True, "without_mingle": True, "without_heartbeat": True}


class Worker(worker.Worker):
    def __init__(self, app: Any = None, hostname: str | None = None, **options: Any) -> None:
        super().__init__(app, hostname, **options | ALONE)

    def install_platform_tweaks(self, worker_: Any) -> None:
        """On SIGTERM wait for `worker_soft_shutdown_timeout` seconds, then hand back what is left.

        Celery would wait for the end of every task, and a transcode can take hours.
        """
        super().install_platform_tweaks(worker_)
        worker.install_worker_term_hard_handler(worker_, sig="SIGTERM", exitcode=EX_OK)
