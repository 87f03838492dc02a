"""A sender of files in pieces that speaks tus by hand, right or wrong, through Django's client."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from django.test import Client

from stories.contributions.models import Contribution
from tests.people import FORM

START = FORM + "incoming/"
RESUMABLE = {"Tus-Resumable": "1.0.0"}
BODY_TYPE = "application/offset+octet-stream"


@dataclass
class Sender:
    """`headers` of a call replace the right ones; None leaves one out."""

    client: Client
    address: str = ""

    def ask(self, method: str, address: str, body: bytes = b"", **headers: str | None):
        sent = RESUMABLE | {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in sent.items() if value is not None}
        kind = sent.pop("Content-Type", BODY_TYPE)
        if not body:  # Django's client leaves it out
            sent["Content-Type"] = kind
        return self.client.generic(method, address, body, content_type=kind, headers=sent)

    def begin(self, length: int | str, **headers: str | None):
        response = self.ask("POST", START, **{"Upload-Length": str(length)} | headers)
        self.address = response.get("Location", "")
        return response

    def look(self, **headers: str | None):
        return self.ask("HEAD", self.address, **headers)

    def offset(self) -> int:
        return int(self.look()["Upload-Offset"])

    def add(self, offset: int | str, body: bytes, **headers: str | None):
        return self.ask("PATCH", self.address, body, **{"Upload-Offset": str(offset)} | headers)

    def end(self, **headers: str | None):
        return self.ask("DELETE", self.address, **headers)

    def send(self, content: bytes, piece: int = 10**9) -> None:
        """All of it, in pieces."""
        assert self.begin(len(content)).status_code == 201
        for at in range(0, len(content), piece):
            assert self.add(at, content[at : at + piece]).status_code == 204

    @property
    def id(self) -> str:
        return self.address.rstrip("/").rpartition("/")[2]


def checksum(name: str, body: bytes) -> str:
    return f"{name} {base64.b64encode(hashlib.new(name, body).digest()).decode()}"


def draft() -> Contribution:
    return Contribution.objects.get()


def press_continue(sender: Sender, **fields: str):
    return sender.client.post(FORM + "recording/", {"transcribe": "yes"} | fields)
