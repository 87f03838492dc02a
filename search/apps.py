from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Documents and how they are found."""

    name = "search"
