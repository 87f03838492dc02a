from django.apps import AppConfig
from django.db.models.signals import pre_save


class ArchiveConfig(AppConfig):
    """The site: its wiring, and the pages that are not stories."""

    name = "archive"
    verbose_name = "The site"

    def ready(self) -> None:
        from wagtail_localize.models import TranslationSource

        from archive.pages.languages import refuse_stories

        pre_save.connect(refuse_stories, sender=TranslationSource, dispatch_uid="refuse_stories")
