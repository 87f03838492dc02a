"""Links to pages in editors' texts: each to the page in the language of this address."""

from __future__ import annotations

from django.db.models import Q
from django.utils.html import escape
from django.utils.translation import get_language
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler


class HouseLinks(PageLinkHandler):
    """As Wagtail's, with one query for all links of a text: its own asks which language it is for
    each link, and for the whole of each page."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        ids = {attrs["id"] for attrs in attrs_list if str(attrs.get("id", "")).isdecimal()}
        chosen = Page.objects.filter(pk__in=ids)
        here = Q(locale__language_code=get_language(), live=True)
        same = here & Q(translation_key__in=chosen.values("translation_key"))
        pages = list(Page.objects.filter(Q(pk__in=ids) | same).select_related("locale"))
        by_id = {str(page.pk): page for page in pages}
        translated = {
            page.translation_key: page
            for page in pages
            if page.live and page.locale.language_code == get_language()
        }
        links = []
        for attrs in attrs_list:
            page = by_id.get(str(attrs.get("id")))
            page = translated.get(page.translation_key, page) if page else None
            links.append(f'<a href="{escape(page.url)}">' if page and page.url else "<a>")
        return links
