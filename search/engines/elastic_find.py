"""Finding with Elasticsearch: one request for a page of documents with their moments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from elastic_transport import ObjectApiResponse
from elasticsearch import ApiError

from search.closeness import Wanted
from search.documents import MARK_END, MARK_START
from search.engines import elastic_query as dsl
from search.engines.elastic_client import ASKING, client, in_our_words
from search.engines.elastic_index import current
from search.engines.elastic_mapping import STAMP, WEIGHTS, WINDOW, key_of, stamp
from search.engines.rows import State, subquery_of
from search.folding import fold_words, unfold
from search.models import IndexedDocument
from search.moments import CANDIDATES, Marked, choose, mark, strip_marks, whole
from search.query import And, Leaf, is_open, positive_leaves, words_of_phrases
from search.results import Hit, Matches, Moment, Results

# Hits that can be paged through: a page with its texts is dear, the deeper the dearer.
PAGED = 10_000
# As in sqlite_find.py, and for the same reason.
MOST_TITLES = 200
# Documents looked at for what people often say, and passages of each.
MOST_SAYING, PASSAGES_SAID = 60, 3
# Texts longer than this are marked up to here.
MOST_MARKED = 900_000

# What a slow search is answered whose index was followed by another, and deleted, meanwhile.
FOLLOWED = {404, 503}

IN_PASSAGE = {"passages.text": 1.0}
HEADINGS = {"title": 1.0, "summary": 1.0}
ORDER = [{"_score": "desc"}, {"key": "asc"}]


def find(tree: And, visible: QuerySet, limit: int, offset: int, moments: int) -> Results:
    """One page of the documents that match, with their best moments. Raises SearchAway."""
    stamps = live_stamps(visible)
    if not stamps:
        return Results()
    size = max(0, min(limit, PAGED - offset))
    answer = _ask(
        query=_ranked(tree, stamps, moments),
        size=size,
        from_=offset if size else 0,
        track_total_hits=True,
        **_shown(tree),
    )
    found = answer["hits"]["hits"]
    # What was decided while the server was thinking counts.
    still = set(live_stamps(visible, [hit["_source"]["key"] for hit in found]))
    near = Wanted(tree)
    hits = [_hit(hit, moments, near) for hit in found if hit["_source"]["stamp"] in still]
    gone = len(found) - len(hits)
    return Results(total=answer["hits"]["total"]["value"] - gone, hits=hits)


def matching(tree: And, visible: QuerySet) -> Matches:
    """Every document that matches, best first, however many. Raises SearchAway."""
    stamps = live_stamps(visible)
    size = min(len(stamps), WINDOW)
    scores: dict[str, float] = {}
    after: list | None = None
    while len(scores) < len(stamps):
        answer = _ask(
            query=_ranked(tree, stamps),
            size=size,
            search_after=after,
            sort=ORDER,
            stored_fields="_none_",  # to open each story for its id is most of the work
            track_total_hits=False,
            filter_path="hits.hits.sort",  # all the rest of many hits is most of the answer
        )
        found = [hit["sort"] for hit in answer.get("hits", {}).get("hits", [])]
        scores |= {key: score for score, key in found}
        if len(found) < size:
            break
        after = found[-1]
    # What was decided while the server was thinking counts. The caller asks `visible` again.
    still = set(map(key_of, set(stamps).intersection(_stamps("TRUE"))))
    kept = {key: score for key, score in scores.items() if key in still}
    return Matches(scores=kept, tree=tree)


def hits(matches: Matches, ids: Sequence[str], visible: QuerySet, moments: int) -> list[Hit]:
    """Some of what matched, with their best moments: those that may be found now.

    Raises SearchAway.
    """
    wanted = [key for key in ids if key in matches.scores]
    stamps = live_stamps(visible, wanted)
    if matches.tree is None or not stamps:
        return []
    answer = _ask(
        query=_ranked(matches.tree, stamps, moments), size=len(stamps), **_shown(matches.tree)
    )
    found = {hit["_source"]["stamp"]: hit for hit in answer["hits"]["hits"]}
    still = found.keys() & set(live_stamps(visible, wanted))
    near = Wanted(matches.tree)
    made = {hit.document_id: hit for hit in (_hit(found[each], moments, near) for each in still)}
    return [replace(made[key], score=matches.scores[key]) for key in wanted if key in made]


def _ranked(tree: And, stamps: Sequence[str], moments: int = 0) -> dict:
    """The tree as a query whose score says how good a document is."""
    breath = dsl.all_of(tree.wanted, IN_PASSAGE) if len(tree.wanted) > 1 else None
    query = dsl.matching(tree, stamps)
    query["bool"]["should"] = _moments_clauses(positive_leaves(tree), moments, breath)
    return dsl.favouring(query, tree)


def _shown(tree: And) -> dict[str, Any]:
    """What to give with each hit, in what order."""
    leaves = positive_leaves(tree)
    return {
        "sort": ORDER,
        "track_scores": True,
        "source_includes": ["key", "stamp", "shown"],
        "highlight": _marking(leaves, HEADINGS) | {"highlight_query": dsl.any_of(leaves, HEADINGS)},
    }


def holders(words: Sequence[str], visible: QuerySet) -> dict[str, int]:
    """How many visible documents hold each of some whole words; none for those that none holds.

    Raises SearchAway.
    """
    stamps = live_stamps(visible)
    if not stamps or not words:
        return {}
    filters = {word: dsl.whole_word(word, WEIGHTS) for word in words}
    answer = _ask(query=dsl.one_of(stamps), size=0, aggs={"of": {"filters": {"filters": filters}}})
    buckets = answer["aggregations"]["of"]["buckets"]
    return {word: count for word in words if (count := buckets[word]["doc_count"])}


def titles(words: list[str]) -> list[tuple[str, str]]:
    """(id, title) of documents whose title holds all of the words, the last perhaps begun.

    Raises SearchAway.
    """
    *heads, last = words
    terms = [{"term": {"title.whole": fold_words(word)}} for word in heads]
    answer = _ask(
        query={"bool": {"filter": [*terms, dsl.beginning(last, {"title": 1})]}},
        size=MOST_TITLES,
        sort=[{"whole_title": "asc"}],
        source=False,  # to read it is most of the work
        docvalue_fields=[{"field": name} for name in ("key", "stamp", "whole_title")],
    )
    found = [hit["fields"] for hit in answer["hits"]["hits"] if "whole_title" in hit["fields"]]
    live = _live_of(each["key"][0] for each in found)
    return [(each["key"][0], each["whole_title"][0]) for each in found if each["stamp"][0] in live]


def said(words: list[str]) -> list[tuple[str, str]]:
    """(id, text) of some passages with all words but the last side by side; or with one that
    begins like the only one. Raises SearchAway."""
    *heads, last = words
    query = dsl.beginning(last, IN_PASSAGE)
    if heads:
        query = {"match_phrase": {"passages.text": fold_words(" ".join(heads))}}
    inner = {"size": PASSAGES_SAID, "_source": ["passages.shown.text"]}
    answer = _ask(
        query={"nested": {"path": "passages", "query": query, "inner_hits": inner}},
        size=MOST_SAYING,
        sort=["_doc"],
        track_total_hits=False,
        source_includes=["key", "stamp"],
    )
    found = answer["hits"]["hits"]
    live = _live_of(hit["_source"]["key"] for hit in found)
    return [
        (hit["_source"]["key"], passage["_source"]["shown"]["text"])
        for hit in found
        if hit["_source"]["stamp"] in live
        for passage in hit["inner_hits"]["passages"]["hits"]["hits"]
    ]


def _live_of(keys: Iterable[str]) -> set[str]:
    """The stamps under which these documents may be found at this moment."""
    rows = IndexedDocument.objects.filter(state=State.LIVE, key__in=list(keys))
    return {stamp(key, version) for key, version in rows.values_list("key", "version")}


def _ask(**request: Any) -> ObjectApiResponse:
    """All of the answer or an error, never a part of it. Raises SearchAway."""

    def search() -> ObjectApiResponse:
        return client(ASKING).search(index=current(), allow_partial_search_results=False, **request)

    with in_our_words():
        try:
            return search()
        except ApiError as error:
            if error.status_code not in FOLLOWED:
                raise
            return search()


def live_stamps(visible: QuerySet, keys: Sequence[str] | None = None) -> list[str]:
    """Id and version of all, or of these, that may be found: decided here and now.

    A text of any other version than the row's is not asked for, whatever the server holds.
    """
    try:
        subquery, params = subquery_of(visible)
    except EmptyResultSet:
        return []
    condition = f"key IN ({subquery})"
    if keys is not None:
        if not keys:
            return []
        condition += f" AND key IN ({', '.join(['%s'] * len(keys))})"
    return _stamps(condition, [*params, *(keys or ())])


def _stamps(condition: str, params: Sequence = ()) -> list[str]:
    """Of the LIVE rows on a condition. Past the models: there may be ten thousands of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {STAMP} FROM search_indexeddocument WHERE state = %s AND {condition}",  # noqa: S608
            [State.LIVE.value, *params],
        )
        return [each for (each,) in cursor.fetchall()]


