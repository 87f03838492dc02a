"""Whether the process lives, and whether it can serve.

Pages need the database and nothing else: without the broker work waits in its rows, without the
search server search rests, without a bucket the words are still there. So only the database takes
a server out of service; `manage.py check_parts` looks at all the rest.
"""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse

from archive.parts import database

# Set once the database was found to be of this version: that can't change while we run it.
_fits = False


def healthz(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and is of this version, else 503 with the part's name."""
    if _database_is_well():
        return HttpResponse("ok", content_type="text/plain")
    return HttpResponse("database", status=503, content_type="text/plain")


def _database_is_well() -> bool:
    global _fits
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        _fits = _fits or not database.problem()
    except DatabaseError:
        return False
    return _fits
