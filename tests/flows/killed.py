"""A worker that dies in a reconciliation, on the test's own database, stores and folders.

Run as `python -m tests.flows.killed JSON`: {"id", "step", "when"}, in the environment that
tests.processes makes. It ends itself with SIGKILL "before" or "after" the step's work: no finally,
no rollback.
"""

import json
import os
import signal
import sys
from dataclasses import replace

import django


def main(given: dict) -> None:
    django.setup()
    from stories.publishing import reconcile

    def dying(work):
        def run(story):
            if given["when"] == "after":
                work(story)
            os.kill(os.getpid(), signal.SIGKILL)

        return run

    reconcile.STEPS = tuple(
        replace(step, open=dying(step.open), close=dying(step.close))
        if step.name == given["step"]
        else step
        for step in reconcile.STEPS
    )
    reconcile.reconcile(given["id"])


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
