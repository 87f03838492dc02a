"""The Data Privacy Vocabulary as names, and what is wrong with a document that claims to use it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rdflib import RDF, Graph, Literal, Namespace, URIRef

HERE = Path(__file__).parent
DPV = Namespace("https://w3id.org/dpv#")
SPACES = {
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "loc": "https://w3id.org/dpv/loc#",
}
PROFILE = "https://w3id.org/dpv/schema/dpv-27560#"


def _rows(name: str) -> Iterator[list[str]]:
    for line in (HERE / name).read_text().splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


KIND = {name: kind for name, kind, _ in _rows("terms.tsv")}
ABOVE = {name: above.split() for name, _, above in _rows("terms.tsv")}
RANGE = {name: range_ for name, range_, _ in _rows("ranges.tsv")}


def term(node) -> str:
    """ "dpv:Name" of a node in the vocabulary's own spaces, else ""."""
    for prefix, space in SPACES.items():
        if isinstance(node, URIRef) and node.startswith(space):
            return f"{prefix}:{node.removeprefix(space)}"
    return ""


def belongs(name: str, to: str) -> bool:
    """Whether a term is another one, or stands anywhere below it."""
    seen, waiting = set(), [name]
    while waiting:
        here = waiting.pop()
        if here == to:
            return True
        if here not in seen:
            seen.add(here)
            waiting += ABOVE.get(here, [])
    return False


def faults(graph: Graph) -> set[str]:
    """Every use of the vocabulary that it does not know or allow, in plain sentences."""
    found = set()
    for subject, predicate, object_ in graph:
        for node, wanted in ((subject, "class"), (predicate, "property"), (object_, "class")):
            name = term(node)
            if name and KIND.get(name) != wanted:
                found.add(f"{name} is {KIND.get(name, 'no term of it')}, used as a {wanted}")
            elif not name and str(node).startswith("https://w3id.org/dpv") and isinstance(
                node, URIRef
            ) and not node.startswith(PROFILE):  # fmt: skip
                found.add(f"{node} is in no part that is known")
        found |= set(_out_of_range(graph, predicate, object_))
    return found


def _out_of_range(graph: Graph, predicate, object_) -> Iterator[str]:
    name = term(predicate)
    if KIND.get(name) != "property":
        return
    if name not in RANGE:
        yield f"{name} has no line in ranges.tsv"
        return
    if RANGE[name] == "-":
        return
    if isinstance(object_, Literal):
        yield f"{name} leads to words instead of {RANGE[name]}"
        return
    itself = [term(object_)] if term(object_) else []
    types = itself + [term(type_) for type_ in graph.objects(object_, RDF.type)]
    if not any(belongs(type_, RANGE[name]) for type_ in types):
        yield f"{name} leads to {types or 'something unnamed'} instead of {RANGE[name]}"
