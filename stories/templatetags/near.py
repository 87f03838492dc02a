"""Template tag for a search that found nothing."""

from __future__ import annotations

from django import template

from stories.pages.nearest import nearest_themes

register = template.Library()


@register.inclusion_tag("parts/near_themes.html")
def near_themes(typed: str) -> dict:
    """Themes to go on with: `{% near_themes query %}`."""
    themes, are_near = nearest_themes(typed)
    return {"themes": themes, "are_near": are_near}
