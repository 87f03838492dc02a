"""What every template may know."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from archive.directory.models import Service


def site(request) -> dict:
    """The site's name and address, and who to call; nothing about the visitor."""
    return {
        "site_name": settings.WAGTAIL_SITE_NAME,
        "site_address": settings.SITE_ADDRESS,
        "help_lines": SimpleLazyObject(lambda: list(Service.objects.crisis_lines())),
    }
