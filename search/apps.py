from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    """Documents and how they are found."""

    name = "search"

    def ready(self) -> None:
        post_migrate.connect(_after_migrate, sender=self)


def _after_migrate(using: str, **_: object) -> None:
    """Also sent after `manage.py flush`, which empties our tables but not their indexes."""
    from search.engines import fts5, sqlite

    # The tables are not there after `manage.py migrate search zero`, nor on other databases.
    if using == connection.alias and fts5.DOCUMENTS in connection.introspection.table_names():
        sqlite.forget_orphans()