def _moments_clauses(leaves: list[Leaf], most: int, breath: dict | None) -> list[dict]:
    """The passages to be given with each hit, those that `breath` matches first. They add nothing
    to its score."""
    if not most:
        return []
    asked = {"strict": leaves, "loose": words_of_phrases(leaves)}
    return [
        {
            "nested": {
                "path": "passages",
                "query": _first(dsl.any_of(wanted, IN_PASSAGE), breath),
                "boost": 0,
                "inner_hits": {
                    "name": name,
                    "size": CANDIDATES,
                    "_source": ["passages.shown"],
                    "highlight": _marking(wanted, IN_PASSAGE),
                },
            }
        }
        for name, wanted in asked.items()
        if wanted
    ]


def _first(query: dict, breath: dict | None) -> dict:
    if breath is None:
        return query
    # More than any passage is worth by its words.
    ahead = {"constant_score": {"filter": breath, "boost": 1_000}}
    return {"bool": {"must": query, "should": ahead}}


def _marking(leaves: list[Leaf], fields: dict[str, float]) -> dict[str, Any]:
    """Marks in the whole of each field. Whole words are looked at only for a beginning: it takes
    as long again."""
    ends = ("", ".whole") if any(is_open(leaf) for leaf in leaves) else ("",)
    return {
        "type": "unified",
        "number_of_fragments": 0,
        "max_analyzed_offset": MOST_MARKED,
        "pre_tags": [MARK_START],
        "post_tags": [MARK_END],
        "fields": [{f"{field}{end}": {}} for field in fields for end in ends],
    }


