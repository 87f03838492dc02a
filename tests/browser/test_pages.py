"""Every kind of page: for everyone (axe), on a phone and at a desk, and the player."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import recordings
from tests.people import Contributor, Moderator, Stranger, work
from tests.snapshot import Snapshot

pytestmark = pytest.mark.browser
FILLED = Snapshot("filled", "MEDIA_STORE_DIR", "KEYS_DIR")
_addresses: dict[str, str] = {}


@pytest.fixture
def archive(site) -> dict[str, str]:
    """Addresses of a site with one spoken story, one written, one taken back, one waiting."""
    if not FILLED.restore():
        _addresses.update(fill())
        FILLED.take()
    return _addresses


def fill() -> dict[str, str]:
    contributor, moderator, stranger = Contributor(), Moderator.appointed("ailsa"), Stranger()
    contributor.tell(
        "A reading", "What is read.", recording=recordings.sound("mp3", 4), transcribe="yes"
    )
    gone, written = Contributor(), Contributor()
    written.tell("Written down", "First words.\n\nMore words.", shown_name="Morven")
    gone.tell("To be taken back", "For a while only.")
    work()
    for reference in moderator.waiting():
        moderator.approve(reference, themes=["hope", "peer-support"], content_notes=["suicide"])
    work()
    addresses = {path.strip("/").split("/")[1][:7]: path for path in stranger.stories()}
    gone.take_down()
    work()
    Contributor().tell("Somebody waits", "At the desk.")
    return {
        "heard": addresses["a-readi"],
        "written": addresses["written"],
        "gone": addresses["to-be-t"],
        "link": contributor.link,
    }


def problems(page: Page, part: str | None = None) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA, and whether the page is wider than its window."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    only = {"runOnly": {"type": "tag", "values": tags}, "resultTypes": ["violations"]}
    found = Axe().run(page, context=part, options=only)
    said = [
        f"{page.url}: {problem['id']}: {problem['help']}: {[n['html'] for n in problem['nodes']]}"
        for problem in found.response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        said.append(f"{page.url}: wider than the window")
    return said


@pytest.mark.parametrize(
    ("phone", "scheme"),
    [
        pytest.param(True, "light", id="light-phone"),
        pytest.param(False, "dark", id="dark-desk"),
        pytest.param(False, "light", id="light-desk", marks=pytest.mark.long),
        pytest.param(True, "dark", id="dark-phone", marks=pytest.mark.long),
    ],
)
def test_pages_are_for_everyone(person, archive, phone, scheme):
    page = person(phone=phone, color_scheme=scheme, bypass_csp=True)
    found = []
    for address in (
        "/",
        "/stories/",
        archive["heard"],
        archive["written"],
        archive["gone"],
        "/podcasts/",
        "/podcasts/stories/",
        "/search/?q=words",
        "/search/?q=words&theme=hope&without=violence&sort=longest",
        "/search/?q=zebra",
        "/search/?q=-words",
        "/nowhere/",
        "/share-your-story/",
        "/share-your-story/age/",
        "/my-story/",
        archive["link"],
        "/my-story/take-down/",
    ):
        page.goto(address)
        found += problems(page)
    assert found == []


def test_stories_are_narrowed_down_on_a_phone(person, archive):
    """With the keys and links of a plain page: its scripts have no part in it."""
    page = person(phone=True, bypass_csp=True)
    page.goto("/stories/")
    heard, written = (page.locator(f"a[href='{archive[name]}']") for name in ("heard", "written"))
    page.get_by_role("link", name="Read 1").click()
    expect(heard).to_have_count(0)
    page.get_by_text("Narrow it down").click()
    page.get_by_role("group", name="Leave out").get_by_role("checkbox", name="suicide").check()
    assert problems(page) == []
    page.get_by_role("button", name="Show these stories").click()
    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    assert problems(page) == []
    page.get_by_role("link", name="Without suicide (take away)").click()
    expect(written).to_be_visible()
    expect(heard).to_have_count(0)


def test_a_noted_place_is_shown_when_asked_for(person, archive):
    page = person()
    page.goto("/search/?q=words")
    expect(page.get_by_role("group", name="How it goes")).to_have_count(0)  # nobody has said it
    places = page.get_by_role("link", name="¶ 1 First words.")
    expect(places).to_be_hidden()
    page.get_by_text("Show 2 places where it is said").click()
    expect(places).to_be_visible()
    assert page.locator(".before", has_text="suicide").first.is_visible()


def test_the_form_is_for_everyone(person):
    page = person(phone=True, bypass_csp=True)
    found = []
    page.goto("/share-your-story/age/")
    page.get_by_label("Yes, I am 18 or over").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Send a video or sound recording").check()
    page.get_by_role("button", name="Continue").click()
    for step in (
        "how", "recording", "others", "words", "name", "voice", "consent/site_search", "email",
        "check", "later",
    ):  # fmt: skip
        page.goto(f"/share-your-story/{step}/")
        found += problems(page)
        if step in {"recording", "others", "words", "name", "consent/site_search"}:
            page.get_by_role("button", name="Continue").click()
            page.get_by_role("alert").first.wait_for()
            found += problems(page)
    assert found == []


@pytest.mark.parametrize(
    "phone",
    [pytest.param(True, id="phone", marks=pytest.mark.long), pytest.param(False, id="desk")],
)
def test_the_desk_is_for_everyone(person, archive, moderator, live_server, phone):
    page = person(phone=phone)
    session = moderator.client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    found = []
    for address in ("", f"{moderator.waiting()[0]}/", "?folder=out", "?folder=gone"):
        page.goto(f"/admin/contributions/{address}")
        page.locator(".nice-padding").wait_for()
        found += problems(page, ".nice-padding")
    assert found == []


def test_the_transcript_follows_and_jumps(person, archive):
    page = person()
    page.goto(archive["heard"])
    cues = page.locator("a[href*='?t=']")
    last = cues.last
    seconds = int((last.get_attribute("href") or "").partition("?t=")[2])
    assert seconds > 10
    last.click()
    page.wait_for_timeout(1500)
    now = page.evaluate("document.querySelector('audio').currentTime")
    assert seconds - 1 <= now <= seconds + 5
    expect(page.locator(".cue[aria-current=true]")).to_contain_text(last.inner_text().split()[-1])


def test_captions_of_a_film_can_be_seen_while_it_plays(person, contributor, moderator, stranger):
    """The player's parts fade out while nobody touches them; the words must not."""
    contributor.tell("A film", recording=recordings.video("mp4", 2), transcribe="yes")
    work()
    moderator.approve(moderator.waiting()[0])
    work()
    page = person(phone=True)
    page.goto(stranger.stories()[0] + "?t=2")
    line = page.locator("[data-caption]")
    expect(line).to_contain_text("leisure", timeout=15_000)
    page.wait_for_timeout(2500)  # longer than the player waits before it fades
    assert line.evaluate("element => getComputedStyle(element).opacity") == "1"


def test_a_moment_works_without_javascript(person, archive):
    page = person(java_script_enabled=False)
    page.goto(archive["heard"] + "?t=8")
    assert "#t=8" in (page.locator("source").first.get_attribute("src") or "")
    expect(page.locator("audio")).to_have_attribute("controls", "")


def test_what_is_taken_back_says_so_gently(person, archive):
    page = person()
    answer = page.goto(archive["gone"])
    assert answer is not None
    assert answer.status == 410
    expect(page.get_by_role("heading").first).to_contain_text("taken back")


def test_nothing_is_loaded_from_elsewhere_and_no_cookie_set(person, archive, live_server):
    page = person()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    ours = ("/", "/stories/", "/search/?q=words", "/services/", "/contact/")
    for address in (*ours, archive["heard"]):
        page.goto(address)
        page.wait_for_timeout(300)
    elsewhere = [url for url in asked if not url.startswith((live_server.url, "blob:", "data:"))]
    assert elsewhere == []
    assert page.context.cookies() == []
