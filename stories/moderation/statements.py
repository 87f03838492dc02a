"""Statements: read them, write the next version beside the last, say what changes."""

from __future__ import annotations

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from wagtail import hooks
from wagtail.admin.auth import require_admin_access
from wagtail.admin.menu import MenuItem

from stories.consent.choices import COVERS
from stories.consent.models import Purpose, Statement, current_statement
from stories.consent.record import By, Method
from stories.consent.wording import NothingChanged, Words, WrittenMeanwhile
from stories.moderation.differences import difference
from stories.moderation.frame import frame
from stories.moderation.statement_forms import WIDER, ChangeForm, WordsForm
from stories.moderation.statement_rows import Version, overview, standing_for
from stories.publishing.widen import next_wording

MAY_WRITE = "stories.add_statement"


def writers(view):
    """Only for staff who may write what people are asked."""

    @wraps(view)
    @require_admin_access
    @never_cache
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not request.user.has_perm(MAY_WRITE):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wrapped


@writers
def statements(request: HttpRequest) -> HttpResponse:
    """Every purpose with the words in force, and whose yes stands on them."""
    context = _frame(_("Statements")) | {"rows": overview()}
    return render(request, "desk/statements.html", context)


@writers
def statement(request: HttpRequest, slug: str) -> HttpResponse:
    """Every version of one purpose, the newest first."""
    purpose = get_object_or_404(Purpose, pk=slug)
    versions = Version.all_of(purpose)
    context = _frame(purpose.public_label, (_("Statements"), reverse("desk_statements"))) | {
        "purpose": purpose,
        "versions": versions,
        "languages": sorted({version.statement.language for version in versions}),
        "standing": standing_for(purpose),
    }
    return render(request, "desk/statement.html", context)


@writers
def next_version(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """Write it, check it beside the last, say what changes. Only the last of these writes."""
    current = _current(slug, language)
    if request.method != "POST":
        words = Words.of(current)
        return _write(request, current, WordsForm(initial=vars(words) | {"base": current.version}))
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _write(request, current, form, 422)
    if form.cleaned_data["base"] != current.version:
        return _meanwhile(request, current)
    if form.words == Words.of(current):
        form.add_error(
            None, _("These are the words that are there already. Change something first.")
        )
        return _write(request, current, form, 422)
    match request.POST.get("step"):
        case "publish":
            return _publish(request, current, form)
        case "back":
            return _write(request, current, form)
    return _check(request, current, form, ChangeForm(statement=current))


def _publish(request: HttpRequest, current: Statement, form: WordsForm) -> HttpResponse:
    change = ChangeForm(request.POST, statement=current)
    if not change.is_valid():
        return _check(request, current, form, change, 422)
    is_wider = change.cleaned_data["change"] == WIDER
    widens = change.cleaned_data["widens"] if is_wider else ()
    by = By.staff(request.user, Method.WEB)
    try:
        written = next_wording(current, form.words, widens=widens, by=by)
    except (WrittenMeanwhile, NothingChanged):
        return _meanwhile(request, _current(current.purpose_id, current.language))
    said = _("Version %(version)s is what people read from now on.") % {"version": written.version}
    if is_wider:
        said += " " + _("Whoever said yes before is asked about the new part.")
    messages.success(request, said)
    return redirect("desk_statement", current.purpose_id)


def _meanwhile(request: HttpRequest, newest: Statement) -> HttpResponse:
    """Somebody else was quicker. What was typed stays, now over the newer version."""
    typed = request.POST.copy()
    typed["base"] = str(newest.version)
    form = WordsForm(typed)
    form.add_error(
        None,
        _(
            "Somebody else wrote version %(version)s while you were writing. Your words "
            "are still here, and theirs are below. Take over what you want to keep of "
            "theirs, then go on."
        )
        % {"version": newest.version},
    )
    return _write(request, newest, form, 409, theirs=newest)


def _write(
    request: HttpRequest,
    current: Statement,
    form: WordsForm,
    status: int = 200,
    theirs: Statement | None = None,
) -> HttpResponse:
    context = _next_frame(current) | {"statement": current, "form": form, "theirs": theirs}
    return render(request, "desk/statement_next.html", context, status=status)


def _check(
    request: HttpRequest,
    current: Statement,
    form: WordsForm,
    change: ChangeForm,
    status: int = 200,
) -> HttpResponse:
    old, new = Words.of(current), form.words
    differences = [
        difference(_("The question"), old.question, new.question),
        difference(_("What it means"), old.text, new.text),
        difference(_("Easy Read"), old.easy_read, new.easy_read),
    ]
    wide = [slug for slug, held in COVERS.items() if current.purpose_id in held]
    context = _next_frame(current) | {
        "statement": current,
        "next_number": current.version + 1,
        "form": form,
        "change": change,
        "differences": differences,
        "easy_read_left": differences[2].is_none and not all(d.is_none for d in differences[:2]),
        "also": Purpose.objects.filter(slug__in=wide),
    }
    return render(request, "desk/statement_check.html", context, status=status)


def _current(slug: str, language: str) -> Statement:
    try:
        return current_statement(slug, language)
    except Statement.DoesNotExist as error:
        raise Http404 from error


def _frame(title: str, *crumbs: tuple[str, str]) -> dict:
    return frame(title, *crumbs) | {"header_icon": "doc-full"}


def _next_frame(current: Statement) -> dict:
    label = current.purpose.public_label
    return _frame(
        _("The next version"),
        (_("Statements"), reverse("desk_statements")),
        (label, reverse("desk_statement", args=[current.purpose_id])),
    )


class StatementsItem(MenuItem):
    """In the menu of those who may write."""

    def is_shown(self, request) -> bool:
        return request.user.has_perm(MAY_WRITE)


@hooks.register("register_admin_menu_item")
def statements_item():
    return StatementsItem(
        "Statements",
        reverse_lazy("desk_statements"),
        name="statements",
        icon_name="doc-full",
        order=20,
    )


urlpatterns = [
    path("statements/", statements, name="desk_statements"),
    path("statements/<slug:slug>/", statement, name="desk_statement"),
    path("statements/<slug:slug>/<str:language>/next/", next_version, name="desk_statement_next"),
]
