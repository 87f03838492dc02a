"""The drawn covers: the same for ever, told apart, and safe to put straight into a page."""

import xml.etree.ElementTree as ET

import pytest
from django.template import Context, Template
from hypothesis import given, settings
from hypothesis import strategies as st

from stories.pages.covers import FAMILIES, HEIGHT, WIDTH, cover_svg

SVG = "{http://www.w3.org/2000/svg}"


def colours(svg: str) -> list[str]:
    """Fills from back to front: sky, sun with its halos, then four hills."""
    return [part.get("fill", "") for part in ET.fromstring(svg) if part.get("fill") != "none"]  # noqa: S314


def test_a_story_keeps_its_drawing():
    """Written out, so that a change of code or of machine cannot redraw published stories."""
    drawing = cover_svg("the-allotment-gate-k3f", ["connectedness", "meaning"])
    assert drawing == cover_svg("the-allotment-gate-k3f", ["connectedness", "meaning"])
    sun = ET.fromstring(drawing).findall(f"{SVG}circle")[-1]  # noqa: S314
    assert (sun.get("cx"), sun.get("cy"), sun.get("r")) == ("456", "118", "61")


def test_stories_look_different_and_themes_only_change_the_colours():
    one, other = cover_svg("night-feeds", ["hope"]), cover_svg("hands-only", ["hope"])
    assert one != other
    repainted = cover_svg("night-feeds", ["creativity"])
    lines = [
        [part.get("d") for part in ET.fromstring(svg)]  # noqa: S314
        for svg in (one, repainted)
    ]
    assert lines[0] == lines[1]
    assert colours(one) != colours(repainted)


def test_first_theme_is_sky_and_second_is_sun():
    sky, *_, sun = colours(cover_svg("tea", ["hope", "identity", "meaning"]))[:4]
    assert sky == FAMILIES["hope"].light
    assert sun == FAMILIES["identity"].middle


def test_themes_without_colours_are_passed_over():
    assert cover_svg("tea", ["peer-support", "hope", "hope", "identity"]) == cover_svg(
        "tea", ["hope", "identity"]
    )


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.lists(st.sampled_from([*FAMILIES, "caring", "<b>"]), max_size=4))
def test_any_slug_gives_a_small_harmless_picture(slug, themes):
    svg = cover_svg(slug, themes)
    root = ET.fromstring(svg)  # noqa: S314
    assert root.get("aria-hidden") == "true"
    assert 1_500 < len(svg.encode()) < 3_500
    for part in root.iter():
        # The content security policy refuses style attributes; nothing may be fetched or run.
        assert part.tag in {f"{SVG}svg", f"{SVG}path", f"{SVG}circle"}
        assert not {"style", "href", "onload", "id"} & set(part.attrib)
    for sun in root.findall(f"{SVG}circle"):
        assert 0 < float(sun.get("cx")) < WIDTH
        assert 0 < float(sun.get("cy")) < HEIGHT


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0:00"), (59.9, "0:59"), (151, "2:31"), (3599, "59:59"), (3729, "1:02:09"), (None, "")],
)
def test_clock(seconds, words):
    page = Template("{% load looks %}{% clock seconds %}")
    assert page.render(Context({"seconds": seconds})) == words


def test_cover_tag_takes_a_list_or_one_text_and_is_not_escaped():
    page = Template("{% load looks %}{% cover slug themes %}")
    listed = page.render(Context({"slug": "tea", "themes": ["hope", "identity"]}))
    assert listed.startswith("<svg class=")
    assert listed == page.render(Context({"slug": "tea", "themes": "hope identity"}))
