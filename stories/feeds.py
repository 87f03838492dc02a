"""The podcast feeds: stories whose people allow it, as they allow it at this moment."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Enclosure
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from stories.consent.events import ConsentEvent
from stories.contributions.models import Contribution
from stories.contributions.participants import Participant
from stories.pages.addresses import (
    artwork_address,
    chapters_address,
    enclosure_address,
    feed_address,
    series_address,
    story_address,
    transcript_address,
)
from stories.pages.machines import shared_by_all, tell_machines
from stories.pages.models import StoryPage
from stories.pages.podcast import PodcastFeed, plain
from stories.pages.series import Episode, EpisodePlace, PodcastSeries, episodes_in, in_series
from stories.pages.sharing import described

CAPTIONS = "captions.vtt"
# "Explicit" makes apps hide an episode. Speaking of hard times is not that; swearing is.
EXPLICIT_NOTES = {"strong-language"}
PAGE_SIZE = 100  # apps that know no further pages still have the newest hundred


@require_safe
def podcast_feed(request: HttpRequest, slug: str) -> HttpResponseBase:
    """RSS, with validators that change whenever a story joins, changes or leaves."""
    series = get_object_or_404(PodcastSeries, slug=slug)
    now = timezone.now()
    changed = last_change(now)
    page = page_of(series, request.GET.get("page", "1"))
    episodes = episodes_in(page.object_list)
    body = feed_of(series, page, episodes, changed).writeString("utf-8").encode()
    etag = quote_etag(fingerprint(body, [episode.story for episode in episodes]))
    fresh = HttpResponse(body, content_type=PodcastFeed.content_type)
    fresh["ETag"] = etag
    # This second may yet see another change: nobody is given its date, which would hide that one.
    over = min(changed, now - timedelta(seconds=1))
    fresh["Last-Modified"] = http_date(int(over.timestamp()))
    last = int(changed.timestamp())
    response = get_conditional_response(request, etag, last, fresh) or fresh
    response["Cache-Control"] = "no-cache"
    # Being in a podcast is a purpose of its own; a search engine has no business with the feed.
    exits = shared_by_all(episode.story.exits for episode in episodes) - {"outside_search"}
    tell_machines(response, exits)
    return response


def page_of(series: PodcastSeries, number: str) -> Page:
    """One page of what is syndicated in a series. Raises Http404 for one that is not there."""
    stories = in_series(StoryPage.objects.public(), series)
    try:
        return Paginator(stories, PAGE_SIZE).page(number)
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404 from error


def feed_of(
    series: PodcastSeries, page: Page, episodes: list[Episode], changed: datetime
) -> PodcastFeed:
    feed = PodcastFeed(
        title=plain(series.title),
        link=series_address(series.slug),
        description=plain(series.description),
        language="en-gb",
        author_name=settings.WAGTAIL_SITE_NAME,
        feed_url=feed_address(series.slug, page.number),
        feed_copyright="Each story belongs to the person who told it, and can be taken back. "
        "Please ask before you use one anywhere else.",
        changed=changed,
        guid=str(series.guid),
        image=artwork_address(series.slug),
        order=series.order,
        email=series.contact_email,
        explicit=any(is_explicit(episode) for episode in episodes),
        elsewhere=other_pages(series, page),
    )
    for episode in episodes:
        _add(feed, series, episode)
    return feed


def _add(feed: PodcastFeed, series: PodcastSeries, episode: Episode) -> None:
    story, sound = episode.story, episode.sound
    file = enclosure_address(series.slug, story.reference)
    has_file = CAPTIONS in episode.made and "transcript_file" in story.exits
    has_chapters = bool(story.version.chapters)
    feed.add_item(
        title=plain(story.title_shown),
        link=story_address(story.slug),
        description=plain(described(story)),
        unique_id=story.reference,
        unique_id_is_permalink=False,
        pubdate=story.shared_on,
        enclosures=[Enclosure(file, str(episode.bytes), sound.content_type)],
        seconds=episode.seconds,
        explicit=is_explicit(episode),
        person=plain(story.shown_name),
        transcript=transcript_address(story.slug, "vtt") if has_file else "",
        chapters=chapters_address(series.slug, story.reference) if has_chapters else "",
        number=episode.number,
        language=story.version.language,
    )


def is_explicit(episode: Episode) -> bool:
    return bool(EXPLICIT_NOTES & set(episode.story.version.content_notes))


def other_pages(series: PodcastSeries, page: Page) -> dict[str, str]:
    """Relation and address of the other pages of a long feed; {} where there are none."""
    if page.paginator.num_pages == 1:
        return {}
    numbers = {"first": 1, "last": page.paginator.num_pages}
    if page.has_previous():
        numbers["previous"] = page.previous_page_number()
    if page.has_next():
        numbers["next"] = page.next_page_number()
    return {relation: feed_address(series.slug, number) for relation, number in numbers.items()}


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
    placed = EpisodePlace.objects.aggregate(Max("placed_at"))
    described_anew = PodcastSeries.objects.aggregate(Max("changed_at"))
    found = (moves, versions, ends, said, placed, described_anew)
    times = [time for each in found for time in each.values()]
    known = [time for time in times if time is not None]
    return min(now, max(known)) if known else datetime(2020, 1, 1, tzinfo=now.tzinfo)
