"""What every template may know."""

from django.conf import settings


def site(request) -> dict[str, str]:
    """The site's name and address; nothing about the visitor."""
    return {"site_name": settings.WAGTAIL_SITE_NAME, "site_address": settings.SITE_ADDRESS}
