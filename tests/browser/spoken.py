"""A recording with words at known times, on the site: what many tests of the player open."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from media_pipeline import api as media
from media_pipeline import words
from media_pipeline.models import MediaAsset
from stories.contributions.models import Contribution
from tests.people import Contributor, Moderator, Stranger, work


def on_the_site(
    title: str,
    recording: Path,
    said: Sequence[str],
    seconds: float,
    speakers: Sequence[str] = (),
    **told: str,
) -> str:
    """The address of the only story there is; each of its lines takes so many seconds."""
    Contributor().tell(title, recording=recording, **told)
    work()
    cues = [
        media.Cue(at * seconds, (at + 1) * seconds, line, (), speaker)
        for at, (line, speaker) in enumerate(zip_longest(said, speakers, fillvalue=""))
    ]
    asset = MediaAsset.objects.get(pk=Contribution.objects.get().upload.asset_id)
    words.keep(asset, cues, words.PERSON)
    moderator = Moderator.appointed("ailsa")
    moderator.approve(moderator.waiting()[0])
    work()
    [address] = Stranger().stories()
    return address
