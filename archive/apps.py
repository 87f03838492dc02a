from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    """The site: its wiring, and the pages that are not stories."""

    name = "archive"
    verbose_name = "The site"
