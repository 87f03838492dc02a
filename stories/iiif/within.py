"""Content Search 2.0 within one recording: cues that say what was looked for, and their times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from media_pipeline import api as media
from search.api import Run
from stories.iiif.manifest import canvas_id
from stories.pages.within import Found

SEARCH = "http://iiif.io/api/search/2/context.json"


def annotation_page(
    address: str, slug: str, language: str, cues: Sequence[media.Cue], found: Found
) -> dict[str, Any]:
    """`address`: of this answer; `found`: in `cues` alone. An annotation for each cue with a match,
    and beside them one for each match, which says where in the cue's words it stands.
    """
    hits, places = [], []
    for number in sorted(found.within.runs):
        cue, runs = cues[number], found.within.runs[number]
        name = f"{address}#cue-{number + 1}"
        hits.append(
            {
                "id": name,
                "type": "Annotation",
                "motivation": "supplementing",
                "body": {
                    "type": "TextualBody",
                    "value": cue.text,
                    "format": "text/plain",
                    "language": language,
                },
                "target": f"{canvas_id(slug)}#t={cue.start:.2f},{cue.end:.2f}",
            }
        )
        places += [
            {
                "id": f"{name}-{at}",
                "type": "Annotation",
                "motivation": "highlighting",
                "target": {
                    "type": "SpecificResource",
                    "source": name,
                    "selector": [_quote(runs, at)],
                },
            }
            for at, run in enumerate(runs)
            if run.match is not None
        ]
    page = {"@context": SEARCH, "id": address, "type": "AnnotationPage", "items": hits}
    if places:
        page["annotations"] = [{"type": "AnnotationPage", "items": places}]
    return page


def _quote(runs: Sequence[Run], at: int) -> dict[str, str]:
    """The run at this place, with what stands around it in the same cue."""
    return {
        "type": "TextQuoteSelector",
        "prefix": "".join(run.text for run in runs[:at]),
        "exact": runs[at].text,
        "suffix": "".join(run.text for run in runs[at + 1 :]),
    }
