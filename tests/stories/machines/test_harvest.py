"""OAI-PMH, asked by a harvester that others use; each answer is held to the protocol's schema."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import httpx2
import pytest
from defusedxml import ElementTree
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree
from oaipmh_scythe import Scythe

from stories.harvest.dublin_core import dublin_core
from stories.pages.harvested import Harvested
from tests.people import Contributor
from tests.stories.machines.told import say, written

OAI = "{http://www.openarchives.org/OAI/2.0/}"


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(Path(__file__).parent / "schemas/all.xsd"))


def held_to_the_schema(answer: bytes):
    """The answer, read. Fails where the protocol's schema does not allow it."""
    schema().assertValid(etree.fromstring(answer))
    return ElementTree.fromstring(answer)


@pytest.fixture
def scythe(site):
    """A harvester whose requests go to the site in this process."""
    harvester = Scythe(f"{settings.SITE_ADDRESS}/oai")
    transport = httpx2.WSGITransport(app=WSGIHandler())
    harvester._client = httpx2.Client(
        transport=transport,
        event_hooks={"response": [lambda answer: held_to_the_schema(answer.read())]},
    )
    yield harvester
    harvester.close()


def later(monkeypatch, seconds: int) -> str:
    """Let so much time pass, and return the moment, as harvesters write it."""
    real_now = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real_now() + timedelta(seconds=seconds))
    return f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}"


def identifiers(records) -> dict[str, bool]:
    return {record.header.identifier: record.header.deleted for record in records}


def test_a_catalogue_keeps_up(scythe, contributor, moderator, monkeypatch):
    page = written(contributor, moderator, "The \x0bkettle & <tea>", themes=["peer-support"])
    name = f"oai:localhost:{page.reference}"
    about = scythe.identify()
    assert (about.protocolVersion, about.deletedRecord) == ("2.0", "persistent")
    assert about.baseURL == scythe.endpoint
    assert about.adminEmail == settings.DEFAULT_FROM_EMAIL
    [form] = scythe.list_metadata_formats()
    assert form.metadataPrefix == "oai_dc"
    assert "connectedness:peer-support" in [found.setSpec for found in scythe.list_sets()]

    [record] = scythe.list_records(set_="connectedness")
    assert record.header.setSpecs == ["connectedness:peer-support"]
    assert record.metadata["title"] == ["The kettle & <tea>"]
    assert record.metadata["creator"] == ["Ostrakova"]
    assert record.metadata["type"] == ["Text"]
    assert f"{settings.SITE_ADDRESS}{page.url}" in record.metadata["identifier"]
    assert "This story talks about suicide." in record.metadata["description"]
    assert "reserved" in record.metadata["rights"][0]
    first = record.header.datestamp
    assert f"{page.shared_on:%Y-%m}" in record.metadata["date"]
    assert "marrowby" not in str(record)  # what is told of it ends with its summary

    # Nothing happened: nothing is new. Then only the name was taken back, and that is.
    moment = later(monkeypatch, 60)
    with pytest.raises(Exception, match="no record"):
        list(scythe.list_records(from_=moment))
    say(page, "show_name", "no", "none")
    [record] = scythe.list_records(from_=moment)
    assert "creator" not in record.metadata
    assert record.header.datestamp > first

    # Taken back from outside search alone, and told to whoever harvested it, in any set.
    moment = later(monkeypatch, 60)
    say(page, "external_search_engines", "no")
    for theme in (None, "hope"):
        [record] = scythe.list_records(from_=moment, set_=theme)
        assert record.header.deleted
        assert record.header.identifier == name
        assert not record.header.setSpecs
    [row] = Harvested.objects.all()
    assert row.fingerprint == ""
    say(page, "external_search_engines", "yes")
    assert not scythe.get_record(identifier=name).header.deleted
    contributor.take_down()
    record = scythe.get_record(identifier=name)
    assert record.header.deleted
    told = record.raw.replace(name, "")
    assert "kettle" not in told
    assert page.slug not in told


def test_a_story_that_was_never_open_to_catalogues_is_unknown_to_them(
    scythe, contributor, moderator
):
    page = written(contributor, moderator, "The kettle")
    say(page, "external_search_engines", "no")  # before anybody harvested
    with pytest.raises(Exception, match="no such record"):
        scythe.get_record(identifier=f"oai:localhost:{page.reference}")
    contributor.take_down()
    with pytest.raises(Exception, match="no record"):
        list(scythe.list_identifiers())
    assert not Harvested.objects.exists()


def test_a_long_list_comes_in_pieces_and_misses_nothing(scythe, moderator, monkeypatch, stranger):
    monkeypatch.setattr("stories.harvest.lists.PAGE_SIZE", 1)
    tellers = [Contributor() for _ in range(3)]
    pages = [
        written(teller, moderator, f"Kettle {number}") for number, teller in enumerate(tellers)
    ]
    harvest = scythe.list_records()
    seen = identifiers([next(harvest)])
    # Between two pieces one goes that was told of, and one that was not.
    waiting = [page for page in pages if f"oai:localhost:{page.reference}" not in seen]
    tellers[pages.index(waiting[-1])].take_down()
    rest = identifiers(harvest)
    assert len(seen | rest) == 3
    assert rest[f"oai:localhost:{waiting[-1].reference}"] is True

    def asked(**arguments: str):
        answer = stranger.client.post("/oai", arguments)  # the other way to ask
        return held_to_the_schema(answer.content)

    token = asked(verb="ListIdentifiers", metadataPrefix="oai_dc").find(f".//{OAI}resumptionToken")
    assert (token.get("completeListSize"), token.get("cursor")) == ("3", "0")
    second = asked(verb="ListIdentifiers", resumptionToken=token.text)
    assert second.find(f".//{OAI}resumptionToken").get("cursor") == "1"
    for wrong in (token.text[:-1], "nonsense"):
        error = asked(verb="ListIdentifiers", resumptionToken=wrong).find(f"{OAI}error")
        assert error.get("code") == "badResumptionToken"
    error = asked(verb="ListRecords", resumptionToken=token.text).find(f"{OAI}error")
    assert error.get("code") == "badResumptionToken"
    monkeypatch.setattr("stories.harvest.lists.TOKEN_AGE", timedelta(seconds=-1))
    error = asked(verb="ListIdentifiers", resumptionToken=token.text).find(f"{OAI}error")
    assert error.get("code") == "badResumptionToken"


def test_who_asks_reads_no_more_stories_than_it_takes(
    stranger, moderator, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr("stories.harvest.lists.PAGE_SIZE", 2)
    described: list[str] = []
    monkeypatch.setattr(
        "stories.harvest.records.dublin_core",
        lambda story: described.append(story.reference) or dublin_core(story),
    )

    def asked(address: str):
        return held_to_the_schema(stranger.client.get(f"/oai?{address}").content)

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as found:
            asked(address)
        return len(found)

    written(Contributor(), moderator, "Kettle 0")
    asked("verb=Identify")
    with django_assert_num_queries(1):
        earliest = asked("verb=Identify").findtext(f".//{OAI}earliestDatestamp")
    assert described == []
    listed = f"verb=ListRecords&{PREFIX}"
    asked(listed)
    few = queries(listed)
    for number in range(1, 5):
        written(Contributor(), moderator, f"Kettle {number}")
    asked(listed)  # notices the new ones
    assert queries(listed) == few
    first = asked(listed)
    described.clear()
    token = first.findtext(f".//{OAI}resumptionToken")
    assert len(asked(f"verb=ListRecords&resumptionToken={token}").findall(f".//{OAI}record")) == 2
    assert len(described) == 2
    # What was noticed after a catalogue asked is not earlier than it was told.
    assert earliest <= min(found.text for found in first.iter(f"{OAI}datestamp"))


PREFIX = "metadataPrefix=oai_dc"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("", "badVerb"),
        ("verb=Delete", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&set=hope", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        (f"verb=ListRecords&{PREFIX}&{PREFIX}", "badArgument"),
        (f"verb=ListRecords&{PREFIX}&resumptionToken=x", "badArgument"),
        (f"verb=ListRecords&{PREFIX}&from=yesterday", "badArgument"),
        (f"verb=ListRecords&{PREFIX}&from=2026-02-30", "badArgument"),
        (f"verb=ListRecords&{PREFIX}&from=2026-02-03&until=2026-02-01", "badArgument"),
        (f"verb=ListRecords&{PREFIX}&from=2026-02-03&until=2026-02-03T00:00:00Z", "badArgument"),
        (f"verb=ListRecords&{PREFIX}&until=1999-01-01", "noRecordsMatch"),
        (f"verb=ListRecords&{PREFIX}&set=nonsense", "noRecordsMatch"),
        (f"verb=ListRecords&{PREFIX}&set=hope:%26%20more", "badArgument"),
        (f"verb=ListRecords&{PREFIX}&set=", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc21", "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=marc%20%3C21%3E", "badArgument"),
        ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
        ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
        (f"verb=GetRecord&{PREFIX}&identifier=oai:localhost:ZZZZ-ZZZZ", "idDoesNotExist"),
        (f"verb=GetRecord&{PREFIX}&identifier=%0B%ED%A0%80", "badArgument"),
        (f"verb=GetRecord&{PREFIX}&identifier=%25%25%20%5B", "badArgument"),
        ("verb=ListMetadataFormats&identifier=oai:x", "idDoesNotExist"),
    ],
)
def test_what_is_wrong_is_said_in_the_protocols_own_codes(stranger, asked, code):
    answer = stranger.client.get(f"/oai?{asked}")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/xml")
    document = held_to_the_schema(answer.content)
    assert [error.get("code") for error in document.findall(f"{OAI}error")] == [code]
    request = document.find(f"{OAI}request")
    assert request.text == f"{settings.SITE_ADDRESS}/oai"
    assert bool(request.attrib) is (code not in {"badVerb", "badArgument"})
    assert datetime.now(UTC) - datetime.fromisoformat(
        document.findtext(f"{OAI}responseDate")
    ) < timedelta(minutes=5)
