"""oEmbed (https://oembed.com): a link's title for whoever pastes it, where sharing is allowed."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from stories.pages.addresses import absolute, card_address, slug_in
from stories.pages.cards import HEIGHT, WIDTH
from stories.pages.machines import tell_machines
from stories.pages.models import StoryPage
from stories.pages.podcast import plain

MOST_DIGITS = 9  # of a size
Card = dict[str, str | int]


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """?url= a story's address, ?format=json or xml, ?maxwidth= and ?maxheight= of the picture.

    The type is "link": nothing of ours is framed on other sites, so that taking back is enough.
    """
    wanted = request.GET.get("format", "json")
    if wanted not in {"json", "xml"}:
        return _no("Only format=json and format=xml are answered here.", 501)
    if not request.GET.get("url"):
        return _no("Say which story you mean: ?url= and its address.", 400)
    slug = slug_in(request.GET["url"])
    story = StoryPage.objects.public_one(slug=slug) if slug else None
    if story is None or "sharing" not in story.exits:
        return _no("There is no story to share at this address.", 404)
    card = _card(story)
    if _fits(request, "maxwidth", WIDTH) and _fits(request, "maxheight", HEIGHT):
        card |= {
            "thumbnail_url": card_address(slug),
            "thumbnail_width": WIDTH,
            "thumbnail_height": HEIGHT,
        }
    response = JsonResponse(card) if wanted == "json" else _as_xml(card)
    response["Cache-Control"] = "no-cache"
    tell_machines(response, story.exits)
    return response


def _card(story: StoryPage) -> Card:
    card: Card = {
        "version": "1.0",
        "type": "link",
        "title": story.title_shown,
        "provider_name": settings.WAGTAIL_SITE_NAME,
        "provider_url": absolute("/"),
        "cache_age": 0,
    }
    return card | ({"author_name": story.shown_name} if story.shown_name else {})


def _fits(request: HttpRequest, name: str, size: int) -> bool:
    """Whether a picture of this size may be sent. What is no number is passed over."""
    typed = request.GET.get(name, "")
    sensible = typed.isascii() and typed.isdecimal() and len(typed) <= MOST_DIGITS
    return not sensible or int(typed) >= size


def _as_xml(card: Card) -> HttpResponse:
    response = HttpResponse(content_type="text/xml; charset=utf-8")
    xml = SimplerXMLGenerator(response, "utf-8")
    xml.startDocument()
    xml.startElement("oembed", {})  # type: ignore[arg-type]
    for name, value in card.items():
        xml.addQuickElement(name, plain(str(value)))
    xml.endElement("oembed")
    xml.endDocument()
    return response


def _no(problem: str, status: int) -> JsonResponse:
    return JsonResponse({"error": problem}, status=status)
