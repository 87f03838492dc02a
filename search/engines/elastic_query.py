"""The tree as Elasticsearch's query language. What was typed reaches it as words only."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from search.engines.elastic_mapping import WEIGHTS
from search.folding import fold_words
from search.query import TOGETHER, VERBATIM, WITHIN, And, Leaf, Phrase, Prefix, Term

# A beginning at the end of a phrase stands for this many words at most, in their order.
MOST_COMPLETIONS = 1_000
# The server takes 65,536 terms in one condition.
MOST_TERMS = 65_000

Clause = dict


def matching(tree: And, stamps: Sequence[str]) -> Clause:
    """Documents of these stamps that match the tree."""
    return {
        "bool": {
            "must": [_any(map(found_by, leaves)) for leaves in tree.wanted],
            "must_not": [found_by(leaf) for leaf in tree.unwanted],
            "filter": one_of(stamps),
        }
    }


def favouring(query: Clause, tree: And) -> Clause:
    """Worth TOGETHER times more for documents that say what is wanted WITHIN words, and VERBATIM
    times more for those that have what is quoted in just these forms."""
    functions = []
    if together := tree.together:
        near = {"any_of": {"intervals": list(map(_close, together))}}
        functions.append({"filter": {"intervals": {"body": near}}, "weight": TOGETHER})
    if quoted := tree.verbatim:
        forms = [whole_word(fold_words(term.word), WEIGHTS) for term in quoted]
        functions.append({"filter": {"bool": {"filter": forms}}, "weight": VERBATIM})
    if not functions:
        return query
    return {
        "function_score": {
            "query": query,
            "functions": functions,
            "score_mode": "multiply",
            "boost_mode": "multiply",
        }
    }


def _close(groups: Sequence[Sequence[Leaf]]) -> Clause:
    return {
        "all_of": {
            "intervals": [{"any_of": {"intervals": list(map(_said, each))}} for each in groups],
            # Counted as FTS5 does: the words between the first and the last, the others' too.
            "max_gaps": WITHIN - len(groups) + 2,
        }
    }


def _said(leaf: Leaf) -> Clause:
    """Its words one after another."""
    if isinstance(leaf, Phrase):
        words = " ".join(leaf.words)
    else:
        words = leaf.start if isinstance(leaf, Prefix) else leaf.word
    return {"match": {"query": fold_words(words), "max_gaps": 0, "ordered": True}}


def all_of(groups: Iterable[Iterable[Leaf]], fields: Mapping[str, float]) -> Clause:
    """One of each group, in these fields of one passage."""
    return {"bool": {"filter": [any_of(leaves, fields) for leaves in groups]}}


def one_of(stamps: Sequence[str]) -> Clause:
    """The condition that a document is one of these."""
    return _any(
        {"terms": {"stamp": stamps[at : at + MOST_TERMS]}}
        for at in range(0, len(stamps), MOST_TERMS)
    )


def found_by(leaf: Leaf) -> Clause:
    """Documents with the leaf in any of their fields.

    A word's rarity and weight are reckoned as if all fields were one, as FTS5 does it: by itself a
    word of few tags would be no rarer than one of many texts.
    """
    if isinstance(leaf, Term) and not _is_cut(leaf.word):
        fields = [f"{field}^{weight}" for field, weight in WEIGHTS.items()]
        return {"combined_fields": {"query": fold_words(leaf.word), "fields": fields}}
    return marked_by(leaf, WEIGHTS)


def any_of(leaves: Iterable[Leaf], fields: Mapping[str, float]) -> Clause:
    """Any of the leaves in any of the fields; {field: weight}."""
    return _any(marked_by(leaf, fields) for leaf in leaves)


def marked_by(leaf: Leaf, fields: Mapping[str, float]) -> Clause:
    """The leaf in any of the fields, in a shape by which the highlighter can mark it."""
    if isinstance(leaf, Prefix):
        return beginning(leaf.start, fields)
    if isinstance(leaf, Phrase):
        words = fold_words(" ".join(leaf.words))
        if leaf.open_ended:
            return _in_fields("phrase_prefix", words, _with_whole(fields))
        return _in_fields("phrase", words, fields)
    return _in_fields("phrase", fold_words(leaf.word), fields)


def _is_cut(word: str) -> bool:
    """Whether the server's tokenizer may cut it: some scripts have no spaces between words. It has
    to be looked for as a phrase then."""
    return any(unicodedata.category(character) == "Lo" for character in word)


def _any(clauses: Iterable[Clause]) -> Clause:
    return {"bool": {"should": list(clauses), "minimum_should_match": 1}}


def beginning(start: str, fields: Mapping[str, float]) -> Clause:
    """Any whole word that begins so."""
    return _any(
        {"prefix": {f"{field}.whole": {"value": fold_words(start), "boost": weight}}}
        for field, weight in fields.items()
    )


def whole_word(word: str, fields: Iterable[str]) -> Clause:
    """This word as it stands, without its other endings."""
    return _any({"term": {f"{field}.whole": word}} for field in fields)


def _in_fields(kind: str, words: str, fields: Mapping[str, float]) -> Clause:
    clause: Clause = {
        "query": words,
        "type": kind,
        "fields": [f"{field}^{weight}" for field, weight in fields.items()],
        "tie_breaker": 1.0,  # what several fields say adds up
    }
    if kind == "phrase_prefix":
        clause["max_expansions"] = MOST_COMPLETIONS
    return {"multi_match": clause}


def _with_whole(fields: Mapping[str, float]) -> dict[str, float]:
    """As stems and as whole words: the words before match as stems, and the beginning too, unless
    it is longer than the stem."""
    return {**fields, **{f"{field}.whole": weight for field, weight in fields.items()}}
