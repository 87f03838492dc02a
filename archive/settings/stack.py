"""The real engines on one machine, by its owner: production's ways, on loopback without TLS."""

from archive.settings import base
from archive.settings.base import *  # noqa: F403
from archive.settings.environment import read_number

DEBUG = False
ALLOWED_HOSTS = base.ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
# Letters are files here: their private links belong in no terminal.
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = base.DATA_DIR / "letters"
# Who looks around does not want to wait a week for a story to go out.
COOLING_OFF_DAYS = read_number("COOLING_OFF_DAYS", 0, 0, 60, "days")
STATIC_ROOT = base.DATA_DIR / "static"

base.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
