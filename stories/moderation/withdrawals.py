"""The withdrawal ledger: what has gone, what is still to go, and who asks for copies outside."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import log

from stories.contributions.models import Contribution
from stories.contributions.states import TAKEN_BACK, State
from stories.moderation.frame import frame, moderators
from stories.publishing.closing import outside, summary
from stories.publishing.ledger import Closing, OutsideCopy

PAGE_SIZE = 25
TO_DO = (OutsideCopy.State.TO_ASK, OutsideCopy.State.ASKED)
FOLDERS = {"open": _("Still open"), "all": _("All")}


def still_to_close() -> QuerySet[Closing]:
    """Rows that should be gone by now; sources that are kept until a date are not due."""
    kept = Q(contribution__state=State.WITHDRAWN, contribution__destroy_after__gt=timezone.now())
    return Closing.objects.exclude(state=Closing.State.DONE).exclude(kept, step="sources")


def open_copies() -> QuerySet[OutsideCopy]:
    return OutsideCopy.objects.filter(state__in=TO_DO)


def open_things() -> int:
    """Copies to be asked for, and stories that are not closed yet."""
    return open_copies().count() + still_to_close().values("contribution").distinct().count()


def _listed(folder: str) -> QuerySet[Contribution]:
    """Stories that were taken back, or of which one purpose was."""
    found = Contribution.objects.filter(Q(state__in=TAKEN_BACK) | Q(outside_copies__isnull=False))
    if folder == "open":
        closing, copies = still_to_close(), open_copies()
        found = found.filter(
            Q(pk__in=closing.values("contribution")) | Q(pk__in=copies.values("contribution"))
        )
    return found.distinct().order_by("-withdrawn_at", "-pk")


@moderators
def withdrawals(request: HttpRequest) -> HttpResponse:
    folder = request.GET.get("folder", "open")
    folder = folder if folder in FOLDERS else "open"
    page = Paginator(_listed(folder), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [_row(story) for story in page]
    context = frame(gettext("Taken back")) | {
        "rows": rows,
        "page": page,
        "folder": folder,
        "folders": FOLDERS.items(),
    }
    return render(request, "desk/withdrawals.html", context)


def _row(story: Contribution) -> dict:
    closing = list(still_to_close().filter(contribution=story).order_by("listed_at"))
    copies = list(outside(story).select_related("responsible"))
    return {
        "story": story,
        "closing": closing,
        "attempts": max((row.attempts for row in closing), default=0),
        "problem": next((row.problem for row in closing if row.problem), ""),
        "copies": copies,
        "to_do": [copy for copy in copies if copy.state in TO_DO],
        "responsible": {str(copy.responsible) for copy in copies if copy.responsible},
    }


class CopyForm(forms.ModelForm):
    """How far asking has come, and who sees to it."""

    class Meta:
        model = OutsideCopy
        fields = ("state", "responsible", "note")
        labels = {
            "state": _("How far it is"),
            "responsible": _("Who sees to it"),
            "note": _("Note"),
        }
        help_texts = {"note": _("When and how it was asked for. Never a word of the story.")}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        staff = get_user_model().objects.with_perm(  # type: ignore[attr-defined]
            "stories.moderate", backend="django.contrib.auth.backends.ModelBackend"
        )
        self.fields["responsible"] = forms.ModelChoiceField(
            staff,
            required=False,
            label=gettext("Who sees to it"),
            empty_label=gettext("Nobody yet"),
            error_messages={"invalid_choice": gettext("Choose somebody who may moderate.")},
        )

    def clean(self) -> dict:
        said = super().clean() or {}
        if said.get("state") == OutsideCopy.State.OUT_OF_REACH and not said.get("note"):
            self.add_error("note", gettext("Write a few words: why it can't be recalled."))
        return said


@moderators
def withdrawal(request: HttpRequest, reference: str) -> HttpResponse:
    return _show(request, _story(reference))


def _story(reference: str) -> Contribution:
    return get_object_or_404(_listed("all"), reference=reference)


def _show(
    request: HttpRequest, story: Contribution, wrong: CopyForm | None = None, status: int = 200
) -> HttpResponse:
    forms_ = [
        wrong
        if wrong and wrong.instance.pk == copy.pk
        else CopyForm(instance=copy, prefix=f"copy-{copy.pk}")
        for copy in outside(story).select_related("responsible")
    ]
    context = frame(story.reference, (gettext("Taken back"), reverse("desk_withdrawals"))) | {
        "story": story,
        "closings": story.closings.all(),
        "summary": summary(story),
        "copies": [(form, OutsideCopy.objects.get(pk=form.instance.pk)) for form in forms_],
        "manifest": getattr(story, "manifest", None),
    }
    return render(request, "desk/withdrawal.html", context, status=status)


@moderators
def change_copy(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Save what was chosen; the button "I'll see to it" only makes it mine."""
    story = _story(reference)
    copy = get_object_or_404(outside(story), pk=pk)
    if request.method != "POST":
        return redirect("desk_withdrawal", reference)
    me = get_object_or_404(get_user_model(), pk=request.user.pk)
    if "mine" in request.POST:
        copy.responsible = me
        copy.save()
        messages.success(request, gettext("You see to %(holder)s now.") % {"holder": copy.holder})
    else:
        form = CopyForm(request.POST, instance=copy, prefix=f"copy-{copy.pk}")
        if not form.is_valid():
            return _show(request, story, form, 422)
        copy = form.save(commit=False)
        copy.responsible = copy.responsible or me
        copy.save()
        messages.success(request, f"{copy.holder}: {copy.get_state_display()}.")
    log(
        instance=story,
        action="stories.outside_copy",
        user=request.user,
        data={"copy": copy.pk, "state": copy.state},
        content_changed=False,
    )
    return redirect("desk_withdrawal", reference)


class WithdrawalsItem(MenuItem):
    """The ledger, with how much in it is open."""

    def __init__(self) -> None:
        super().__init__(_("Taken back"), "/", name="withdrawals", icon_name="bin", order=30)

    def is_shown(self, request) -> bool:
        return request.user.has_perm("stories.moderate")

    def render_component(self, request):
        self.url = reverse("desk_withdrawals")
        number = open_things()
        self.label = (
            gettext("Taken back (%(number)s)") % {"number": number}
            if number
            else gettext("Taken back")
        )
        return super().render_component(request)


@hooks.register("register_admin_menu_item")
def withdrawals_item() -> MenuItem:
    return WithdrawalsItem()


@hooks.register("register_log_actions")
def log_actions(actions) -> None:
    actions.register_action("stories.outside_copy", _("Ask for a copy"), _("Asked for a copy"))


urlpatterns = [
    path("withdrawals/", withdrawals, name="desk_withdrawals"),
    path("withdrawals/<str:reference>/", withdrawal, name="desk_withdrawal"),
    path("withdrawals/<str:reference>/copies/<int:pk>/", change_copy, name="desk_withdrawal_copy"),
]
