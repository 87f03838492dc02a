"""What every template may know."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from archive.directory.models import Service
from archive.pages.languages import house_pages


def site(request) -> dict:
    """The site's name, address and notice, and who to call; nothing about the visitor."""
    return {
        "site_name": settings.WAGTAIL_SITE_NAME,
        "site_address": settings.SITE_ADDRESS,
        "site_notice": settings.SITE_NOTICE,
        "house_pages": SimpleLazyObject(house_pages),
        "help_lines": SimpleLazyObject(lambda: list(Service.objects.crisis_lines())),
    }
