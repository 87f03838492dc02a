"""robots.txt (RFC 9309) and tdmrep.json (W3C TDM Reservation Protocol): the rules for the site.

What holds for one story only is said with that story, in its headers, which go before these.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from stories.pages.addresses import absolute
from stories.pages.machines import RESERVATION

# A page that says noindex has to be read to be obeyed, so no story is listed here.
CLOSED = ("/admin/", "/my-story/", "/share-your-story/", "/search/", "/api/")


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), "Allow: /", ""]
    lines += [f"Sitemap: {absolute(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def tdmrep(request: HttpRequest) -> JsonResponse:
    """Mining is reserved everywhere. No policy is offered: nobody but the tellers could say yes."""
    return JsonResponse([{"location": "/", RESERVATION: 1}], safe=False)
