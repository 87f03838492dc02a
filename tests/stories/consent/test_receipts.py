"""Receipts as data: held against the Data Privacy Vocabulary itself, and as words for people."""

from __future__ import annotations

import copy
import json
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, SKOS, XSD
from rdflib.paths import Path

from stories.consent.events import ConsentEvent, EventState, Receipt
from stories.consent.jsonld import mapping
from stories.consent.models import Purpose, Statement, current_statement
from stories.consent.receipts import (
    HOW,
    SAID,
    WHO,
    Closed,
    Outside,
    receipt_data,
    receipt_lines,
)
from stories.consent.record import CLOCK, Answer, By, end, give_receipt, record, request
from tests.stories.consent.dpv import DPV, KIND, faults

CLOSED = [Closed("your recording, as you sent it", 2, True, timezone.now())]
OUTSIDE = [
    Outside("podcast apps", "podcast apps", "out_of_reach", "can't be recalled", "nobody can",
            timezone.now()),
    Outside("a partner", "The Hub", "asked", "asked for", "a person of ours asks", timezone.now()),
]  # fmt: skip

# ISO/IEC TS 27560:2023, what a record must hold, by the paths that the W3C guide gives.
DO = DPV.hasProcess
EVENT = DPV.hasConsentStatus
MANDATORY: dict[str, URIRef | Path] = {
    "schema_version": DCTERMS.conformsTo,
    "record_id": DPV.hasIdentifier,
    "pii_principal_id": DPV.hasDataSubject / DCTERMS.identifier,
    "privacy_notice": DPV.hasNotice / DCTERMS.identifier,
    "language": DPV.hasNotice / DCTERMS.language,
    "purpose": DO / DPV.hasPurpose / DCTERMS.identifier,
    "pii_type": DO / DPV.hasPersonalData,
    "pii_controllers": DO / DPV.hasDataController / DPV.hasName,
    "storage_locations": DO / DPV.hasStorageCondition / DPV.hasLocation / DCTERMS.title,
    "retention_period": DO / DPV.hasStorageCondition / DPV.hasDuration / RDF.value,
    "jurisdiction": DO / DPV.hasJurisdiction,
    "recipient_third_parties": DO / DPV.hasRecipient,
    "withdrawal_method": DO / DPV.hasConsentControl / DCTERMS.description,
    "rights": DO / DPV.hasRight / DCTERMS.title,
    "event_time": EVENT / DPV.isIndicatedAtTime,
    "validity_duration": EVENT / DPV.hasDuration / RDF.value,
    "entity_id": EVENT / DPV.isIndicatedBy,
    "event_type": DO / DPV.hasLegalBasis / RDF.type,
    "event_state": EVENT / RDF.type,
    "indication_method": EVENT / DPV.hasIndicationMethod,
    "party_id": DO / DPV.hasDataController / DPV.hasIdentifier,
    "party_address": DO / DPV.hasDataController / DPV.hasAddress,
    "party_contact": DO / DPV.hasDataController / DPV.hasContact,
}


def triples(data: dict) -> Graph:
    return Graph().parse(data=json.dumps(data), format="json-ld")


def keys_in(data) -> set[str]:
    if isinstance(data, list):
        return set().union(*map(keys_in, data)) if data else set()
    if not isinstance(data, dict):
        return set()
    return set(data).union(*(keys_in(value) for key, value in data.items() if key != "@context"))


@pytest.fixture
def principal(site) -> uuid.UUID:
    """Somebody who was asked everything, and has used every way to answer and to change."""
    who = uuid.uuid4()
    staff = get_user_model().objects.create_user("moderator-17")
    for at, purpose in enumerate(Purpose.objects.all()):
        said = ("yes", "no", "later")[at % 3]
        record(who, Answer(current_statement(purpose.slug), said))
    record(who, Answer(current_statement("show_face"), "no", "blurred"))
    partner = Answer(current_statement("partner_reuse"), "yes", recipients=["The Hub", "Radio"])
    record(who, partner, by=By.staff(staff, ConsentEvent.Method.TELEPHONE))
    old = current_statement("publish_text")
    record(who, Answer(old, "yes"), by=By(ConsentEvent.Entity.GUARDIAN, ConsentEvent.Method.PAPER))
    wider = Statement.objects.create(
        purpose_id="publish_text", version=2, question="And in print?", text="Asked for more.",
        change=Statement.Change.WIDER, scope=2,
    )  # fmt: skip
    request(who, wider, CLOCK)
    for state in (EventState.EXPIRED, EventState.INVALIDATED, EventState.REVOKED):
        end(record(who, Answer(current_statement("site_search"), "yes")), state, CLOCK)
    record(who, Answer(current_statement("site_search"), "yes"))
    record(who, Answer(current_statement("site_search"), "no"))
    return who


