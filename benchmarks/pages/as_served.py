"""The demonstration's settings, with styles and scripts as a server sends them: compressed, and
under names that say what is in them."""

from archive.settings import base
from archive.settings.development import *  # noqa: F403

STORAGES = base.STORAGES
STATIC_ROOT = base.ROOT / "var" / "static-as-served"
WHITENOISE_USE_FINDERS = False
WHITENOISE_AUTOREFRESH = False
