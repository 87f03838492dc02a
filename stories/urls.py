"""Addresses that are not Wagtail pages."""

from django.urls import include, path

from stories.delivery import podcast_chapters, podcast_sound, story_media, transcript_file
from stories.feeds import podcast_feed
from stories.find_page import find_in_story
from stories.pages.oembed import oembed
from stories.podcasts import podcast_artwork, podcast_series, podcasts
from stories.problem_page import tell_problem
from stories.robots import robots_txt
from stories.search_json import opensearch, search_json
from stories.search_page import search
from stories.search_suggestions import search_suggestions
from stories.sitemaps import site_map
from stories.story_page import story

urlpatterns = [
    path("share-your-story/", include("stories.contribute.urls")),
    path("my-story/", include("stories.mine.urls")),
    path("stories/<slug:slug>/", story, name="story"),
    path("stories/<slug:slug>/media/<str:name>", story_media, name="story_media"),
    path("stories/<slug:slug>/find", find_in_story, name="find_in_story"),
    path("podcasts/", podcasts, name="podcasts"),
    path("podcasts/<slug:slug>/", podcast_series, name="podcast_series"),
    path("podcasts/<slug:slug>/cover.jpg", podcast_artwork, name="podcast_artwork"),
    path("stories/<slug:slug>/problem/", tell_problem, name="tell_problem"),
    path("podcasts/<slug:slug>/feed.xml", podcast_feed, name="podcast_feed"),
    path("podcasts/<slug:slug>/<str:reference>.mp3", podcast_sound, name="podcast_sound"),
    path(
        "podcasts/<slug:slug>/<str:reference>.chapters.json",
        podcast_chapters,
        name="podcast_chapters",
    ),
    path("search/", search, name="search"),
    path("search/suggestions/", search_suggestions, name="search_suggestions"),
    path("api/search", search_json, name="search_json"),
    path("opensearch.xml", opensearch, name="opensearch"),
    path("oembed/", oembed, name="oembed"),
    path("robots.txt", robots_txt, name="robots"),
    path("sitemap.xml", site_map, name="sitemap"),
    path(
        "stories/<slug:slug>/transcript.<str:kind>",
        transcript_file,
        name="transcript_file",
    ),
]
