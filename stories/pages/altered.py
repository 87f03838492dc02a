"""What was done to a recording so that somebody is not heard or seen in it, and what that can't do.

The words promise no more than is so: a disguise is not anonymity.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from media_pipeline import api as media

VOICE = _(
    "A voice disguise: the voice is changed by amounts that nobody keeps. People who know you well "
    "may still recognise how you speak, and what you say can give you away."
)
FACE = _(
    "Faces are covered: a computer looked for them and put a plain block over each. It can miss "
    "one, so look at all of it. Clothes, hands and places can give you away too."
)


READ = _(
    "A computer's voice reads the words. Nothing of your own voice is in it. What you say, and the "
    "words you choose, can still give you away."
)


def what_was_done(made: Mapping[str, media.RenditionInfo]) -> list[str]:
    """A sentence or two for each of voice and face that is altered in these renditions."""
    found = []
    if any(item.voice == "disguised" for item in made.values()):
        found.append(gettext(VOICE))
    if any(item.voice == "spoken" for item in made.values()):
        found.append(gettext(READ))
    if any(item.face == "blurred" for item in made.values()):
        found.append(gettext(FACE))
    return found
