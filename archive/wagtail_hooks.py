"""What the site adds to Wagtail's admin."""

from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from archive.directory import HelpLine


class HelpLineViewSet(SnippetViewSet):
    model = HelpLine
    icon = "help"
    menu_label = "Help lines"
    add_to_admin_menu = True
    menu_order = 310
    list_display = ["name", "number", "hours", "checked_on"]


register_snippet(HelpLineViewSet)
