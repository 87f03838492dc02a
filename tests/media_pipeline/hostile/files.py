"""The hostile files, by group. Each is (what may be said of it, how it is made).

What may be said are codes of UnreadableMedia, and "taken" where it may be made safe instead.
`{port}` and `{canary}` in a text become a port that somebody listens on and another file's path.
"""

from __future__ import annotations

from tests.media_pipeline.hostile.bombs import BOMBS
from tests.media_pipeline.hostile.broken import CUTS
from tests.media_pipeline.hostile.kinds import KINDS, POLYGLOTS
from tests.media_pipeline.hostile.references import REFERENCES, SCRIPTS

# These take seconds, which a limit ends.
SLOW = {
    "100,000 edits",
    "a comment of 30 MB",
    "100,000 comments",
    "an index that unfolds to a gigabyte",
    "a tag of 20 MB before a song",
    "a cover of 20,000 pixels each way",
}
GROUPS = {
    "scripts": SCRIPTS,
    "references": REFERENCES,
    "bombs": BOMBS,
    "cuts": CUTS,
    "polyglots": POLYGLOTS,
    "kinds": KINDS,
}
