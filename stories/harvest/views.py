"""/oai: the one address of OAI-PMH."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from stories.harvest import records
from stories.harvest.answers import Answer, identifier
from stories.harvest.asked import LISTS, Asked, Refused, read
from stories.harvest.lists import check_format, piece
from stories.pages.harvested import Harvested
from stories.pages.machines import tell_machines


@csrf_exempt  # POST is another way to ask, and changes nothing
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def oai(request: HttpRequest) -> HttpResponse:
    """Answers with 200 whatever is asked: what is wrong with it is said in the answer."""
    asked: Asked | None = None
    try:
        asked = read(request.POST if request.method == "POST" else request.GET)
        answer = Answer(asked)
        _answer(asked, answer)
    except Refused as refused:
        # The arguments are said again only where they are ones.
        answer = Answer(None if refused.code in {"badVerb", "badArgument"} else asked)
        answer.refuse(refused)
    response = HttpResponse(answer.finish(), content_type="text/xml; charset=utf-8")
    tell_machines(response, frozenset())
    return response


def _answer(asked: Asked, answer: Answer) -> None:
    if asked.verb in LISTS:
        answer.list(asked.verb, piece(asked))
    elif asked.verb == "GetRecord":
        check_format(asked["metadataPrefix"])
        answer.record(_record(asked["identifier"]))
    elif asked.verb == "ListMetadataFormats":
        if asked["identifier"]:
            _record(asked["identifier"])
        answer.formats()
    elif asked.verb == "ListSets":
        if asked["resumptionToken"]:
            raise Refused("badResumptionToken", "The sets come in one piece.")
        answer.sets()
    else:
        answer.identify()


def _record(asked: str) -> records.Record:
    """Raises Refused with idDoesNotExist for what was never to be harvested."""
    reference = asked.rpartition(":")[2]
    if asked == identifier(reference):
        records.note_changes([reference])
        for record in records.records(Harvested.objects.filter(reference=reference)):
            return record
    raise Refused("idDoesNotExist", "There is no such record.")
