"""Moving from the embedded engine to a search server, on both at once."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.processes import ROOT

EMBEDDED = {
    "DATABASE": "sqlite",
    "TASK_ENGINE": "database",
    "STORAGE": "files",
    "DELIVERY": "threads",
    "SEARCH_ENGINE": "sqlite",
}


@pytest.mark.stack
def test_moving_loses_no_change_and_leaves_no_word():
    """This process has PostgreSQL, so another does it."""
    mark = {"TEST_MARK": f"moving-{os.getpid()}"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/search/moving.py"],
        cwd=ROOT,
        env=os.environ | EMBEDDED | mark,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout
