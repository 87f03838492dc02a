"""Every sentence can be translated: in the sources, in the catalogues, and on real pages."""

import calendar
import re
from html.parser import HTMLParser

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.apps import apps
from django.template.base import Lexer, TokenType
from django.utils.text import capfirst

from archive.languages import catalogues
from tests.people import Contributor, work

SPOKEN = ("aria-label", "alt", "title", "placeholder", "data-label", "label")
# Names of keys and files; and what is no word: a class of the page, the rest of a tag that begins
# with a variable.
MARKS = {"index.html", "m", "c", "f", "thumbnails", 'class="resource-title">'}
CLASS = re.compile(r"page-[a-z]+")


class Words(HTMLParser):
    """What somebody reads or hears on a page, with the line it stands on."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self.unread = 0

    def handle_starttag(self, tag, attrs):
        self.unread += tag in {"script", "style", "code"}
        attributes = dict(attrs)
        wanted = [*SPOKEN]
        if attributes.get("name") == "description":
            wanted.append("content")
        self.found += [
            (self.getpos()[0], attributes[name] or "") for name in wanted if name in attributes
        ]

    def handle_endtag(self, tag):
        self.unread -= tag in {"script", "style", "code"}

    def handle_data(self, data):
        if not self.unread:
            self.found.append((self.getpos()[0], data))


def words_in(text: str) -> list[tuple[int, str]]:
    parser = Words()
    parser.feed(text)
    parser.close()
    return [
        (line, said.strip())
        for line, said in parser.found
        if re.search(r"[^\W\d_]", said)
        and said.strip() not in MARKS
        and not CLASS.fullmatch(said.strip())
    ]


def bare(source: str) -> str:
    """A template without its tags, its variables and all that it translates; as many lines."""
    left, inside = [], ""
    for token in Lexer(source).tokenize():
        name = token.contents.split()[0] if token.contents.split() else ""
        text = token.contents if token.token_type == TokenType.TEXT else ""
        if token.token_type == TokenType.BLOCK:
            if name in {"blocktranslate", "comment"}:
                inside = f"end{name}"
            elif name == inside:
                inside = ""
        left.append(re.sub(r"[^\n]", "", text) if inside else text)
    return "".join(left)


LITERAL = re.compile(r"\|(?:default|default_if_none|yesno|pluralize):\"([^\"]*[a-z][^\"]*)\"")


def lines_of(letter: str) -> list[tuple[int, str]]:
    lines = enumerate(letter.splitlines(), start=1)
    return [(number, line) for number, line in lines if re.search(r"\w", line)]


def literals_in(source: str) -> list[str]:
    """Words given to filters and included templates that would be shown as they are."""
    found = []
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.VAR:
            found += LITERAL.findall(token.contents)
        elif token.token_type == TokenType.BLOCK and "|pluralize" in token.contents:
            found.append(token.contents)
    return [each for each in found if each not in {"h2", "h3"}]


def test_no_template_says_a_word_that_cannot_be_translated():
    found = []
    for path in sorted((catalogues.ROOT / "templates").rglob("*")):
        if path.suffix not in {".html", ".txt"}:
            continue
        source = path.read_text()
        text = bare(source)
        said = words_in(text) if path.suffix == ".html" else lines_of(text)
        found += [f"{path.name}:{line}: {words}" for line, words in said]
        found += [f"{path.name}: {words}" for words in literals_in(source)]
    assert found == []


@pytest.mark.parametrize("domain", catalogues.DOMAINS)
def test_the_catalogues_have_every_sentence_and_compile(domain):
    now = catalogues.ids(catalogues.found(domain))
    assert len(now) > 50
    for language in catalogues.languages():
        kept = catalogues.kept(language, domain)
        assert catalogues.ids(kept) == now, "run: make messages"
        assert [str(error) for _, errors in kept.check() for error in errors] == []
        assert kept.num_plurals == {"gd": 4}[language]


@pytest.fixture
def bracketed(tmp_path, settings):
    """English in which every sentence of the catalogue wears brackets."""
    english = Catalog("en_GB")
    for message in catalogues.found("django"):
        if message.id:
            said = message.id if isinstance(message.id, tuple) else (message.id,)
            marked = tuple(f"⟦{each}⟧" for each in said)
            english.add(message.id, marked if len(said) > 1 else marked[0], context=message.context)
    path = tmp_path / "en_GB" / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, english)
    settings.LOCALE_PATHS = [tmp_path]


def stored_words() -> list[str]:
    """All texts in the database, the longest first: they are nobody's to translate here."""
    found = set()
    for label in ("archive", "stories", "wagtailcore"):
        for model in apps.get_app_config(label).get_models():
            for row in model._default_manager.values():
                found |= {value.strip() for value in row.values() if isinstance(value, str)}
    found |= {line.strip() for value in found for line in value.splitlines()}
    found |= {capfirst(value) for value in found} | {"Anonymous", "http"}  # in citations
    return sorted(found - {""}, key=len, reverse=True)


def unmarked(page: str, stored: list[str]) -> list[str]:
    """What a page says outside of brackets and apart from what is stored."""
    while page != (fewer := re.sub(r"⟦[^⟦⟧]*⟧", "", page)):
        page = fewer
    found = []
    for _, said in words_in(page):
        if any(said in each for each in stored):
            continue  # a part of it, where a word that was looked for is marked
        for each in [*stored, *calendar.month_name[1:]]:
            said = said.replace(each, "") if len(each) > 1 else said
        if re.search(r"[^\W\d_]", said):
            found.append(said)
    return found


def test_real_pages_say_nothing_that_is_in_no_catalogue(bracketed, site, moderator, stranger):
    teller = Contributor()
    teller.tell("A plain title", "Some plain words.")
    moderator.approve(moderator.waiting()[0], themes=["hope"])
    work()
    (story,) = stranger.stories()
    stored = [*stored_words(), "plain", "zebra"]  # and what was looked for
    public = (
        "/ /stories/ /search/ /search/?q=plain /search/?q=zebra /services/ /contact/ /podcasts/"
    )
    rest = (
        "/resources/ /leaving-quickly/ /how-it-looks/ /no-such-page/ /my-story/ /share-your-story/"
    )
    addresses = [
        *public.split(),
        *rest.split(),
        "/share-your-story/age/",
        story,
        f"{story}problem/",
    ]
    visits = [(stranger, address) for address in addresses] + [(teller, "/my-story/")]
    found = []
    for person, address in visits:
        page = person.client.get(address).content.decode()
        assert "⟦" in page, address
        found += [f"{address}: {words}" for words in unmarked(page, stored)]
    assert "\n".join(found) == ""


def test_scripts_get_the_words_of_the_page(stranger):
    words = stranger.client.get("/words/gd.js")
    assert words["Content-Type"].startswith("text/javascript")
    assert "django.gettext" in words.content.decode()
    assert stranger.client.get("/words/xx.js").status_code == 404
