"""The engines that the environment names, as tests run them: real parts that they throw away.

Without any it is the embedded default. On servers, each process that runs tests has a database,
buckets, queues and an index of its own, told apart by MARK.
"""

import os
import tempfile
from pathlib import Path

from archive.settings import engines
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
STATIC_ROOT = _ROOM / "static"

DATABASES = engines.databases(DATA_DIR)
STORAGES = engines.stores(DATA_DIR) | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Two runs at once on the same servers: give each a TEST_MARK. pytest-xdist names its own processes.
MARK = f"{os.environ.get('TEST_MARK', 'tests')}-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
if engines.DATABASE == "sqlite":
    # A file, not memory: threads, workers and WAL behave as they will in life.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
else:
    DATABASES["default"]["TEST"] = {"NAME": f"test_{os.environ.get('TEST_MARK', 'tests')}"}
for _store in STORAGES.values():
    if "bucket_name" in _store.get("OPTIONS", {}):
        _store["OPTIONS"]["bucket_name"] = f"{MARK}-{_store['OPTIONS']['bucket_name']}"
ELASTICSEARCH_INDEX = f"{MARK}-stories"
BROKER_PREFIX = f"{MARK}:"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
COOLING_OFF_DAYS = 0
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DELIVERY = "threads"  # Django's test client has no nginx before it; tests/delivery turns it on
