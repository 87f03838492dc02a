"""A bad environment value stops start-up with its name and what was expected."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

GOOD = {
    "SECRET_KEY": "x" * 50,
    "ALLOWED_HOSTS": "stories.example.org",
    "SITE_ADDRESS": "https://stories.example.org",
}


def start(tmp_path, **environment: str) -> subprocess.CompletedProcess:
    """Load the production settings in a process of their own, with only this environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", "import archive.settings.production"],
        env=kept | {"DATA_DIR": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
    )


def test_good_values_start(tmp_path):
    done = start(tmp_path, **GOOD)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SECRET_KEY", "short-and-guessable", "40 characters or more"),
        ("ALLOWED_HOSTS", "", "host names"),
        ("SITE_ADDRESS", "http://stories.example.org", "https://"),
        ("DEBUG", "yes", "true or false"),
        ("MAX_UPLOAD_BYTES", "5GB", "a whole number of bytes"),
        ("LINK_DAYS", "0", "from 1 to"),
        ("SEARCH_ENGINE", "solr", "sqlite"),
    ],
)
def test_a_bad_value_is_named(tmp_path, name, value, expected):
    done = start(tmp_path, **(GOOD | {name: value}))
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert name in last
    assert expected in last
    assert "guessable" not in done.stderr  # it may be a secret
