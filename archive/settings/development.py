"""For one machine, by its owner: everything embedded, nothing to configure."""

from archive.settings import base
from archive.settings.base import *  # noqa: F403
from archive.settings.environment import read_number

SECRET_KEY = base.SECRET_KEY or "development only: not a secret, never used on a public address"
ALLOWED_HOSTS = base.ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]", "testserver"]
# Letters are files here: their private links belong in no terminal.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = base.DATA_DIR / "letters"
# Who looks around does not want to wait a week for a story to go out.
COOLING_OFF_DAYS = read_number("COOLING_OFF_DAYS", 0, 0, 60, "days")
STORAGES = base.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
# Serve frontend/dist as it is, without collectstatic.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

base.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
