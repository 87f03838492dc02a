"""Every kind of page is valid HTML: a visitor's, the form's, a contributor's own."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import recordings
from tests.browser.test_pages import fill
from tests.browser.test_sections import pages
from tests.html.checker import remarks
from tests.people import Contributor, Moderator, Stranger, work

pytestmark = pytest.mark.stack
one_of_each = pages  # under a name of its own, with one page of each type of the sections
STEPS = (
    "how", "recording", "others", "words", "name", "voice", "consent/site_search", "email",
    "check", "later",
)  # fmt: skip


def read(client: Client, path: str) -> str:
    answer = client.get(path, follow=True)
    assert answer.status_code in {200, 404, 410}, path
    return answer.content.decode()


def test_every_kind_of_page_is_valid_html(site, one_of_each):
    found = fill()
    teller = Contributor()
    teller.tell("A film", recording=recordings.video("mp4", 2))
    work()
    moderator = Moderator.appointed("flora")
    moderator.approve(moderator.waiting()[-1], themes=["hope"])
    work()
    visitor, stories = Client(), Stranger().stories()
    paths = [
        *("/", "/stories/", "/stories/?kind=read&page=9999"),
        "/stories/?theme=hope&without=violence",
        *("/podcasts/", "/podcasts/stories/", "/services/", "/contact/", "/how-it-looks/"),
        *("/search/", "/search/?q=words", "/search/?q=words&theme=hope", "/search/?q=zebra"),
        *("/share-your-story/", "/share-your-story/age/", "/my-story/", "/nowhere/"),
        *("/resources/?type=link&year=2020", "/resources/?q=zebra", "/leave/?to=/"),
        *(found["gone"], found["heard"] + "?t=8", *one_of_each),
        *stories,
        *(story + "problem/" for story in stories[:1]),
    ]
    checked = {path: read(visitor, path) for path in paths}
    for kind in ("written", "recording"):
        form = Contributor()
        form.begin(kind)
        for step in STEPS:
            checked[f"{kind}, {step}"] = read(form.client, f"/share-your-story/{step}/")
            sent = form.client.post(f"/share-your-story/{step}/", {}, follow=True)
            checked[f"{kind}, {step}, not filled in"] = sent.content.decode()
    for path in (teller.link, "/my-story/", "/my-story/take-down/", "/my-story/words/"):
        checked[f"mine: {path}"] = read(teller.client, path)
    assert remarks(checked) == []
