"""Who may come in: the contributor whose link this device holds."""

from __future__ import annotations

from functools import wraps

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.views.defaults import page_not_found

from stories.contributions import cookies
from stories.contributions.models import NotPossible


def private(view):
    """Nothing of these pages is kept in a cache, a refusal and a redirect included."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except Http404 as error:
            response = page_not_found(request, error)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return wrapped


def mine(view):
    """Give the view the contribution of this device's cookie; else ask for link or code."""

    @wraps(view)
    @private
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        contribution = cookies.contribution_from(request, cookies.MINE)
        if contribution is None:
            return render(request, "mine/come_in.html", status=200)
        return view(request, contribution, *args, **kwargs)

    return wrapped


def mine_while_it_stands(view):
    """As `mine`, for what can only be done to a story that was not taken back: else home."""

    @mine
    @wraps(view)
    def wrapped(request: HttpRequest, contribution, *args, **kwargs) -> HttpResponseBase:
        if contribution.is_taken_back:
            return redirect("my_story")
        try:
            return view(request, contribution, *args, **kwargs)
        except NotPossible:
            return redirect("my_story")  # it has moved on meanwhile, and home says where to

    return wrapped
