"""The manifest of a story that is taken back: what verification will look for, and no word of it.

Written in the withdrawing transaction, before anything is closed. The hashes of files are the
ones that the pipeline took when it received or made them: a recording of gigabytes is not read
again while a transaction waits. Single words are not kept, hashed or not: whoever came by the
site's secret could try a dictionary on them. Eight words in a row can't be tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model

from media_pipeline import api as media
from stories.consent.models import Statement
from stories.contributions.models import Contribution
from stories.contributions.spoken import heard
from stories.publishing.ledger import Manifest
from stories.publishing.scan.fingerprint import (
    FEWEST,
    SHINGLE,
    hash_words,
    keyed,
    shingles,
    windows,
    words_of,
)

MOST_NAME_WORDS = 8


def write(story: Contribution) -> Manifest:
    """Write or replace a story's manifest; see ledger.Manifest for the shape of its data.

    Call it while the key is there and nothing has been closed.
    """
    data: dict[str, list] = {"shingles": [], "phrases": [], "names": [], "whole": []}
    found: set[str] = set()
    own = _own_words()
    for text in _texts(story):
        found |= shingles(text)
        words = words_of(text)
        if FEWEST <= len(words) < SHINGLE:
            data["phrases"].append(_phrase(words))
        elif words and len(words) < FEWEST:
            data["whole"].append(hash_words(" ".join(words)))
    data["shingles"] = sorted(found - own)
    data["phrases"] = _once([phrase for phrase in data["phrases"] if phrase[2] not in own])
    for name in _names(story):
        words = words_of(name)[:MOST_NAME_WORDS]
        if len(words) > 1:
            data["names"].append(_phrase(words))
        elif words:
            data["whole"].append(hash_words(words[0]))
    data["names"], data["whole"] = _once(data["names"]), sorted(set(data["whole"]))
    if _email_to_look_for(story.private.email):
        data["phrases"].append(_phrase(words_of(story.private.email)))
    data |= _recordings(story)
    manifest, _ = Manifest.objects.update_or_create(
        contribution=story, defaults={"data": data, "scanned_at": None, "clean_at": None}
    )
    return manifest


def _phrase(words: list[str]) -> list:
    """[how many words, hash of the last, hash of all]: the last one saves hashing the rest."""
    return [len(words), hash_words(words[-1]), hash_words(" ".join(words))]


def _once(phrases: list[list]) -> list[list]:
    return [list(phrase) for phrase in sorted({tuple(phrase) for phrase in phrases})]


def _texts(story: Contribution) -> Iterator[str]:
    """Everything that the story has as text, a long text at a time."""
    private = story.private
    yield from (private.title, private.words, private.reply, private.objection)
    for version in story.versions.all():
        yield from (version.title, version.summary, version.words)
        yield from (version.note_remark, version.picture_in_words)
    for asked in story.asks.all():
        yield asked.words
    for asset in _assets(story):
        # One text: a cue by itself is too short to tell it from anybody's "and then I went".
        yield " ".join(cue.text for cue in heard(asset))


def _names(story: Contribution) -> Iterator[str]:
    private = story.private
    yield from (private.shown_name, private.asked_name, *private.others.splitlines())
    for version in story.versions.all():
        yield version.shown_name
    for person in story.participants.all():
        yield person.called


def _email_to_look_for(address: str) -> bool:
    """An address of staff stands in their account, and stays there."""
    staff = get_user_model()._default_manager
    return bool(address) and not staff.filter(email__iexact=address.strip()).exists()


def _assets(story: Contribution) -> list:
    uploads = set(story.uploads.values_list("asset_id", flat=True))
    frozen = set(story.versions.exclude(asset_id=None).values_list("asset_id", flat=True))
    return sorted(uploads | frozen)


def _recordings(story: Contribution) -> dict[str, list]:
    """Keyed SHA-256 of every file, and the random names under which the stores keep them."""
    assets, hashes, stored = _assets(story), set(), set()
    for version in story.versions.all():
        hashes |= set(version.renditions.values())
    for asset in assets:
        hashes |= {item.sha256 for item in media.renditions(asset).values()}
        hashes |= _original_hash(asset)
        stored |= _stored_names(asset)
    return {
        "files": sorted(keyed("file", sha256) for sha256 in hashes),
        "stored": sorted(stored),
        "assets": [str(asset) for asset in assets],
    }


def _stored_names(asset: UUID) -> set[str]:
    """As the stores list them. Where they are away nobody waits: all of an asset's files lie in a
    folder of its name, which is looked for too."""
    try:
        things = [thing.partition(": ") for thing in media.remnants(asset)]
    except media.StoreFailed:
        return set()
    stores = {"originals", "renditions", "incoming"}
    return {name.rpartition("/")[2] for place, _, name in things if place in stores and "/" in name}


def _original_hash(asset: UUID) -> set[str]:
    """What the pipeline noted when it took the recording in."""
    try:
        return {media.info(asset).sha256}
    except media.UnknownAsset:
        return set()


def _own_words() -> frozenset[str]:
    """What the site itself says: finding that proves nothing."""
    said = set(_words_of_templates(settings.SECRET_KEY))
    for parts in Statement.objects.values_list("question", "text", "easy_read"):
        for part in parts:
            said |= _all_windows(part)
    return frozenset(said)


@lru_cache(maxsize=2)
def _words_of_templates(_secret: str) -> frozenset[str]:
    said: set[str] = set()
    for folder in _template_folders():
        for path in folder.rglob("*"):
            if path.suffix in {".html", ".txt"}:
                said |= _all_windows(path.read_text())
    return frozenset(said)


def _template_folders() -> list[Path]:
    engines: list[dict] = settings.TEMPLATES
    return [Path(folder) for engine in engines for folder in engine["DIRS"]]


def _all_windows(text: str) -> set[str]:
    """Hashes of the windows of every size that a manifest can hold."""
    words = words_of(text)
    return {
        hash_words(window) for size in range(FEWEST, SHINGLE + 1) for window in windows(words, size)
    }
