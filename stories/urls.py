"""Addresses that are not Wagtail pages."""

from django.urls import include, path

from stories.delivery import story_media
from stories.search_page import search

urlpatterns = [
    path("share-your-story/", include("stories.contribute.urls")),
    path("my-story/", include("stories.mine.urls")),
    path("stories/<slug:slug>/media/<str:name>", story_media, name="story_media"),
    path("search/", search, name="search"),
]
