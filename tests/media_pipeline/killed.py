"""A process that is killed in the middle, on the test's own database and stores.

`die()` runs it. It ends itself with SIGKILL when it comes to a call: no finally, no rollback.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from pkgutil import resolve_name

import django


def die(owner: str, name: str, when: str, run: str, *arguments: str) -> None:
    """Do `run`, to die "before" or "after" it calls what `owner` ("module:Class") has as `name`."""
    from tests import processes

    given = json.dumps([owner, name, when, run, *arguments])
    command = [sys.executable, "-m", "tests.media_pipeline.killed", given]
    done = subprocess.run(command, cwd=processes.ROOT, env=processes.environment(), timeout=120)
    assert done.returncode == -signal.SIGKILL, "it did not come to that"


def take_in(path: str) -> None:
    """Receive a recording as the form does."""
    from tests.media_pipeline.conftest import receive

    receive(Path(path))


def main(owner: str, name: str, when: str, run: str, *arguments: str) -> None:
    django.setup()
    place = resolve_name(owner)
    whole = getattr(place, name)

    def dying(*args, **kwargs):
        if when == "after":
            whole(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(place, name, dying)
    resolve_name(run)(*arguments)


if __name__ == "__main__":
    main(*json.loads(sys.argv[1]))
