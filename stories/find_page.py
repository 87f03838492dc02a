"""Words looked for in one story whose page is open: the same as its page with ?find=, as JSON."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stories.contributions.tombstones import is_gone, story_path
from stories.delivery import gone_or_missing
from stories.pages.machines import tell_machines
from stories.pages.models import StoryPage
from stories.pages.show import paragraphs_to_show, transcript_to_show
from stories.pages.within import find_on_page


@never_cache
@require_safe
def find_in_story(request: HttpRequest, slug: str) -> HttpResponse:
    """?q= what was typed. Only in what the page shows at this moment, and it is not logged."""
    story = StoryPage.objects.public_one(slug=slug)
    if story is None:
        return gone_or_missing(request, gone=is_gone(story_path(slug)))
    version, exits = story.version, story.exits
    found = find_on_page(
        request.GET.get("q", "").strip(),
        transcript_to_show(version, exits),
        paragraphs_to_show(version, exits),
    )
    response = JsonResponse(found.answer)
    tell_machines(response, exits - {"outside_search"})
    return response
