"""What every page of the desk shares: who may open it, and Wagtail's frame around it."""

from __future__ import annotations

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access

from stories.contributions.models import Contribution
from stories.contributions.states import State


def moderators(view):
    """Only for staff who may moderate."""

    @wraps(view)
    @require_admin_access
    @never_cache
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not request.user.has_perm("stories.moderate"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wrapped


def sent(reference: str) -> Contribution:
    """A contribution that has been sent. A draft is its writer's alone: 404."""
    return get_object_or_404(Contribution.objects.exclude(state=State.DRAFT), reference=reference)


def frame(title: str, *crumbs: tuple[str, str]) -> dict:
    """What Wagtail's page frame needs. `crumbs`: (label, address) of the pages above."""
    home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
    items = [home, *({"url": url, "label": label} for label, url in crumbs)]
    return {
        "header_title": title,
        "page_title": title,
        "header_icon": "openquote",
        "breadcrumbs_items": [*items, {"url": "", "label": title}],
    }


def above(story: Contribution | None = None) -> list[tuple[str, str]]:
    """The pages above one of a story's."""
    crumbs = [(_("Contributions"), reverse("desk_queue"))]
    if story:
        crumbs.append((story.reference, reverse("desk_review", args=[story.reference])))
    return crumbs
