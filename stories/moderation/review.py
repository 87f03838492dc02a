"""One contribution on the desk: everything that its page shows."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from media_pipeline import api as media
from stories.consent.exits import EXITS
from stories.contributions.allowed import exits_of
from stories.contributions.calls import Call
from stories.contributions.models import Contribution
from stories.contributions.spoken import as_heard_now
from stories.contributions.states import State
from stories.moderation.asking import asked_rows
from stories.moderation.forms import ApproveForm, AskForm, DeclineForm
from stories.moderation.frame import above, frame
from stories.moderation.rows import TO_READ, goes_out
from stories.moderation.said import what_was_said, why_closed
from stories.pages.altered import what_was_done
from stories.pages.models import StoryPage
from stories.pages.show import paragraphs_of, player_for
from stories.publishing.agree import version_to_agree
from stories.publishing.beside import version_with
from stories.publishing.decline import REASONS
from stories.publishing.poster import candidates
from stories.publishing.remade import is_remade
from stories.publishing.unsure import number_unsure, speakers, to_read
from stories.publishing.words import STANDING, are_new
from stories.publishing.written_in import may_be_corrected


def show(
    request: HttpRequest,
    story: Contribution,
    *,
    approve: ApproveForm | None = None,
    decline: DeclineForm | None = None,
    ask: AskForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with the forms as they were typed."""
    context = frame(story.reference, *above()) | _recording(story) | _waiting(story)
    opened = exits_of(story)
    context |= {
        "contribution": story,
        "story": story.private,
        "paragraphs": paragraphs_of(story.private.words),
        "said": what_was_said(story),
        "exits": [(door, door.name in opened) for door in EXITS],
        "why_closed": [] if story.is_taken_back else why_closed(story),
        "open_decision": story.state in TO_READ,
        "approve_form": approve or ApproveForm(story=story),
        "decline_form": decline or DeclineForm(),
        "cooling_off": settings.COOLING_OFF_DAYS,
        "reason": REASONS.get(story.decline_reason, ""),
        "page": StoryPage.objects.public().filter(contribution=story).first(),
        "runs": story.step_runs.all(),
        "asked": asked_rows(story),
        "ask_form": ask or (AskForm() if story.state == State.PUBLISHED else None),
        "methods": Call.Method.choices,
        "calls": story.calls.all(),
        "problems": story.problems.filter(Q(closed_at=None) | Q(holds=True)),
        "notes_can_change": story.state in STANDING,
        "language_can_change": may_be_corrected(story),
        "picture_to_say": version_with(story, "picture_in_words") is not None,
        "call_to_check": story.calls.filter(identity=Call.Identity.UNCHECKED).first(),
    }
    return render(request, "desk/review.html", context, status=status)


def _waiting(story: Contribution) -> dict:
    """What an approved story waits for; and after a no, what the contributor did not want."""
    waits = version_to_agree(story)
    refused = None
    if story.private.objection and (story.state in TO_READ or are_new(story)):
        refused = story.versions.filter(agreed_at__isnull=True).last()
    return {"waits": waits, "goes_out": goes_out(story), "refused": refused}


def _recording(story: Contribution) -> dict:
    upload = None if story.is_taken_back else story.upload
    progress = media.progress(upload.asset_id) if upload else None
    made = media.renditions(upload.asset_id) if upload else {}
    cues = as_heard_now(upload.asset_id) if upload else []
    base = reverse("desk_queue") + f"{story.reference}/media/"
    return {
        "upload": upload,
        "progress": progress,
        "altered": what_was_done(made),
        "note": media.info(upload.asset_id).note if upload else "",
        "remade": is_remade(story) and version_to_agree(story) is None,
        "ready": progress is None or progress.state == "done",
        "player": player_for(made, base, upload.seconds) if upload else None,
        "posters": candidates(story),
        "cues": to_read(cues),
        "speakers": speakers(cues),
        "unsure": number_unsure(cues),
        "about": media.spoken(upload.asset_id) if upload else None,
        "new_words": are_new(story),
    }
