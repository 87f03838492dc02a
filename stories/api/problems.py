"""What went wrong, for programs (RFC 9457)."""

from __future__ import annotations

from django.http import JsonResponse

TITLES = {404: "There is no such story.", 410: "This story was taken back."}


def problem(status: int) -> JsonResponse:
    """404 or 410. Any site may read it: it says nothing of a story."""
    response = JsonResponse(
        {"type": "about:blank", "title": TITLES[status], "status": status},
        status=status,
        content_type="application/problem+json",
    )
    response["Access-Control-Allow-Origin"] = "*"
    return response
