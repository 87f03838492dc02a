"""The embedded default as the tests run it: real parts, in folders that the tests throw away."""

import tempfile
from pathlib import Path

from archive.settings import base
from archive.settings.base import *  # noqa: F403

SECRET_KEY = "for tests only"  # noqa: S105
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

_ROOM = Path(tempfile.mkdtemp(prefix="archive-tests-"))
DATA_DIR = _ROOM / "data"
KEYS_DIR = _ROOM / "keys"
JOURNAL_PATH = _ROOM / "journal" / "tombstones.jsonl"
MEDIA_STORE_DIR = DATA_DIR / "media"
MEDIA_WORK_DIR = _ROOM / "work"
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "incoming"
FILE_UPLOAD_TEMP_DIR.mkdir(parents=True)
TEST_ROOM = _ROOM

DATABASES = {
    "default": base.DATABASES["default"]
    # A file, not memory: threads, workers and WAL behave as they will in life.
    | {"NAME": DATA_DIR / "archive.sqlite3", "TEST": {"NAME": DATA_DIR / "test.sqlite3"}}
}
STORAGES = base.stores_in(DATA_DIR) | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
COOLING_OFF_DAYS = 0
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
