"""Which engine does what: the embedded ones, or the servers of the stack. Each by one variable.

They go together freely, with two bounds that start-up holds: FTS5 lives in SQLite's own file, and
only nginx can hand out what lies in a bucket without a worker waiting on a slow telephone.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from archive.settings.environment import (
    read,
    read_choice,
    read_like,
    read_number,
    read_secret,
)

LIGHT_QUEUES = ["default", "light"]
QUEUES = [*LIGHT_QUEUES, "media"]

DATABASE = read_choice("DATABASE", "sqlite", "postgresql")
DATABASE_HOST = read("str", "DATABASE_HOST", "the database server's host", default="localhost")
DATABASE_PORT = read_number("DATABASE_PORT", 5432, 1, 65_535, "port number")
DATABASE_NAME = read("str", "DATABASE_NAME", "a database's name", default="archive")
DATABASE_USER = read("str", "DATABASE_USER", "a name at the database server", default="archive")
DATABASE_PASSWORD = read_secret("DATABASE_PASSWORD", "its password")

TASK_ENGINE = read_choice("TASK_ENGINE", "database", "celery")
BROKER_URL = read_like(
    "BROKER_URL",
    r"rediss?://\S+",
    "the broker's address, such as redis://localhost:6379/0",
    "redis://localhost:6379/0",
)
BROKER_PASSWORD = read_secret("BROKER_PASSWORD", "the broker's password")

STORAGE = read_choice("STORAGE", "files", "s3")
S3_ENDPOINT = read_like(
    "S3_ENDPOINT",
    r"https?://[^/\s]+/?",
    "the S3 server's address, such as http://localhost:7070",
    "http://localhost:7070",
).rstrip("/")
S3_REGION = read("str", "S3_REGION", "an S3 region's name", default="us-east-1")
S3_ACCESS_KEY = read("str", "S3_ACCESS_KEY", "a name at the S3 server", default="")
S3_SECRET_KEY = read_secret("S3_SECRET_KEY", "its secret key")
S3_BUCKET_PREFIX = read_like(
    "S3_BUCKET_PREFIX",
    r"[a-z0-9][a-z0-9-]{0,39}",
    "the beginning of the buckets' names: small letters, digits and hyphens",
    "archive-",
)

SEARCH_ENGINE = read_choice("SEARCH_ENGINE", "sqlite", "elasticsearch")
ELASTICSEARCH_URL = read_like(
    "ELASTICSEARCH_URL",
    r"https?://\S+",
    "the search server's address, such as http://localhost:9200",
    "http://localhost:9200",
)
ELASTICSEARCH_USER = read("str", "ELASTICSEARCH_USER", "a name at the search server", default="")
ELASTICSEARCH_PASSWORD = read_secret("ELASTICSEARCH_PASSWORD", "its password")
ELASTICSEARCH_INDEX = read_like(
    "ELASTICSEARCH_INDEX",
    r"[a-z0-9][a-z0-9-]{0,99}",
    "an index's name: small letters, digits and hyphens",
    "stories",
)

DELIVERY = read_choice("DELIVERY", "threads", "nginx")

if SEARCH_ENGINE == "sqlite" and DATABASE != "sqlite":
    raise ImproperlyConfigured(
        "SEARCH_ENGINE should be elasticsearch where DATABASE is postgresql: "
        "the sqlite engine lives in the database file."
    )


def databases(folder: Path) -> dict[str, dict]:
    if DATABASE == "postgresql":
        return {
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "HOST": DATABASE_HOST,
                "PORT": DATABASE_PORT,
                "NAME": DATABASE_NAME,
                "USER": DATABASE_USER,
                "PASSWORD": DATABASE_PASSWORD,
                "CONN_MAX_AGE": 60,
                "CONN_HEALTH_CHECKS": True,
                "OPTIONS": {"connect_timeout": 5},
            }
        }
    return {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / "archive.sqlite3",
            # A new connection reads the whole schema, and the last one to close empties the log.
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL;"
                    "PRAGMA synchronous=NORMAL;"
                    "PRAGMA secure_delete=ON;"
                    "PRAGMA foreign_keys=ON;"
                    # So that an INSERT OR REPLACE meets the triggers that hold consent records.
                    "PRAGMA recursive_triggers=ON;"
                ),
            },
        }
    }


def tasks() -> dict[str, dict]:
    """Background work: the rows are the truth, these queues are only the bell."""
    backend = {
        "database": "archive.background.database.DatabaseBackend",
        "celery": "archive.background.backend.CeleryBackend",
    }[TASK_ENGINE]
    return {"default": {"BACKEND": backend, "QUEUES": QUEUES}}


def broker_url() -> str:
    """The broker's address with its password in it."""
    if not BROKER_PASSWORD:
        return BROKER_URL
    parts = urlsplit(BROKER_URL)
    user = parts.username or ""
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{user}:{quote(BROKER_PASSWORD, safe='')}@{place}").geturl()


def stores(folder: Path) -> dict[str, dict]:
    """The stores. None has an address: every byte goes through a view.

    On S3 each is a private bucket of its own, so that one can be given other rights, another
    place or another lifetime than the rest.
    """
    if STORAGE == "s3":
        return {
            name: _bucket(end)
            for name, end in {
                "default": "images",
                "originals": "originals",
                "renditions": "renditions",
                "incoming": "incoming",
            }.items()
        }
    return {
        "default": _folder(folder / "images", "/images/"),
        "originals": _folder(folder / "media" / "originals"),
        "renditions": _folder(folder / "media" / "renditions"),
        "incoming": _folder(folder / "incoming"),
    }


def _folder(path: Path, base_url: str | None = None) -> dict:
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": path, "base_url": base_url},
    }


def _bucket(end: str) -> dict:
    return {
        "BACKEND": "media_pipeline.buckets.Bucket",
        "OPTIONS": {
            "endpoint_url": S3_ENDPOINT,
            "region_name": S3_REGION,
            "access_key": S3_ACCESS_KEY,
            "secret_key": S3_SECRET_KEY,
            "bucket_name": f"{S3_BUCKET_PREFIX}{end}",
            "default_acl": None,
            "querystring_auth": True,
            "file_overwrite": True,  # names are random: asking first would be a request for nothing
        },
    }
