"""Addresses that are not Wagtail pages."""

from django.urls import include, path

from stories.api import views as api
from stories.delivery import podcast_chapters, podcast_sound, story_media, transcript_file
from stories.feeds import podcast_feed
from stories.find_page import find_in_story
from stories.harvest.views import oai
from stories.iiif.views import iiif_manifest, iiif_search
from stories.pages.oembed import oembed
from stories.podcasts import podcast_artwork, podcast_series, podcasts
from stories.problem_page import tell_problem
from stories.robots import robots_txt, tdmrep
from stories.search_json import opensearch, search_json
from stories.search_page import search
from stories.search_suggestions import search_suggestions
from stories.share_card import share_card
from stories.sitemaps import site_map
from stories.story_page import story

urlpatterns = [
    path("share-your-story/", include("stories.contribute.urls")),
    path("my-story/", include("stories.mine.urls")),
    path("stories/<slug:slug>/", story, name="story"),
    path("stories/<slug:slug>/media/<str:name>", story_media, name="story_media"),
    path("stories/<slug:slug>/find", find_in_story, name="find_in_story"),
    path("stories/<slug:slug>/card.png", share_card, name="share_card"),
    path("stories/<slug:slug>/iiif/manifest.json", iiif_manifest, name="iiif_manifest"),
    path("stories/<slug:slug>/iiif/search", iiif_search, name="iiif_search"),
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
    path("api/stories", api.stories, name="api_stories"),
    path("api/stories/<str:reference>", api.story, name="api_story"),
    path("api/themes", api.themes, name="api_themes"),
    path("api/openapi.json", api.description, name="api_description"),
    path("oai", oai, name="oai"),
    path("opensearch.xml", opensearch, name="opensearch"),
    path("oembed/", oembed, name="oembed"),
    path("robots.txt", robots_txt, name="robots"),
    path(".well-known/tdmrep.json", tdmrep, name="tdmrep"),
    path("sitemap.xml", site_map, name="sitemap"),
    path(
        "stories/<slug:slug>/transcript.<str:kind>",
        transcript_file,
        name="transcript_file",
    ),
]
