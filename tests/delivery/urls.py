"""The site, and beside it what a test asks of it without any story."""

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from archive.urls import urlpatterns as site
from media_pipeline import api
from stories.pages.machines import tell_machines


def rendition(request: HttpRequest, asset, name: str) -> HttpResponseBase:
    """A released rendition, by its asset's id."""
    response = api.respond(request, asset, name, allowed=api.RELEASED)
    tell_machines(response, frozenset())
    return response


def seen(request: HttpRequest) -> JsonResponse:
    names = ("HTTP_HOST", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO")
    return JsonResponse([request.META.get(name) for name in names], safe=False)


@csrf_exempt
def sent(request: HttpRequest) -> JsonResponse:
    return JsonResponse(len(request.body), safe=False)


urlpatterns = [
    path("released/<uuid:asset>/<str:name>", rendition),
    path("seen", seen),
    path("sent", sent),
    *site,
]
