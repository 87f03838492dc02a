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
        ("DATABASE", "mysql", "sqlite or postgresql"),
        ("DATABASE_PORT", "0", "port number"),
        ("TASK_ENGINE", "threads", "database or celery"),
        ("BROKER_URL", "guessable@redis", "the broker's address"),
        ("STORAGE", "ftp", "files or s3"),
        ("S3_ENDPOINT", "s3:7070", "the S3 server's address"),
        ("S3_BUCKET_PREFIX", "archive_Stories", "small letters"),
        ("DELIVERY", "apache", "threads or nginx"),
        ("DATABASE_PASSWORD_FILE", "/nowhere/key", "a file"),
    ],
)
def test_a_bad_value_is_named(tmp_path, name, value, expected):
    done = start(tmp_path, **(GOOD | {name: value}))
    assert done.returncode != 0
    last = done.stderr.strip().splitlines()[-1]
    assert name in last
    assert expected in last
    assert "guessable" not in done.stderr  # it may be a secret


def test_a_secret_can_stand_in_a_file(tmp_path):
    (tmp_path / "key").write_text(GOOD["SECRET_KEY"] + "\n")
    others = {name: value for name, value in GOOD.items() if name != "SECRET_KEY"}
    done = start(tmp_path, **others, SECRET_KEY_FILE=str(tmp_path / "key"))
    assert done.returncode == 0, done.stderr


def test_engines_that_do_not_go_together_are_named(tmp_path):
    done = start(tmp_path, **GOOD, DATABASE="postgresql")
    assert done.returncode != 0
    assert "SEARCH_ENGINE should be elasticsearch" in done.stderr.strip().splitlines()[-1]
