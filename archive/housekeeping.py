"""What on the site has grown old, come loose or is lacking, for staff: services, links outside,
letters, captions."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.auth import require_admin_access
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import log

from archive.contact.models import Delivery, Subject
from archive.contact.sending import send_enquiries
from archive.directory.links import OutsideLink, shown_where, to_mend
from archive.directory.models import Service
from stories.letters import outbox
from stories.letters.stuck import Stuck, nobody_to_tell, stuck, try_all_again, unheard
from stories.pages.lacking import picture_not_looked_at, without_captions
from stories.pages.models import StoryPage

MAY = "archive.change_service"
CHECKED = "archive.service_checked"


@dataclass(frozen=True)
class Report:
    """Everything that somebody should see to. Lists of rows; empty where all is well."""

    services: list[Service]
    links: list[OutsideLink]
    deliveries: list[Delivery]
    unread: list[Subject]
    captions: list[StoryPage]
    pictures: list[StoryPage]
    letters: list[Stuck]
    unheard: int  # reports that can't wait, of which no moderator could be told
    nobody_to_tell: bool

    @classmethod
    def now(cls) -> Report:
        links, where = list(to_mend()), shown_where()
        for link in links:
            link.places = sorted(where.get(link.address, ()))
        undelivered = outbox.given_up(Delivery.objects.select_related("enquiry__subject"))
        return cls(
            list(Service.objects.to_review()),
            links,
            list(undelivered),
            list(Subject.objects.filter(inbox="")),
            list(without_captions().select_related("contribution")),
            list(picture_not_looked_at().select_related("contribution")),
            stuck(),
            unheard().count(),
            nobody_to_tell(),
        )

    def sentences(self) -> list[str]:
        """One for each thing, for a terminal: names of services and addresses, never a person."""
        said = [f"{each.name}: {said_of(each)}" for each in self.services]
        said += [f"{link.address}: {link.get_state_display()}. {link.said}" for link in self.links]
        if self.deliveries:
            said.append(
                _("%(count)s contact messages could not be delivered.")
                % {"count": len(self.deliveries)}
            )
        said += [
            _("%(number)s letters could not be sent (%(occasion)s): %(problem)s.")
            % {"number": each.number, "occasion": each.occasion, "problem": each.problem}
            for each in self.letters
        ]
        if self.unheard:
            said.append(
                _(
                    "%(number)s reports can't wait, and no moderator has an e-mail address "
                    "to be told at."
                )
                % {"number": self.unheard}
            )
        said += [
            _("%(reference)s: no captions.") % {"reference": story.contribution.reference}
            for story in self.captions
        ]
        said += [
            _("%(reference)s: nobody has looked whether its picture says more.")
            % {"reference": story.contribution.reference}
            for story in self.pictures
        ]
        return said


def said_of(service: Service) -> str:
    if service.checked_on is None:
        return _("nobody has checked it yet.")
    return _("last checked on %(day)s, to be checked again.") % {
        "day": date_format(service.checked_on, "j F Y")
    }


def staff_only(view):
    @require_admin_access
    @never_cache
    def wrapped(request: HttpRequest, *args, **kwargs):
        if not request.user.has_perm(MAY):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wrapped


@staff_only
def housekeeping(request: HttpRequest) -> HttpResponse:
    title = "House-keeping"
    home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
    return render(
        request,
        "desk/housekeeping.html",
        {
            "report": Report.now(),
            "links_are_checked": settings.LINK_CHECKS,
            "looked_at": OutsideLink.objects.exclude(looked_at=None).count(),
            "header_title": title,
            "page_title": title,
            "header_icon": "clipboard-list",
            "breadcrumbs_items": [home, {"url": "", "label": title}],
        },
    )


@staff_only
@require_POST
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Somebody has made sure of a service today."""
    service = get_object_or_404(Service, pk=number)
    service.confirm(timezone.localdate())
    log(instance=service, action=CHECKED, user=request.user)
    messages.success(request, _("%(name)s: checked today. Thank you.") % {"name": service.name})
    return redirect("housekeeping")


@staff_only
@require_POST
def deliver_again(request: HttpRequest) -> HttpResponse:
    """The mail server, or an inbox's address, has been mended."""
    number = outbox.put_back(Delivery.objects.all())
    send_enquiries.enqueue()
    messages.success(request, _("%(number)s will be tried again now.") % {"number": number})
    return redirect("housekeeping")


@staff_only
@require_POST
def write_again(request: HttpRequest) -> HttpResponse:
    """The mail server has been mended, or a moderator has an address now."""
    number = try_all_again()
    messages.success(request, _("%(number)s will be tried again now.") % {"number": number})
    return redirect("housekeeping")


class HousekeepingItem(MenuItem):
    """In the menu, with how many things wait."""

    def __init__(self) -> None:
        super().__init__(
            "House-keeping", "/", name="housekeeping", icon_name="clipboard-list", order=320
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MAY)

    def render_component(self, request: HttpRequest):
        self.url = reverse("housekeeping")
        waiting = Service.objects.to_review().count() + to_mend().count()
        waiting += sum(each.number for each in stuck()) + unheard().count()
        self.label = (
            _("House-keeping (%(waiting)s)") % {"waiting": waiting}
            if waiting
            else _("House-keeping")
        )
        return super().render_component(request)


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    return HousekeepingItem()


@hooks.register("register_log_actions")
def log_actions(actions) -> None:
    actions.register_action(
        CHECKED,
        gettext_lazy("Service checked"),
        gettext_lazy("Made sure that a service is as it says"),
    )


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        path("house-keeping/", housekeeping, name="housekeeping"),
        path("house-keeping/services/<int:number>/", confirm, name="housekeeping_confirm"),
        path("house-keeping/deliver-again/", deliver_again, name="housekeeping_deliver"),
        path("house-keeping/write-again/", write_again, name="housekeeping_write"),
    ]
