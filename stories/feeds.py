"""The podcast feed: stories whose people allow it, as they allow it at this moment."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Enclosure
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from media_pipeline import api as media
from stories.consent.events import ConsentEvent
from stories.contributions.models import Contribution
from stories.contributions.participants import Participant
from stories.pages.addresses import (
    SERIES,
    absolute,
    enclosure_address,
    feed_address,
    story_address,
    transcript_address,
)
from stories.pages.bulk import prepared
from stories.pages.machines import shared_by_all, tell_machines
from stories.pages.models import StoryPage
from stories.pages.podcast import PodcastFeed, plain
from stories.pages.sharing import described
from stories.pages.show import open_renditions

ENCLOSURE, CAPTIONS = "story.mp3", "captions.vtt"
# "Explicit" makes apps hide an episode. Speaking of hard times is not that; swearing is.
EXPLICIT_NOTES = {"strong-language"}


@require_safe
def podcast_feed(request: HttpRequest, slug: str) -> HttpResponseBase:
    """RSS, with validators that change whenever a story joins, changes or leaves."""
    if slug != SERIES:
        raise Http404
    now = timezone.now()
    changed = last_change(now)
    episodes = list(syndicated())
    body = feed_of(episodes, changed).writeString("utf-8").encode()
    etag = quote_etag(fingerprint(body, [story for story, _ in episodes]))
    fresh = HttpResponse(body, content_type=PodcastFeed.content_type)
    fresh["ETag"] = etag
    # This second may yet see another change: nobody is given its date, which would hide that one.
    over = min(changed, now - timedelta(seconds=1))
    fresh["Last-Modified"] = http_date(int(over.timestamp()))
    last = int(changed.timestamp())
    response = get_conditional_response(request, etag, last, fresh) or fresh
    response["Cache-Control"] = "no-cache"
    # Being in a podcast is a purpose of its own; a search engine has no business with the feed.
    exits = shared_by_all(story.exits for story, _ in episodes) - {"outside_search"}
    tell_machines(response, exits)
    return response


def syndicated() -> Iterator[tuple[StoryPage, dict[str, media.RenditionInfo]]]:
    """Stories in the feed, newest first, each with the renditions that are open."""
    stories = StoryPage.objects.public().with_exit("podcast").newest()
    for story in prepared(stories):
        made = open_renditions(story, story.exits)
        if ENCLOSURE in made:
            yield story, made


def feed_of(
    episodes: list[tuple[StoryPage, dict[str, media.RenditionInfo]]], changed: datetime
) -> PodcastFeed:
    feed = PodcastFeed(
        title=settings.WAGTAIL_SITE_NAME,
        link=absolute("/"),
        description="Stories of recovery, told by the people who lived them.",
        language="en-gb",
        author_name=settings.WAGTAIL_SITE_NAME,
        feed_url=feed_address(),
        feed_copyright="Each story belongs to the person who told it, and can be taken back. "
        "Please ask before you use one anywhere else.",
        changed=changed,
    )
    for story, made in episodes:
        sound = made[ENCLOSURE]
        file = enclosure_address(story.reference)
        has_file = CAPTIONS in made and "transcript_file" in story.exits
        feed.add_item(
            title=plain(story.title_shown),
            link=story_address(story.slug),
            description=plain(described(story)),
            unique_id=story.reference,
            unique_id_is_permalink=False,
            pubdate=story.shared_on,
            enclosures=[Enclosure(file, str(sound.bytes), sound.content_type)],
            seconds=sound.seconds or story.version.seconds,
            explicit=bool(EXPLICIT_NOTES & set(story.version.content_notes)),
            person=plain(story.shown_name),
            transcript=transcript_address(story.slug, "vtt") if has_file else "",
            language=story.version.language,
        )
    return feed


def fingerprint(body: bytes, stories: list[StoryPage]) -> str:
    """SHA-256 of which decision about which version of which story it shows, and of what it says.

    What it says is in it too: a yes that runs out, or a reworded term, is no decision.
    """
    shown = sorted(
        (story.reference, story.contribution.epoch, story.version.number) for story in stories
    )
    return hashlib.sha256(repr(shown).encode() + body).hexdigest()


def last_change(now: datetime) -> datetime:
    """When a recording that is or was out was last decided on, worked on, or ran out of time.

    Not the newest date of what is in the feed: that would fall back when a story leaves.
    """
    out = Contribution.objects.filter(
        kind=Contribution.Kind.RECORDING, published_at__isnull=False
    ).order_by()
    moves = out.aggregate(
        Max("saved_at"), Max("withdrawn_at"), Max("erased_at"), Max("step_runs__at")
    )
    versions = out.aggregate(Max("versions__frozen_at"), Max("versions__agreed_at"))
    people = out.values("contributor_key").union(
        Participant.objects.filter(contribution__in=out).values("key").order_by()
    )
    answers = ConsentEvent.objects.filter(pii_principal_id__in=people).order_by()
    ends = answers.filter(expires_at__lte=now).aggregate(Max("expires_at"))
    said = answers.aggregate(Max("event_time"))
    times = [*moves.values(), *versions.values(), *ends.values(), *said.values()]
    known = [time for time in times if time is not None]
    return min(now, max(known)) if known else datetime(2020, 1, 1, tzinfo=now.tzinfo)