def test_every_term_is_one_of_the_vocabulary_and_used_as_what_it_is(principal):
    receipt = give_receipt(principal, Receipt.Kind.WITHDRAWN)
    data = receipt_data(receipt, closed=CLOSED, outside=OUTSIDE)
    graph = triples(data)
    assert faults(graph) == set()
    assert (URIRef(f"urn:uuid:{receipt.id}"), RDF.type, DPV.ConsentReceipt) in graph
    # JSON-LD passes by what its context does not know: nothing may get lost that way.
    prefixes = set(data["@context"])
    unknown = {key for key in keys_in(data) if key[0] != "@" and key.split(":")[0] not in prefixes}
    assert unknown == set()
    assert all(isinstance(value, str) for value in data["@context"].values())
    states = {event.event_state for event in ConsentEvent.objects.all()}
    assert {DPV[state] for state in states} <= set(graph.objects(predicate=RDF.type))
    assert set(EventState) - states == {EventState.UNKNOWN}


def test_every_record_holds_what_the_standard_asks_for(principal):
    graph = triples(receipt_data(give_receipt(principal, Receipt.Kind.GIVEN)))
    records = list(graph.subjects(RDF.type, DPV.ConsentRecord))
    assert len(records) == Purpose.objects.count()
    for each in records:
        missing = {
            field for field, path in MANDATORY.items() if not list(graph.objects(each, path))
        }
        assert missing == set()
    receipt = graph.value(predicate=RDF.type, object=DPV.ConsentReceipt)
    for path in (DCTERMS.conformsTo, DPV.hasIdentifier, DCTERMS.created, DCTERMS.publisher):
        assert list(graph.objects(receipt, path))
    assert set(graph.objects(receipt, DPV.hasRecordOfActivity)) == set(records)


def test_a_field_that_is_missing_is_noticed(principal):
    """The check of the check: each mandatory field, taken out, is missed."""
    data = receipt_data(give_receipt(principal, Receipt.Kind.GIVEN))
    one = data["dpv:hasRecordOfActivity"][0]
    data["dpv:hasRecordOfActivity"] = [one]
    for gone, field in (
        ("dpv:hasPersonalData", "pii_type"),
        ("dpv:hasConsentControl", "withdrawal_method"),
        ("dpv:hasRecipient", "recipient_third_parties"),
    ):
        broken = copy.deepcopy(data)
        del broken["dpv:hasRecordOfActivity"][0]["dpv:hasProcess"][gone]
        graph = triples(broken)
        each = graph.value(predicate=RDF.type, object=DPV.ConsentRecord)
        assert not list(graph.objects(each, MANDATORY[field]))


BROKEN = [
    ("dpv:hasConsentStatus", "dpv:hasConsentState"),  # invented
    ("pd:MentalHealth", "pd:MentalHelth"),  # misspelt
    ("dpv:hasRecordOfActivity", "dpv:ConsentRecord"),  # a class as a property
    ('"@type": "dpv:ConsentNotice"', '"@type": "dpv:hasNotice"'),  # a property as a class
    ('"dpv:MakeAvailable"', '"dpv:PublicBenefit"'),  # a purpose where work is wanted
    ('"@type": "dpv:TemporalDuration"', '"@type": "dpv:StorageLocation"'),
    ("https://w3id.org/dpv/pd#", "https://w3id.org/dpv/dpv-pd#"),  # the old address
]


def test_a_broken_term_is_found(principal):
    text = json.dumps(receipt_data(give_receipt(principal, Receipt.Kind.GIVEN)))
    for right, wrong in BROKEN:
        assert right in text
        assert faults(triples(json.loads(text.replace(right, wrong)))), wrong


def test_the_terms_of_purposes_and_personal_data_are_real(site):
    """Data that editors and developers write: each purpose mapped, each term a term."""
    purposes = {purpose.slug: purpose for purpose in Purpose.objects.all()}
    assert set(mapping()) == set(purposes)
    for meant in mapping().values():
        assert {KIND.get(name) for name in meant["purpose"] + meant["processing"]} == {"class"}
    named = {name for purpose in purposes.values() for name in purpose.pii_type}
    assert {KIND.get(name) for name in named} == {"class"}


