"""Settings that every installation shares. The environment is read through environment.py only."""

from __future__ import annotations

from csp.constants import NONE, SELF, UNSAFE_INLINE
from environs import validate

from archive.settings import engines
from archive.settings.environment import (
    ROOT,
    read,
    read_bool,
    read_choice,
    read_like,
    read_number,
    read_path,
    read_secret,
)

DEBUG = read_bool("DEBUG", False)
SECRET_KEY = read_secret("SECRET_KEY", "a long random text")
ALLOWED_HOSTS = read("list", "ALLOWED_HOSTS", "host names separated by commas", default=[])
SITE_ADDRESS = read(
    "str",
    "SITE_ADDRESS",
    "the site's address, such as https://stories.example.org",
    default="http://localhost:8000",
).rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_ADDRESS]
SITE_NOTICE = read("str", "SITE_NOTICE", "a sentence for the top of every page", default="")

# Where things live. Keys and journal stand apart from the data: a backup of DATA_DIR must not
# hold what would bring an erased story back (docs/decisions/0003).
DATA_DIR = read_path("DATA_DIR", ROOT / "var" / "data")
KEYS_DIR = read_path("KEYS_DIR", ROOT / "var" / "keys")
JOURNAL_PATH = read_path("JOURNAL_PATH", ROOT / "var" / "journal" / "tombstones.jsonl")
MEDIA_STORE_DIR = DATA_DIR / "media"
MEDIA_WORK_DIR = read_path("MEDIA_WORK_DIR", ROOT / "var" / "work")

INSTALLED_APPS = [
    "archive",
    "stories",
    "media_pipeline",
    "search",
    "django_tasks",
    "django_tasks_db",
    "wagtail_localize",
    "wagtail.locales",
    "wagtail.contrib.forms",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "archive.compression.CompressedPages",
    "archive.middleware.PrivatePages",
    "archive.middleware.Devices",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "archive.middleware.LanguageOfAddress",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "archive.middleware.StoreAway",
]

ROOT_URLCONF = "archive.urls"
WSGI_APPLICATION = "archive.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "archive.context.site",
            ],
        },
    }
]

DATABASES = engines.databases(DATA_DIR)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "archive.User"
WAGTAILIMAGES_IMAGE_MODEL = "archive.ArchiveImage"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "wagtailadmin_login"

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("gd", "Gàidhlig")]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Europe/London"
USE_TZ = True

TASKS = engines.tasks()
BROKER_URL = engines.broker_url()
BROKER_PREFIX = ""  # before every queue's name

