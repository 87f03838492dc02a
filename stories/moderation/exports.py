"""Exports: stories handed out for a purpose, each one remembered."""

from __future__ import annotations

from django import forms
from django.db.models import Count, Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from stories.consent.models import Purpose
from stories.contributions.models import NotPossible
from stories.contributions.states import TAKEN_BACK
from stories.moderation.frame import frame, moderators
from stories.publishing.export import PURPOSES, export_stories
from stories.publishing.ledger import Export

MOST_SHOWN = 100


def _purposes() -> list[tuple[str, str]]:
    return list(Purpose.objects.filter(slug__in=PURPOSES).values_list("slug", "public_label"))


class ExportForm(forms.Form):
    purpose = forms.ChoiceField(
        label=_("What for"),
        choices=_purposes,
        error_messages={"required": _("Choose what they are for.")},
    )
    recipient = forms.CharField(
        label=_("Who gets them"),
        max_length=120,
        help_text=(
            _("The full name, as it was asked for. It is kept, so that copies can be asked back.")
        ),
        error_messages={"required": _("Write who gets them, so that copies can be asked back.")},
    )


@moderators
def exports(request: HttpRequest) -> HttpResponseBase:
    """GET lists what was handed out; POST makes a zip on the fly and sends it."""
    if request.method != "POST":
        return _show(request, ExportForm())
    form = ExportForm(request.POST)
    if not form.is_valid():
        return _show(request, form, 422)
    said = form.cleaned_data
    try:
        _, spool = export_stories(said["purpose"], said["recipient"], request.user)
    except NotPossible as error:
        form.add_error(None, str(error))
        return _show(request, form, 422)
    name = f"stories-{said['purpose']}-{timezone.now():%Y-%m-%d}.zip"
    return FileResponse(spool, as_attachment=True, filename=name)


def _show(request: HttpRequest, form: ExportForm, status: int = 200) -> HttpResponse:
    labels = dict(_purposes())
    made = Export.objects.select_related("made_by").annotate(
        stories=Count("contributions", distinct=True),
        gone=Count("contributions", filter=Q(contributions__state__in=TAKEN_BACK), distinct=True),
    )
    rows = [(export, labels.get(export.purpose, export.purpose)) for export in made[:MOST_SHOWN]]
    context = frame(gettext("Exports")) | {"form": form, "rows": rows}
    return render(request, "desk/exports.html", context, status=status)


class ExportsItem(MenuItem):
    def __init__(self) -> None:
        super().__init__(
            "Exports",
            reverse_lazy("desk_exports"),
            name="exports",
            icon_name="download",
            order=40,
        )

    def is_shown(self, request) -> bool:
        return request.user.has_perm("stories.moderate")


@hooks.register("register_admin_menu_item")
def exports_item() -> MenuItem:
    return ExportsItem()


urlpatterns = [path("exports/", exports, name="desk_exports")]
