"""The receipts of somebody else in a recording: to read and print, and as JSON-LD."""

from __future__ import annotations

import json
import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from stories.consent.receipts import receipt_data, receipt_lines, receipts_of
from stories.contributions.participants import Participant
from stories.mine.part_entry import taking_part


@taking_part
def receipt(request: HttpRequest, person: Participant, key: uuid.UUID) -> HttpResponse:
    """One receipt of theirs. Anybody else's is not found."""
    found = get_object_or_404(receipts_of(person.key), pk=key)
    context = {"receipt": found, "lines": receipt_lines(found)}
    return render(request, "mine/part_receipt.html", context)


@taking_part
def receipt_json(request: HttpRequest, person: Participant, key: uuid.UUID) -> HttpResponse:
    """The same as a document of type dpv:ConsentReceipt. Its file name says nothing."""
    found = get_object_or_404(receipts_of(person.key), pk=key)
    text = json.dumps(receipt_data(found), indent=2, ensure_ascii=False)
    response = HttpResponse(text, content_type="application/ld+json")
    response["Content-Disposition"] = 'attachment; filename="receipt.jsonld"'
    return response


urlpatterns = [
    path("part/receipts/<uuid:key>/", receipt, name="my_part_receipt"),
    path("part/receipts/<uuid:key>/receipt.jsonld", receipt_json, name="my_part_receipt_json"),
]
