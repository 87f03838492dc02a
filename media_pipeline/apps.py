from django.apps import AppConfig


class MediaPipelineConfig(AppConfig):
    """Media assets: what becomes of a recording."""

    name = "media_pipeline"
