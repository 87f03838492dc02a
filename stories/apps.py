from django.apps import AppConfig


class StoriesConfig(AppConfig):
    """People's stories, from the form to the page."""

    name = "stories"
