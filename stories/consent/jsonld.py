"""A receipt as JSON-LD, after the W3C group's guide to ISO/IEC TS 27560 with the DPV (release 2).

The context is inline: nobody who reads a receipt has to fetch anything. docs/receipts.md says
which field is said with which term.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from stories.consent.choices import LABELS
from stories.consent.events import ConsentEvent, Receipt
from stories.consent.nodes import (
    asked_back,
    controller,
    controller_id,
    destroyed,
    notice,
    notice_id,
    page,
    ref,
    subject,
    time,
    urn,
)

if TYPE_CHECKING:
    from stories.consent.receipts import Closed, Outside

PROFILE = "https://w3id.org/dpv/schema/dpv-27560#"
CONTEXT = {
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "loc": "https://w3id.org/dpv/loc#",
    "pd": "https://w3id.org/dpv/pd#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
MAPPING = Path(__file__).parents[1] / "data" / "receipts.toml"
RIGHTS = (
    "See it all and take a copy",
    "Change your mind, in part or in whole",
    "Have it destroyed",
)


@cache
def mapping() -> dict[str, dict]:
    """{purpose: {"purpose": [terms], "processing": [terms], "recipients": words}}."""
    return tomllib.loads(MAPPING.read_text())


def document(
    receipt: Receipt,
    histories: Sequence[Sequence[ConsentEvent]],
    closed: Sequence[Closed],
    outside: Sequence[Outside],
) -> dict:
    """The whole receipt. `histories`: the events of one purpose each, oldest first."""
    done = [destroyed(each) for each in closed] + [asked_back(each) for each in outside]
    return {
        "@context": CONTEXT,
        "@id": urn(receipt.id),
        "@type": "dpv:ConsentReceipt",
        "dct:conformsTo": ref(PROFILE + "receipt-record"),
        "dct:identifier": str(receipt.id),
        "dpv:hasIdentifier": str(receipt.id),
        "dct:title": receipt.get_kind_display(),
        "dct:created": time(receipt.issued_at),
        "dct:publisher": ref(controller_id()),
        "dpv:hasDataController": controller(histories),
        "dpv:hasDataSubject": subject(receipt.pii_principal_id),
        "dpv:hasRecordOfActivity": [_record(events) for events in histories],
    } | ({"dpv:hasOutcome": done} if done else {})


def _record(events: Sequence[ConsentEvent]) -> dict:
    """One consent: what it is for, on what terms, and everything that happened to it."""
    event = events[-1]
    return {
        "@id": urn(event.record_id),
        "@type": "dpv:ConsentRecord",
        "dct:conformsTo": ref(PROFILE + "record") | {"dct:identifier": event.schema_version},
        "dct:identifier": str(event.record_id),
        "dpv:hasIdentifier": str(event.record_id),
        "dpv:hasDataSubject": ref(urn(event.pii_principal_id)),
        "dpv:hasNotice": notice(event),
        "dpv:hasProcess": _process(event),
        "dpv:hasConsentStatus": [_status(each, event) for each in events],
    }


def _process(event: ConsentEvent) -> dict:
    meant = mapping().get(event.purpose_id, {})
    third_party = ["dpv:Recipient", "dpv:ThirdParty"]
    names = event.recipient_third_parties
    named = [{"@type": third_party, "dpv:hasName": name} for name in names]
    anyone = meant.get("recipients")
    others = [{"@type": "dpv:Recipient", "dpv:hasName": anyone}] if anyone else []
    us = {"@id": controller_id(), "@type": ["dpv:Recipient", "dpv:DataController"]}
    control = {
        "@type": ["dpv:WithdrawConsent", "dpv:ProvideConsent"],
        "dct:description": event.withdrawal_method,
        "dpv:isExercisedAt": page(),
    }
    purpose: dict = {
        "@type": "dpv:Purpose",
        "dct:identifier": event.purpose_id,
        "dct:title": event.purpose.public_label,
    }
    if meant:
        purpose["skos:broader"] = [ref(term) for term in meant["purpose"]]
    return {
        "@type": "dpv:Process",
        "dpv:hasPurpose": purpose,
        "dpv:hasProcessing": [ref(term) for term in meant.get("processing", ["dpv:Use"])],
        "dpv:hasPersonalData": [ref(term) for term in event.pii_type],
        "dpv:hasDataSource": {"@type": "dpv:DataSubjectDataSource"},
        "dpv:hasLegalBasis": {"@type": event.event_type, "dct:description": event.lawful_basis},
        "dpv:hasDataController": ref(controller_id()),
        "dpv:hasRecipient": [us, *named, *others],
        "dpv:hasStorageCondition": [
            *(
                {
                    "@type": "dpv:StorageLocation",
                    "dpv:hasLocation": {"@type": "dpv:Location", "dct:title": place},
                }
                for place in event.storage_locations
            ),
            {
                "@type": "dpv:StorageDuration",
                "dpv:hasDuration": {
                    "@type": "dpv:UntilEventDuration",
                    "rdf:value": event.retention_period,
                },
            },
        ],
        "dpv:hasJurisdiction": ref(f"loc:{event.jurisdiction}"),
        "dpv:hasConsentControl": control,
        "dpv:hasRight": [
            {"@type": "dpv:DataSubjectRight", "dct:title": right, "dpv:isExercisedAt": page()}
            for right in RIGHTS
        ],
    }


def _status(event: ConsentEvent, last: ConsentEvent) -> dict:
    """One event: what it did to the consent, when, for how long, by whom and how."""
    same_words = event.statement_sha256 == last.statement_sha256
    status: dict = {
        "@id": urn(event.record_id) + "#event",
        "@type": [f"dpv:{event.event_state}", event.event_type],
        "dct:identifier": str(event.record_id),
        "dpv:isIndicatedAtTime": time(event.event_time),
        "dpv:hasDuration": _validity(event),
        "dpv:isIndicatedBy": _entity(event),
        "dpv:hasIndicationMethod": event.get_indication_method_display(),
        "dpv:hasNotice": ref(notice_id(event)) if same_words else notice(event),
    }
    if event.choice:
        status["dct:description"] = LABELS.get(event.choice, event.choice)
    if event.allows and event.expires_at:
        status["dct:valid"] = time(event.expires_at)
    return status


def _validity(event: ConsentEvent) -> dict:
    if event.allows:
        days = {"@type": "xsd:duration", "@value": f"P{event.validity_days}D"}
        return {"@type": "dpv:TemporalDuration", "rdf:value": days}
    return {"@type": "dpv:UntilEventDuration", "rdf:value": "Until it is answered again."}


def _entity(event: ConsentEvent) -> dict:
    """Who it was, never by name: staff and guardians are others' business."""
    match event.entity_id:
        case ConsentEvent.Entity.SELF:
            return ref(urn(event.pii_principal_id))
        case ConsentEvent.Entity.GUARDIAN:
            return {"@type": "dpv:GuardianOfDataSubject"}
        case ConsentEvent.Entity.STAFF:
            return {"@type": "dpv:Representative", "dct:title": event.get_entity_id_display()}
        case _:
            return ref(controller_id())
