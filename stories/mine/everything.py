"""Everything that we hold on the person whose story it is, as one zip."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from wagtail.models import ModelLogEntry

from media_pipeline import api as media
from stories import journal
from stories.consent.events import Receipt
from stories.consent.receipts import Line, receipt_lines, receipts_of
from stories.contributions.languages import NAMES
from stories.contributions.models import Contribution
from stories.contributions.sealed import Private
from stories.contributions.spoken import heard
from stories.mine.entry import mine
from stories.mine.holdings import HELD, STAFF, rows_of
from stories.mine.taken_back import data_of
from stories.mine.takeout import add_original, add_rendition, zip_of
from stories.pages.clock import clock

# What each sealed text is, for people. A test holds this against the fields of Private.
YOURS = {
    "title": _("Title"),
    "shown_name": _("Name to show"),
    "asked_name": _("Another name that you asked for"),
    "email": _("Your e-mail address"),
    "others": _("Who else is in your recording"),
    "objection": _("What you wrote about a change of ours"),
    "words": _("Your words"),
    "language": _("The language that you wrote in"),
}
OURS = {"reply": _("What a moderator wrote to you")}
# Lists of addresses for players: of no use in a folder.
PLAYLIST = ".m3u8"


@dataclass(frozen=True)
class Entry:
    """One line of the archive's first page."""

    name: str
    about: str


def texts_of(private: Private, titles: dict[str, str]) -> str:
    """Each text below its own heading; "" when there is none."""
    parts = [
        f"{title}\n{'-' * len(title)}\n{text}\n"
        for name, heading in titles.items()
        if (text := in_words(private, name)) and (title := gettext(heading))
    ]
    return "\n".join(parts)


def in_words(private: Private, name: str) -> str:
    """One of the texts as people read it: "pl" is "Polish (pl)"."""
    text = getattr(private, name)
    if name == "language" and text in NAMES:
        return f"{NAMES[text]} ({text})"
    return text


def fill(bundle: zipfile.ZipFile, story: Contribution) -> None:
    """Write the whole archive. A recording passes through in pieces, never as a whole."""
    entries = [
        *_texts(bundle, story),
        *_recordings(bundle, story),
        *_consents(bundle, story),
        *_records(bundle, story),
    ]
    first = {"entries": entries, "story": story}
    bundle.writestr("index.html", render_to_string("mine/everything_index.html", first))


def _texts(bundle: zipfile.ZipFile, story: Contribution) -> list[Entry]:
    written = []
    for name, titles, about in (
        (
            "what-you-told-us.txt",
            YOURS,
            gettext("Everything that you typed, your e-mail address too."),
        ),
        ("what-we-wrote-to-you.txt", OURS, gettext("What a moderator wrote to you.")),
    ):
        if text := texts_of(story.private, titles):
            bundle.writestr(name, text)
            written.append(Entry(name, about))
    return written


def _recordings(bundle: zipfile.ZipFile, story: Contribution) -> list[Entry]:
    entries = []
    for number, upload in enumerate(story.uploads.order_by("created_at"), start=1):
        folder = f"recording-{number}/"
        if add_original(bundle, f"{folder}as-you-sent-it", upload):
            entries.append(
                Entry(folder, gettext("Your recording as you sent it, and what we made of it."))
            )
        else:
            entries.append(
                Entry("", gettext("Your recording as you sent it is not kept any more."))
            )
        for name in media.renditions(upload.asset_id):
            if not name.endswith(PLAYLIST):
                add_rendition(bundle, folder, upload, name)
        if said := _transcript(upload.asset_id):
            bundle.writestr(f"{folder}written-words.txt", said)
            entries.append(Entry(f"{folder}written-words.txt", gettext("Its words, written down.")))
    return entries


def _transcript(asset_id) -> str:
    cues = heard(asset_id)
    lines = zip(cues, media.told(cues), strict=True)
    return "".join(f"{clock(cue.start)}  {line}\n" for cue, line in lines)


def _consents(bundle: zipfile.ZipFile, story: Contribution) -> list[Entry]:
    receipts = list(receipts_of(story.contributor_key))
    for number, receipt in enumerate(reversed(receipts), start=1):
        bundle.writestr(f"receipts/receipt-{number}.jsonld", data_of(receipt, story))
    context = {"lines": lines_now(story), "story": story}
    page = render_to_string("mine/everything_agreed.html", context)
    bundle.writestr("what-you-agreed-to.html", page)
    entries = [Entry("what-you-agreed-to.html", gettext("Every yes and no of yours, to read."))]
    if receipts:
        entries.append(Entry("receipts/", gettext("Your receipts, for another computer to read.")))
    return entries


def lines_now(story: Contribution) -> list[Line]:
    """What was said up to this moment, whether a receipt was given for it or not."""
    now = Receipt(pii_principal_id=story.contributor_key, up_to=2**62)
    return receipt_lines(now)


def _records(bundle: zipfile.ZipFile, story: Contribution) -> list[Entry]:
    entries = []
    found = [(held.file, gettext(held.about), rows_of(held, story)) for held in HELD]
    found += [
        (
            "who-did-what.json",
            gettext("What our staff did with your story, and when."),
            acts_on(story),
        ),
        (
            "journal.json",
            gettext("Lines about your story in our journal of decisions."),
            lines_on(story),
        ),
    ]
    for file, about, rows in found:
        if rows:
            text = json.dumps(rows, indent=2, ensure_ascii=False)
            bundle.writestr(f"records/{file}", text)
            entries.append(Entry(f"records/{file}", about))
    return entries


def acts_on(story: Contribution) -> list[dict]:
    """Wagtail's log on a story: what and when; every member of staff is the same to others."""
    entries = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Contribution), object_id=str(story.pk)
    ).order_by("timestamp")
    return [
        {
            "what": entry.action.removeprefix("stories.").replace("_", " "),
            "when": entry.timestamp.isoformat(timespec="seconds"),
            "who": STAFF if entry.user_id else gettext("our system"),
        }
        for entry in entries
    ]


def lines_on(story: Contribution) -> list[dict]:
    """Lines of the journal by the story's number or its contributor's key. No keyed codes."""
    keys = {story.reference, str(story.contributor_key)}
    codes = {"mac", "head", "path_hash"}
    try:
        entries = list(journal.read())
    except journal.JournalChanged:  # somebody's copy must not wait until it is mended
        return [
            {"note": gettext("Our journal can't be read today. Ask us, and we send you its lines.")}
        ]
    return [
        {name: value for name, value in entry.items() if name not in codes}
        for entry in entries
        if keys & {entry.get("reference"), entry.get("principal")}
    ]


@mine
def everything(request: HttpRequest, contribution: Contribution) -> HttpResponse:
    """What the copy holds, and the link that makes it."""
    context = {"contribution": contribution, "held": HELD}
    return render(request, "mine/everything.html", context)


@mine
def everything_file(request: HttpRequest, contribution: Contribution) -> HttpResponseBase:
    return zip_of(lambda bundle: fill(bundle, contribution))


urlpatterns = [
    path("everything/", everything, name="my_story_everything"),
    path("everything/copy.zip", everything_file, name="my_story_everything_file"),
]
