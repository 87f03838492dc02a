"""?as=…: a film heard or read, where its sound and its words are open by themselves."""

from __future__ import annotations

from django.test import RequestFactory

from media_pipeline import api as media
from stories.pages.show import as_asked, player_for, shareable, way_from

NAMES = ("master.m3u8", "240p.mp4", "story.mp4", "story.mp3", "peaks.json", "poster.jpg")
OPEN = frozenset({"page", "sound", "picture", "film", "own_voice", "own_face", "transcript"})
SAID = [media.Cue(0, 1, "Hello", ())]


def made(exits: frozenset[str]) -> dict[str, media.RenditionInfo]:
    """What these exits let out of a film with an ordinary voice and face."""
    own = {"sound": "own", "picture": "as_is"}
    all_of_it = {
        name: media.RenditionInfo(
            name, "x/y", 1, "", 9.0, 0, 0, True,
            *(own[part] if part in media.NEEDS[name] else "" for part in ("sound", "picture")),
        )
        for name in NAMES
    }  # fmt: skip
    return shareable(all_of_it, exits)


def asked(way: str, exits: frozenset[str], said: list[media.Cue]) -> tuple[str, str]:
    """(the way that is taken, the first address that plays: "" where there is no player)."""
    player = player_for(made(exits), "", 9)
    taken = way_from(RequestFactory().get("/", {"as": way}), player, said)
    shown = as_asked(player, taken)
    return taken, shown.sources[0]["url"] if shown else ""


def test_a_film_is_heard_or_read_where_that_is_open():
    assert asked("", OPEN, SAID) == ("", "story.mp4")
    assert asked("listen", OPEN, SAID) == ("listen", "story.mp3")
    assert asked("read", OPEN, SAID) == ("read", "")
    player = player_for(made(OPEN), "", 9)
    assert player is not None
    heard = as_asked(player, "listen")
    assert heard is not None
    assert (heard.kind, heard.master, heard.poster, heard.peaks) == ("audio", "", "", "peaks.json")


def test_no_way_opens_what_is_closed():
    silent = OPEN - {"sound"}
    player = player_for(made(silent), "", 9)
    assert player is not None
    assert (player.sound, player.peaks) == ([], "")
    assert asked("listen", silent, SAID) == ("", "240p.mp4")
    assert asked("listen", OPEN - {"own_voice"}, SAID) == ("", "240p.mp4")
    assert asked("listen", OPEN - {"picture"}, SAID) == ("", "story.mp3")
    assert asked("read", OPEN, []) == ("", "story.mp4")
    assert asked("nonsense", OPEN, SAID) == ("", "story.mp4")