def _hit(hit: dict, moments: int, near: Wanted) -> Hit:
    source, marked = hit["_source"], hit.get("highlight", {})
    return Hit(
        source["key"],
        hit["_score"],
        whole(_marked(source["shown"]["title"], "title", marked)),
        whole(_marked(source["shown"]["summary"], "summary", marked)),
        _moments(hit.get("inner_hits", {}), moments, near),
    )


def _moments(inner: dict, most: int, near: Wanted) -> list[Moment]:
    """Of the passages that match; where a phrase runs over a cut, of those with its words."""
    for name in ("strict", "loose"):
        passages = inner.get(name, {}).get("hits", {}).get("hits", [])
        if passages:
            return choose([_passage(each) for each in passages], most, near)
    return []


def _passage(hit: dict) -> Marked:
    shown = hit["_source"]["shown"]
    text = _marked(shown["text"], "passages.text", hit.get("highlight", {}))
    speakers = shown.get("speakers", ())
    return Marked(shown["kind"], shown["place"], shown["offsets"], speakers, text)


def _marked(text: str, field: str, highlight: dict[str, list[str]]) -> str:
    """The text as it is shown, with the marks that the server set in its folded words."""
    spans = {
        span
        for name in (field, f"{field}.whole")
        for folded in highlight.get(name, [])
        for span in strip_marks(folded)[1]
    }
    return mark(text, unfold(text, sorted(spans)))
