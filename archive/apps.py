from django.apps import AppConfig
from django.db.models.signals import post_save, pre_save


class ArchiveConfig(AppConfig):
    """The site: its wiring, and the pages that are not stories."""

    name = "archive"
    verbose_name = "The site"

    def ready(self) -> None:
        from wagtail_localize.models import Translation, TranslationSource

        from archive.pages.languages import begin_as_draft, refuse_stories

        pre_save.connect(refuse_stories, sender=TranslationSource, dispatch_uid="refuse_stories")
        post_save.connect(begin_as_draft, sender=Translation, dispatch_uid="begin_as_draft")
