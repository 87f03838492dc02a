"""Every address of the site."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from archive.contact.page import contact, sent
from archive.directory.page import how_it_looks, leaving_quickly, services
from archive.health import healthz, readyz
from archive.images import picture
from archive.languages.views import ScriptWords
from archive.pages.library.files import file

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("pictures/<str:name>", picture, name="picture"),
    path("files/<int:pk>/<str:name>", file, name="file"),
    path("words/<str:language>.js", ScriptWords.as_view(), name="script_words"),
    path("admin/", include(wagtailadmin_urls)),
    path("services/", services, name="services"),
    path("leaving-quickly/", leaving_quickly, name="leaving_quickly"),
    path("how-it-looks/", how_it_looks, name="how_it_looks"),
    path("contact/", contact, name="contact"),
    path("contact/sent/", sent, name="contact_sent"),
    path("", include("stories.urls")),
    # Editors' pages stand at /gd/… in Gaelic. Everything else has one address.
    *i18n_patterns(path("", include(wagtail_urls)), prefix_default_language=False),
]