STORAGES = engines.stores(DATA_DIR) | {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DELIVERY = engines.DELIVERY
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "staticfiles"
STATICFILES_DIRS = [ROOT / "frontend" / "dist"]

# Reverse proxies of our own between the visitor and us: each adds to X-Forwarded-For.
PROXIES_IN_FRONT = read_number("PROXIES_IN_FRONT", 0, 0, 5, "proxies")

# Uploads.
MAX_UPLOAD_BYTES = read_number("MAX_UPLOAD_BYTES", 5 * 10**9, 1_000, 10**12, "bytes")
UPLOADS_PER_PLACE_PER_DAY = read_number("UPLOADS_PER_PLACE_PER_DAY", 20, 1, 10_000, "uploads")
# Bytes of uploads that are on their way, of one story's draft and of one place on the network.
UNFINISHED_BYTES_PER_STORY = read_number(
    "UNFINISHED_BYTES_PER_STORY", 10 * 10**9, 1_000, 10**12, "bytes"
)
UNFINISHED_BYTES_PER_PLACE = read_number(
    "UNFINISHED_BYTES_PER_PLACE", 30 * 10**9, 1_000, 10**13, "bytes"
)
UNFINISHED_UPLOAD_DAYS = read_number("UNFINISHED_UPLOAD_DAYS", 3, 1, 30, "days")
MIN_FREE_BYTES = read_number("MIN_FREE_BYTES", 10**9, 0, 10**13, "bytes")
CODE_TRIES_PER_PLACE_PER_HOUR = read_number("CODE_TRIES_PER_PLACE_PER_HOUR", 10, 1, 1_000, "tries")
ENQUIRIES_PER_PLACE_PER_HOUR = read_number("ENQUIRIES_PER_PLACE_PER_HOUR", 5, 1, 1_000, "messages")
# Django spools uploads here; on the same disk as the store, so that keeping one is a rename.
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "incoming"
FILE_UPLOAD_HANDLERS = [
    "stories.contribute.receiving.SizeGuard",
    "stories.contribute.receiving.NamelessFile",
]
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

# How long things are kept.
LINK_DAYS = read_number("LINK_DAYS", 365 * 5, 1, 36_500, "days")
DRAFT_DAYS = read_number("DRAFT_DAYS", 30, 1, 365, "days")
COOLING_OFF_DAYS = read_number("COOLING_OFF_DAYS", 7, 0, 60, "days")
KEEP_DAYS = read_number("KEEP_DAYS", 14, 0, 90, "days")
DECLINED_DAYS = read_number("DECLINED_DAYS", 90, 1, 3_650, "days")
MESSAGE_DAYS = read_number("MESSAGE_DAYS", 365, 1, 3_650, "days")
REPORT_DAYS = read_number("REPORT_DAYS", 90, 1, 3_650, "days")
CONTACT_DAYS = read_number("CONTACT_DAYS", 365 * 5, 1, 3_650, "days")
ENQUIRY_DAYS = read_number("ENQUIRY_DAYS", 90, 1, 730, "days")
MANIFEST_DAYS = read_number("MANIFEST_DAYS", 30, 1, 365, "days")
ON_SILENCE = read(
    "str",
    "ON_SILENCE",
    "review or unpublish",
    default="review",
    validate=validate.OneOf(["review", "unpublish"]),
)

# Who answers for the archive: named in consent records and receipts.
CONTROLLER_ADDRESS = read("str", "CONTROLLER_ADDRESS", "a postal address", default="")

# Letters to contributors.
EMAIL_HOST = read("str", "EMAIL_HOST", "a mail server's host name", default="localhost")
EMAIL_PORT = read_number("EMAIL_PORT", 25, 1, 65_535, "port number")
EMAIL_HOST_USER = read("str", "EMAIL_HOST_USER", "a name at the mail server", default="")
EMAIL_HOST_PASSWORD = read_secret("EMAIL_HOST_PASSWORD", "its password")
EMAIL_USE_TLS = read_bool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = read(
    "str",
    "MAIL_FROM",
    "an e-mail address",
    default="no-reply@localhost.localdomain",
    validate=validate.Email(),
)

# Whether a worker looks now and then at the addresses outside that our pages lead to.
LINK_CHECKS = read_bool("LINK_CHECKS", False)

# The pipeline.
MEDIA_LEASE_SECONDS = read_number("MEDIA_LEASE_SECONDS", 60, 2, 3_600, "seconds")
MEDIA_MAX_ATTEMPTS = read_number("MEDIA_MAX_ATTEMPTS", 4, 1, 20, "attempts")
MEDIA_MAX_SECONDS = read_number("MEDIA_MAX_SECONDS", 4 * 3_600, 10, 86_400, "seconds")
# Gives the key of whoever a recording belongs to: the pipeline itself knows no stories.
MEDIA_KEY_OF = "stories.contributions.keys.secret"
MEDIA_SANDBOX = read_choice("MEDIA_SANDBOX", "auto", "required", "off")
CLAMAV = read_like(
    "CLAMAV",
    r"(unix:/\S+|tcp:[\w.-]+:\d{1,5})?",
    "where clamd listens, such as unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310, or nothing",
    "",
)
SPEECH_MODEL = read(
    "str",
    "SPEECH_MODEL",
    "a faster-whisper model's name or folder, or nothing to look for the packaged one",
    default="",
)

# Search.
SEARCH_ENGINE = engines.SEARCH_ENGINE
ELASTICSEARCH_URL = engines.ELASTICSEARCH_URL
ELASTICSEARCH_USER = engines.ELASTICSEARCH_USER
ELASTICSEARCH_PASSWORD = engines.ELASTICSEARCH_PASSWORD
ELASTICSEARCH_INDEX = engines.ELASTICSEARCH_INDEX

# Wagtail.
WAGTAIL_SITE_NAME = "Stories and experiences"
WAGTAILADMIN_BASE_URL = SITE_ADDRESS
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# Editors' pages in two languages; stories are in the one they were told in (docs/decisions/0029).
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
# A version that nobody has translated yet is a draft, never the English words at /gd/.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
WAGTAIL_USER_EDIT_FORM = "wagtail.users.forms.UserEditForm"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
# What editors may put into the library, and as what it is served.
WAGTAILDOCS_DOCUMENT_MODEL = "archive.ArchiveDocument"
WAGTAILDOCS_CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "epub": "application/epub+zip",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
    "png": "image/png",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "txt": "text/plain; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8",
    "webm": "video/webm",
    "webp": "image/webp",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
WAGTAILDOCS_EXTENSIONS = list(WAGTAILDOCS_CONTENT_TYPES)

# Security. Referrers would carry private links and searches to other sites: none is ever sent.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "SAMEORIGIN"
SESSION_COOKIE_HTTPONLY = True
CONTENT_SECURITY_POLICY = {
    # Wagtail's admin writes inline scripts and styles of its own.
    "EXCLUDE_URL_PREFIXES": ("/admin/",),
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF, "blob:"],
        # media-chrome keeps its styles inside its own elements.
        "style-src": [SELF, UNSAFE_INLINE],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "private": {
            "()": "archive.logs.PrivateFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "filters": {"no_paths": {"()": "archive.logs.NoPaths"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "private",
            "filters": ["no_paths"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Both carry addresses with tokens and searches in them.
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": [], "level": "CRITICAL", "propagate": False},
        # Would write slugs, which carry titles.
        "wagtail": {"level": "WARNING"},
        # Names every document that is asked for.
        "elastic_transport": {"level": "WARNING"},
        "faster_whisper": {"level": "WARNING"},
        "django.db.backends": {"level": "INFO"},
        "django_tasks": {"level": "WARNING"},
        "django_tasks_db": {"level": "WARNING"},
    },
}
