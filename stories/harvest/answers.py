"""The answers of OAI-PMH 2.0 as XML, one function for each verb."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Min
from django.urls import reverse
from django.utils import timezone
from django.utils.xmlutils import SimplerXMLGenerator

from stories.harvest import records
from stories.harvest.asked import Asked, Refused
from stories.harvest.lists import PREFIX, Piece
from stories.harvest.records import Record
from stories.pages.addresses import absolute
from stories.pages.harvested import Harvested
from stories.pages.podcast import plain

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
OAI_XSD = "http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"
OAI_DC_XSD = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"


class Answer:
    """One document. Used as: answer = Answer(asked); answer.identify(); answer.finish()."""

    def __init__(self, asked: Asked | None) -> None:
        """`asked`: None where not even the verb and its arguments were right."""
        self._into = io.StringIO()
        self._xml = SimplerXMLGenerator(self._into, "UTF-8")
        self._xml.startDocument()
        schema = {"xmlns": OAI, "xmlns:xsi": XSI, "xsi:schemaLocation": f"{OAI} {OAI_XSD}"}
        self._xml.startElement("OAI-PMH", schema)  # type: ignore[arg-type]
        self._say("responseDate", stamp(timezone.now()))
        said = {"verb": asked.verb} | asked.arguments if asked else {}
        self._say("request", base_url(), **{name: plain(value) for name, value in said.items()})

    def finish(self) -> bytes:
        self._xml.endElement("OAI-PMH")
        self._xml.endDocument()
        return self._into.getvalue().encode()

    def refuse(self, refused: Refused) -> None:
        self._say("error", str(refused), code=refused.code)

    def identify(self) -> None:
        # Whatever is still to be noticed gets a later time than this.
        first = Harvested.objects.aggregate(first=Min("datestamp"))["first"]
        with self._inside("Identify"):
            self._say("repositoryName", settings.WAGTAIL_SITE_NAME)
            self._say("baseURL", base_url())
            self._say("protocolVersion", "2.0")
            self._say("adminEmail", settings.DEFAULT_FROM_EMAIL)
            self._say("earliestDatestamp", stamp(first or timezone.now()))
            self._say("deletedRecord", "persistent")
            self._say("granularity", "YYYY-MM-DDThh:mm:ssZ")

    def formats(self) -> None:
        with self._inside("ListMetadataFormats"), self._inside("metadataFormat"):
            self._say("metadataPrefix", PREFIX)
            self._say("schema", OAI_DC_XSD)
            self._say("metadataNamespace", OAI_DC)

    def sets(self) -> None:
        specs = records.set_specs()
        with self._inside("ListSets"):
            for theme in records.themes():
                with self._inside("set"):
                    self._say("setSpec", specs[theme.slug])
                    self._say("setName", plain(theme.label))

    def record(self, record: Record) -> None:
        with self._inside("GetRecord"):
            self._record(record)

    def list(self, verb: str, piece: Piece) -> None:
        with self._inside(verb):
            for record in piece.records:
                if verb == "ListRecords":
                    self._record(record)
                else:
                    self._header(record)
            if piece.token is not None:
                counts = {"completeListSize": str(piece.size), "cursor": str(piece.cursor)}
                if piece.token:
                    counts["expirationDate"] = stamp(piece.expires)
                self._say("resumptionToken", piece.token, **counts)

    def _record(self, record: Record) -> None:
        with self._inside("record"):
            self._header(record)
            if record.elements is None:
                return
            schema = {
                "xmlns:oai_dc": OAI_DC,
                "xmlns:dc": DC,
                "xsi:schemaLocation": f"{OAI_DC} {OAI_DC_XSD}",
            }
            with self._inside("metadata"), self._inside("oai_dc:dc", schema):
                for name, value in record.elements:
                    self._say(f"dc:{name}", value)

    def _header(self, record: Record) -> None:
        gone = {"status": "deleted"} if record.elements is None else {}
        with self._inside("header", gone):
            self._say("identifier", identifier(record.reference))
            self._say("datestamp", stamp(record.datestamp))
            for spec in record.sets:
                self._say("setSpec", spec)

    def _say(self, name: str, text: str, **attributes: str) -> None:
        self._xml.addQuickElement(name, text, attributes)

    @contextmanager
    def _inside(self, name: str, attributes: dict[str, str] | None = None) -> Iterator[None]:
        self._xml.startElement(name, attributes or {})  # type: ignore[arg-type]
        yield
        self._xml.endElement(name)


def base_url() -> str:
    return absolute(reverse("oai"))


def identifier(reference: str) -> str:
    """The OAI identifier of a story: the site's host and the accession number."""
    return f"oai:{urlsplit(settings.SITE_ADDRESS).hostname}:{reference}"


def stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
