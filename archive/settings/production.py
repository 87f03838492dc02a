"""For a public address: HTTPS only, and no default for anything secret."""

from django.core.exceptions import ImproperlyConfigured

from archive.settings import base
from archive.settings.base import *  # noqa: F403

if len(base.SECRET_KEY) < 40:
    raise ImproperlyConfigured("SECRET_KEY should be a random text of 40 characters or more.")
if not base.ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS should be host names separated by commas.")
if not base.SITE_ADDRESS.startswith("https://"):
    raise ImproperlyConfigured("SITE_ADDRESS should be an address that starts with https://.")

DEBUG = False
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000

base.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
