"""For one machine, by its owner: everything embedded, nothing to configure."""

from archive.settings import base
from archive.settings.base import *  # noqa: F403

SECRET_KEY = base.SECRET_KEY or "development only: not a secret, never used on a public address"
ALLOWED_HOSTS = base.ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]", "testserver"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
STORAGES = base.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
# Serve frontend/dist as it is, without collectstatic.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

base.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
