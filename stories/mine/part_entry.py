"""Who may come in as somebody else in a recording: whose link this device holds."""

from __future__ import annotations

from functools import wraps

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from stories.contributions import cookies
from stories.contributions.participants import Participant
from stories.mine.entry import private


def taking_part(view):
    """Give the view the person of this device's cookie; else ask for their link."""

    @wraps(view)
    @private
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        person = cookies.participant_from(request)
        if person is None:
            return render(request, "mine/part_come_in.html")
        return view(request, person, *args, **kwargs)

    return wrapped


def is_over(person: Participant) -> bool:
    """Nothing is left to look at or to answer: they were cut out, or the story was taken back."""
    return person.state == Participant.State.CUT or person.contribution.is_taken_back
