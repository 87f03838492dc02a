"""One story as files for a recipient: what its open exits let out, and nothing else."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterable

from django.conf import settings

from media_pipeline import api as media
from stories.consent.vocabulary import Term, terms
from stories.contributions.asks import Ask
from stories.pages.models import StoryPage
from stories.pages.noted import note_line
from stories.pages.show import (
    name_to_show,
    open_renditions,
    paragraphs_to_show,
    transcript_to_show,
)

# One file a story and kind is enough to play: the parts of a stream are not.
FILES = ("story.mp4", "story.mp3", "captions.vtt")
CHUNK = 1024 * 1024
RIGHTS = (
    "Copyright stays with the person who told it. Lent for the purpose named in the README, to "
    "the recipient named there. For anything else, please ask."
)
AI_NO = "reserved: not for training or feeding artificial intelligence, nor text and data mining"
AI_YES = "allowed by the person who told it"

README = """\
Stories from {site}
{address}

Lent to: {recipient}
For: {purpose}
On: {day}

People trusted us with these stories, and we trust you with them. Please read this first.

1. Use them for the purpose above and for nothing else.
2. Do not pass them on. Whoever wants them can ask us.
3. Do not try to find out who told a story, and never add a name that is not in it.
4. Do not use them with artificial intelligence, unless a story's file says that it is allowed.
5. Read the content notes before you show a story to anybody.
6. People can change their minds on any day. When we write to you that a story was taken back,
   destroy every copy of it, also in backups as they come round, and tell us that you have.
   The story's number in this list is all that we will tell you.
7. Name a story as its file says, under "cite as".

The stories:
{numbers}
"""


def write_story(
    bundle: zipfile.ZipFile, page: StoryPage, exits: frozenset[str], extracts: Iterable[Ask]
) -> None:
    """Write a folder named by the story's number. With `extracts`, their words are all it holds."""
    folder = page.contribution.reference
    facts = _facts(page, exits)
    if extracts:
        facts["extracts"] = [{"words": asked.words, "use": asked.use} for asked in extracts]
    else:
        facts["files"] = _write_files(bundle, folder, page, exits)
    bundle.writestr(f"{folder}/story.json", json.dumps(facts, indent=2, ensure_ascii=False))


def _facts(page: StoryPage, exits: frozenset[str]) -> dict:
    """Nothing sealed is in it, and a shown name only where that is open."""
    version, reference = page.version, page.contribution.reference
    name = name_to_show(version, exits)
    notes = terms(Term.Scheme.CONTENT_NOTE, version.content_notes)
    return {
        "accession_number": reference,
        "title": version.title,
        "told_by": name or None,
        "language": version.language,
        "kind": page.kind_label,
        "seconds": version.seconds or None,
        "themes": [term.public_label for term in terms(Term.Scheme.THEME, version.themes)],
        "content_notes": [term.public_label for term in notes],
        "content_note": note_line(version, notes, paragraphs=True),
        "rights": RIGHTS,
        "artificial_intelligence": AI_YES if "ai" in exits else AI_NO,
        "cite_as": f"{name or 'Anonymous'}, “{version.title}”, {settings.WAGTAIL_SITE_NAME}, "
        f"{reference}",
    }


def _write_files(
    bundle: zipfile.ZipFile, folder: str, page: StoryPage, exits: frozenset[str]
) -> list[str]:
    written = []
    if paragraphs := paragraphs_to_show(page.version, exits):
        bundle.writestr(f"{folder}/words.txt", "\n\n".join(paragraphs) + "\n")
        written.append("words.txt")
    asset = page.version.asset_id
    if asset is None:
        return written
    if cues := transcript_to_show(page.version, exits):
        bundle.writestr(f"{folder}/transcript.txt", "\n".join(media.told(cues)) + "\n")
        written.append("transcript.txt")
    opened = open_renditions(page, exits)
    names = [name for name in FILES if name in opened]
    # Where the picture may go out and the sound may not.
    if "story.mp4" not in opened and (silent := media.silent_film(opened)):
        names.append(silent)
    for name in names:
        _copy(bundle, f"{folder}/{name}", asset, name, frozenset(opened))
    return written + names


def _copy(bundle: zipfile.ZipFile, target: str, asset, name: str, allowed: frozenset[str]) -> None:
    """A rendition, if this story lets it out."""
    source = media.open_rendition(asset, name) if name in allowed else None
    if source is None:
        return
    with source, bundle.open(target, "w", force_zip64=True) as file:
        shutil.copyfileobj(source, file, CHUNK)
