"""A story as search knows it: one document of passages."""

from __future__ import annotations

from search import api as search
from stories.consent.vocabulary import Term, terms
from stories.contributions.allowed import exits_of
from stories.contributions.models import Contribution
from stories.contributions.versions import version_of
from stories.pages.show import name_to_show, paragraphs_to_show, transcript_to_show
from stories.pages.within import as_search_cue


def document_of(story: Contribution) -> search.Document:
    """The version in force; spoken words only where the transcript may be shown."""
    version, exits = version_of(story), exits_of(story)
    passages = list(search.cut_text(paragraphs_to_show(version, exits)))
    said = [as_search_cue(cue) for cue in transcript_to_show(version, exits)]
    passages += search.cut_speech(said)
    labels = [term.public_label for term in terms(Term.Scheme.THEME, version.themes)]
    return search.Document(
        id=story.reference,
        title=version.title,
        people=name_to_show(version, exits),
        tags=", ".join(labels),
        summary=version.summary,
        passages=tuple(passages),
    )
