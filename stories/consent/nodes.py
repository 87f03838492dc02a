"""The small parts of a receipt's JSON-LD: who, when, what was shown, what became of copies."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

from stories.consent.events import ConsentEvent

if TYPE_CHECKING:
    from stories.consent.receipts import Closed, Outside

REQUEST = {
    "to_ask": "dpv:RequestRequiresAction",
    "asked": "dpv:RequestInitiated",
    "gone": "dpv:RequestFulfilled",
    "out_of_reach": "dpv:RequestUnfulfilled",
}


def notice_id(event: ConsentEvent) -> str:
    """The statement named by its own SHA-256 (RFC 6920): other words have another name."""
    code = base64.urlsafe_b64encode(bytes.fromhex(event.statement_sha256)).decode()
    return f"ni:///sha-256;{code.rstrip('=')}"


def notice(event: ConsentEvent) -> dict:
    """The statement that was shown, word for word, with the code that proves it."""
    statement = event.statement
    return {
        "@id": notice_id(event),
        "@type": "dpv:ConsentNotice",
        "dct:identifier": str(statement),
        "dct:language": event.language,
        "dct:title": {"@value": statement.question, "@language": event.language},
        "dct:description": {"@value": statement.text, "@language": event.language},
        "dct:alternative": {"@value": statement.easy_read, "@language": event.language},
        "dct:date": time(statement.created_at),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": ref("spdx:checksumAlgorithm_sha256"),
            "spdx:checksumValue": event.statement_sha256,
        },
    }


def destroyed(closed: Closed) -> dict:
    """Things of ours, of one kind, that were destroyed or are about to be."""
    status = "dpv:ActivityCompleted" if closed.done else "dpv:ActivityOngoing"
    node: dict = {
        "@type": "dpv:Process",
        "dpv:hasProcessing": ref("dpv:Erase"),
        "dpv:hasActivityStatus": ref(status),
        "dct:title": closed.what,
        "dct:extent": closed.count,
    }
    return node | ({"dct:date": time(closed.when)} if closed.when else {})


def asked_back(outside: Outside) -> dict:
    """A copy that others may hold, and how far asking for it has come."""
    return {
        "@type": "dpv:Process",
        "dpv:hasProcessing": ref("dpv:Erase"),
        "dpv:hasRequestStatus": ref(REQUEST[outside.state]),
        "dpv:hasRecipient": {
            "@type": ["dpv:Recipient", "dpv:ThirdParty"],
            "dpv:hasName": outside.holder,
        },
        "dpv:hasResponsibleEntity": ref(controller_id()),
        "dct:title": outside.what,
        "dct:description": f"{outside.state_label}; {outside.who_asks}",
        "dct:date": time(outside.when),
    }


def controller(histories: Sequence[Sequence[ConsentEvent]]) -> dict:
    """Us, by the name that stands in the newest event; all that we may be reached by."""
    newest = max((events[-1] for events in histories), key=lambda each: each.number, default=None)
    names = newest.pii_controllers if newest else [settings.WAGTAIL_SITE_NAME]
    return {
        "@id": controller_id(),
        "@type": "dpv:DataController",
        "dpv:hasIdentifier": controller_id(),
        "dpv:hasName": names,
        "dpv:hasAddress": settings.CONTROLLER_ADDRESS or settings.SITE_ADDRESS,
        "dpv:hasContact": settings.DEFAULT_FROM_EMAIL,
    }


def subject(principal: UUID) -> dict:
    identifier = str(principal)
    return {"@id": urn(principal), "@type": "dpv:DataSubject", "dct:identifier": identifier}


def page() -> dict:
    """Where everything can be seen and changed. The private link opens it, and is not said."""
    return {"@id": f"{settings.SITE_ADDRESS}/my-story/", "@type": "dpv:RightExerciseNotice"}


def controller_id() -> str:
    """We are named by our own address."""
    return f"{settings.SITE_ADDRESS}/"


def urn(identifier: UUID) -> str:
    """RFC 9562."""
    return f"urn:uuid:{identifier}"


def ref(iri: str) -> dict:
    """A node that is described elsewhere, or a term of a vocabulary."""
    return {"@id": iri}


def time(moment: datetime) -> dict:
    """A moment in UTC, to the second."""
    text = moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"@type": "xsd:dateTime", "@value": text}
