"""A story as search knows it: one document of passages."""

from __future__ import annotations

from media_pipeline import api as media
from search import api as search
from stories.consent.vocabulary import Term, terms
from stories.contributions.allowed import exits_of
from stories.contributions.models import Contribution
from stories.contributions.spoken import agreed_cues
from stories.contributions.versions import version_of
from stories.pages.show import name_to_show, paragraphs_to_show


def document_of(story: Contribution) -> search.Document:
    """The version in force; spoken words only where the transcript may be shown."""
    version, exits = version_of(story), exits_of(story)
    passages = list(search.cut_text(paragraphs_to_show(version, exits)))
    if "transcript" in exits:
        passages += search.cut_speech([_spoken(cue) for cue in agreed_cues(version)])
    labels = [term.public_label for term in terms(Term.Scheme.THEME, version.themes)]
    return search.Document(
        id=story.reference,
        title=version.title,
        people=name_to_show(version, exits),
        tags=", ".join(labels),
        summary=version.summary,
        passages=tuple(passages),
    )


def _spoken(cue: media.Cue) -> search.Cue:
    """A cue in milliseconds, with when each word was said."""
    words = tuple((round(word.start * 1000), word.text) for word in cue.words)
    return search.Cue(round(cue.start * 1000), cue.text, words)