def test_a_receipt_holds_its_time_and_nobody_else(principal):
    """What came later, and what others said, is not in it; what was said before is."""
    before = give_receipt(principal, Receipt.Kind.GIVEN)
    record(principal, Answer(current_statement("translation"), "yes"))
    record(uuid.uuid4(), Answer(current_statement("translation"), "yes"))
    after = give_receipt(principal, Receipt.Kind.CHANGED)
    for receipt in (before, after):
        graph = triples(receipt_data(receipt))
        events = ConsentEvent.objects.filter(
            pii_principal_id=principal, number__lte=receipt.up_to
        ).values_list("record_id", flat=True)
        told = {
            str(name)
            for status in graph.objects(predicate=EVENT)
            for name in graph.objects(status, DCTERMS.identifier)
        }
        assert told == {str(record_id) for record_id in events}
    assert len(receipt_lines(after)) == len(receipt_lines(before))


def test_the_statement_is_the_one_that_was_shown(principal):
    record(principal, Answer(current_statement("publish_text"), "yes"))
    graph = triples(receipt_data(give_receipt(principal, Receipt.Kind.CHANGED)))
    shown = Statement.objects.filter(purpose="publish_text")
    texts = {str(text) for text in graph.objects(predicate=DCTERMS.description)}
    assert {statement.text for statement in shown} <= texts
    codes = {str(code) for code in graph.objects(
        predicate=URIRef("http://spdx.org/rdf/terms#checksumValue"))}  # fmt: skip
    assert {statement.sha256 for statement in shown} <= codes


def test_no_name_and_no_address_of_anybody(principal):
    text = json.dumps(receipt_data(give_receipt(principal, Receipt.Kind.GIVEN)))
    assert "moderator-17" not in text
    assert "staff:" not in text


def test_what_was_destroyed_and_what_is_out_of_reach(principal):
    receipt = give_receipt(principal, Receipt.Kind.WITHDRAWN)
    graph = triples(receipt_data(receipt, closed=CLOSED, outside=OUTSIDE))
    done = set(graph.objects(URIRef(f"urn:uuid:{receipt.id}"), DPV.hasOutcome))
    assert len(done) == 3
    assert set(graph.objects(predicate=DPV.hasRequestStatus)) == {
        DPV.RequestUnfulfilled,
        DPV.RequestInitiated,
    }
    assert Literal(2) in set(graph.objects(predicate=DCTERMS.extent))


def test_a_purpose_that_an_editor_added_has_a_receipt_too(principal):
    purpose = Purpose.objects.create(
        slug="a_new_one", public_label="Something new", asked="later", pii_type=["pd:Name"]
    )
    statement = Statement.objects.create(purpose=purpose, version=1, question="May we?", text="So.")
    record(principal, Answer(statement, "yes"))
    graph = triples(receipt_data(give_receipt(principal, Receipt.Kind.CHANGED)))
    assert faults(graph) == set()
    node = graph.value(predicate=DCTERMS.identifier, object=Literal("a_new_one"))
    assert not list(graph.objects(node, SKOS.broader))


def test_how_long_a_yes_holds(principal):
    data = receipt_data(give_receipt(principal, Receipt.Kind.GIVEN))
    graph = triples(data)
    ends = {value for value in graph.objects(predicate=DPV.hasDuration / RDF.value)
            if value.datatype == XSD.duration}  # fmt: skip
    assert ends == {Literal("P1825D", datatype=XSD.duration)}


def test_lines_for_people(principal):
    lines = {line.statement.purpose_id: line for line in receipt_lines(
        give_receipt(principal, Receipt.Kind.GIVEN))}  # fmt: skip
    assert lines["show_face"].said == "Blur it"
    partner = lines["partner_reuse"]
    assert (partner.said, partner.how, partner.who) == (
        "Yes: The Hub, Radio", "by telephone", "our staff, for you",
    )  # fmt: skip
    assert partner.until == partner.when + timedelta(days=1825)
    asked_for_more = lines["publish_text"]
    assert asked_for_more.said == "Asked, not answered yet. Your earlier yes stays."
    assert asked_for_more.allows
    search = lines["site_search"]
    assert (search.said, search.until) == ("Taken back", None)
    assert search.earlier[0].said == "Yes"
    assert [line.when for line in search.earlier] == sorted(
        (line.when for line in search.earlier), reverse=True
    )


def test_every_state_way_and_person_has_words():
    assert set(SAID) == set(EventState)
    assert set(HOW) == set(ConsentEvent.Method)
    assert set(WHO) == set(ConsentEvent.Entity)
