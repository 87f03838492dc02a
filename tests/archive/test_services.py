"""The directory of services: one source of truth, dated, narrowed down, and made sure of."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

from archive.directory.models import Area, HelpTopic, Service
from archive.timed import tick
from tests.people import Moderator


def page(address: str = "/services/", **asked: str) -> str:
    response = Client().get(address, asked)
    assert response.status_code == 200
    return response.content.decode()


def names(found: str) -> list[str]:
    return re.findall(r'<li class="service" id="([\w-]+)"', found)


def editor() -> Client:
    """Signed in as somebody who looks after the directory."""
    user = get_user_model().objects.create_user("fern", password="fern has a password")
    user.groups.add(Group.objects.get(name="Editors"))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def places(site) -> dict[str, Service]:
    """A local service and one far away, beside the crisis lines of every new site."""
    scotland = Area.objects.get(slug="scotland")
    made = {}
    for slug in ("edinburgh", "orkney"):
        area = Area.objects.create(slug=slug, label=slug.title(), within=scotland)
        made[slug] = Service.objects.create(
            name=f"A house in {slug}", slug=f"house-{slug}", area=area, web="https://example.org/"
        )
        made[slug].helps_with.add(HelpTopic.objects.get(slug="peers"))
    return made


def test_every_page_takes_its_crisis_lines_from_the_directory(site):
    Service.objects.filter(slug="samaritans").update(phone="116 124")
    Service.objects.filter(slug="nhs-24").update(is_crisis_line=False)
    for address in ("/", "/share-your-story/", "/services/"):
        lines = page(address).partition('class="lines"')[2].partition("</ul>")[0]
        assert 'href="tel:116124">116 124</a>' in lines
        assert 'href="sms:85258">text SHOUT to 85258</a>' in lines
        assert "NHS 24" not in lines
    assert 'href="tel:111"' in page()  # it is still a service
    assert "1 November 2026" in page()


def test_what_helps_in_a_larger_area_helps_here_too(places):
    found = names(page(area="edinburgh"))
    assert "house-edinburgh" in found
    assert "samaritans" in found
    assert "house-orkney" not in found
    assert names(page(area="edinburgh", help="peers")) == ["house-edinburgh"]
    Area.objects.filter(slug="uk").update(within=places["edinburgh"].area)  # a slip of an editor's
    assert "samaritans" in names(page(area="edinburgh"))


def test_unknown_choices_show_everything_and_no_page_is_too_far(
    places, django_assert_max_num_queries
):
    with django_assert_max_num_queries(6):
        everything = names(page())
    asked = {"help": "xyzzy", "area": "\u202e", "page": "9999", "extra": "x" * 5_000}
    assert names(page(**asked)) == everything


def test_staff_are_told_what_nobody_has_made_sure_of(places, clock):
    Service.objects.all().delete()
    local = places["orkney"]
    local.pk = None
    local.checked_on, local.review_days = timezone.localdate(), 30
    local.save()
    assert tick()["services to make sure of"] == 0
    call_command("housekeeping")  # says nothing, and ends well
    clock.set(days=31)
    assert tick()["services to make sure of"] == 1
    assert "something may have changed" in page()
    with pytest.raises(SystemExit) as end:
        call_command("housekeeping")
    staff = editor()
    assert end.value.code == 1
    report = staff.get("/admin/house-keeping/").content.decode()
    assert "A house in orkney" in report
    address = f"/admin/house-keeping/services/{local.pk}/"
    for other in (Client(), Moderator.appointed().client):  # neither has to do with it
        other.post(address)
    assert Service.objects.to_review().count() == 1
    staff.post(address)
    assert Service.objects.get().checked_on == timezone.localdate()
    assert not Service.objects.to_review().exists()


def test_an_entry_that_helps_nobody_is_refused_in_words(site):
    area = Area.objects.get(slug="uk")
    tomorrow = timezone.localdate() + timedelta(days=1)
    for wrong, said in (
        ({}, "at least one way"),
        ({"phone": "call us"}, "no number"),
        ({"web": "https://example.org/", "is_crisis_line": True}, "needs a number"),
        ({"phone": "1", "checked_on": tomorrow}, "still to come"),
        ({"web": "javascript:alert(1)"}, "valid URL"),
    ):
        with pytest.raises(ValidationError, match=said):
            Service(name="Nobody", slug="nobody", area=area, **wrong).full_clean()


def test_help_lines_of_an_older_site_become_services(transactional_db):
    """By the migration itself, there and back again."""
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes("archive")
    try:
        old = executor.migrate([("archive", "0003_sections")]).apps.get_model("archive", "HelpLine")
        for order, name in enumerate(("Samaritans", "The Phone", "The phone")):
            old.objects.create(
                name=name, number=f"116 12{order}", hours="any time", order=order,
                checked_on=date(2026, 11, 1),
            )  # fmt: skip
    finally:
        MigrationExecutor(connection).migrate(newest)
    first, *others = Service.objects.crisis_lines()
    assert (first.slug, first.phone, first.hours) == ("samaritans", "116 120", "any time")
    assert (first.checked_on, first.is_to_review) == (date(2026, 11, 1), first.is_to_review)
    assert first.review_on == date(2026, 11, 1) + timedelta(days=first.review_days)
    assert sorted(each.slug for each in others) == ["the-phone", "the-phone-2"]
