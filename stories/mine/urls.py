"""Addresses of the contributor's own page."""

from django.urls import path

from stories.mine import lost, part, people, receipts, views

urlpatterns = [
    *lost.urlpatterns,
    *part.urlpatterns,
    *people.urlpatterns,
    *receipts.urlpatterns,
    path("", views.home, name="my_story"),
    path("code/", views.code, name="my_story_code"),
    path("take-down/", views.take_down, name="my_story_take_down"),
    path("destroy/", views.destroy, name="my_story_destroy"),
    path("rest/", views.rest, name="my_story_rest"),
    path("copy/", views.take_a_copy, name="my_story_copy"),
    path("forget/", views.forget, name="my_story_forget"),
    path("media/<str:name>", views.media_file, name="my_story_media"),
    path("<str:token>/", views.enter, name="my_story_enter"),
]
