from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StoriesConfig(AppConfig):
    """People's stories, from the form to the page."""

    name = "stories"

    def ready(self) -> None:
        from stories.consent.triggers import install_after_migrate

        post_migrate.connect(install_after_migrate, sender=self)
