"""A lost link: asked for by e-mail, and answered alike whoever asks."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control

from stories.contributions.models import hash_email
from stories.contributions.places import is_too_often
from stories.letters.lost_links import ask_for_links

NOT_AN_ADDRESS = _("That doesn't look like an e-mail address. One looks like name@example.com.")


class LostForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        error_messages={
            "required": _("Please write the e-mail address that you gave us."),
            "invalid": NOT_AN_ADDRESS,
            "max_length": NOT_AN_ADDRESS,
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "aria-describedby": "email-hint"}),
    )


@cache_control(private=True, no_store=True)
def lost(request: HttpRequest) -> HttpResponse:
    """Ask for an address; then the same page and the same work, whether we know it or not."""
    if request.method != "POST":
        return render(request, "mine/lost.html", {"form": LostForm()})
    form = LostForm(request.POST)
    most = settings.CODE_TRIES_PER_PLACE_PER_HOUR
    if is_too_often(request, "lost link", most, timedelta(hours=1)):
        return render(request, "mine/lost.html", {"form": form, "too_often": True}, status=429)
    if not form.is_valid():
        return render(request, "mine/lost.html", {"form": form}, status=422)
    ask_for_links(hash_email(form.cleaned_data["email"]))
    return render(request, "mine/lost_asked.html")


urlpatterns: list[URLPattern] = [path("lost/", lost, name="my_story_lost")]
