"""Receipts: a page to read and print, and the same as JSON-LD."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from stories.consent.receipts import receipt_lines, receipts_of
from stories.contributions.models import Contribution
from stories.mine import everything
from stories.mine.entry import mine
from stories.mine.taken_back import data_of, ledger_for

JSON_LD = "application/ld+json"


@mine
def listing(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    """All receipts, the newest first."""
    context = {"receipts": receipts_of(contribution.contributor_key)}
    return render(request, "mine/receipts.html", context)


@mine
def reading(request: HttpRequest, contribution: Contribution, number: uuid.UUID) -> HttpResponse:
    """One receipt, to read and print. Another person's is not found."""
    receipt = get_object_or_404(receipts_of(contribution.contributor_key), pk=number)
    context = {"receipt": receipt, "story": contribution, "lines": receipt_lines(receipt)}
    return render(request, "mine/receipt.html", context | ledger_for(receipt, contribution))


@mine
def data_file(request: HttpRequest, contribution: Contribution, number: uuid.UUID) -> HttpResponse:
    """The receipt as JSON-LD, in a file whose name says nothing."""
    receipt = get_object_or_404(receipts_of(contribution.contributor_key), pk=number)
    response = HttpResponse(data_of(receipt, contribution), content_type=JSON_LD)
    response["Content-Disposition"] = 'attachment; filename="receipt.jsonld"'
    return response


urlpatterns = [
    path("receipts/", listing, name="my_story_receipts"),
    path("receipts/<uuid:number>/", reading, name="my_story_receipt"),
    path("receipts/<uuid:number>/receipt.jsonld", data_file, name="my_story_receipt_data"),
    *everything.urlpatterns,
]
