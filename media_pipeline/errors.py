"""What can go wrong here, sorted by who can do something about it."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _


class UnreadableMedia(ValueError):
    """The file cannot become a recording. `sentence` is for the person who chose it.

    `code` is one of: empty, too_large, wrong_type, not_media, truncated, no_streams, too_long,
    too_many_pixels, too_many_frames, encrypted, infected, not_scanned. `detail` is for staff. None
    ever carries the file's name.
    """

    def __init__(self, code: str, sentence: str, detail: str = ""):
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.detail = detail or code


class Away(OSError):
    """What the work can't do without is not there now. It waits, however long that takes.

    `sentence` is for the person whose recording waits.
    """

    sentence = _(
        "Something went wrong on our side while we prepared your recording. We will try again soon."
    )


class StoreFailed(Away):
    """A store on a server is away, or refused. Says what kind of trouble, and no names."""


class ScannerAway(Away):
    """The virus scanner gives no answer, and nothing passes without one."""

    sentence = _(
        "We have your recording. It waits for the check that it is safe, which we can't make just "
        "now: there is nothing that you need to do."
    )


class SandboxFailed(Away):
    """No walls could be put up around ffmpeg, and there have to be some."""


class NotKept(Exception):
    """The file is well, but we could not keep it now. `sentence` is for whoever sent it."""

    sentence = _(
        "We could not keep your recording just now: the fault is ours, not yours. "
        "Nothing you wrote is lost. Please try again in a few minutes."
    )


class UnknownAsset(LookupError):
    """No such recording: it was erased, or never was."""


class OriginalDropped(LookupError):
    """The recording as it was sent is gone; what was made from it is still there."""


class KeyGone(OriginalDropped):
    """What it was sealed under has been destroyed, so nobody can read it any more."""


class Damaged(Exception):
    """What is kept is not what was sealed: changed, cut short or put together wrongly."""

    def __str__(self) -> str:
        return "The original is damaged in its store. Bring it back from a backup, and try again."


class NotReleasable(ValueError):
    """A rendition was to be released that does not exist or is not proven clean."""


class LeaseLost(Exception):
    """Another worker, or an erasure, has taken this work away: stop and leave nothing."""
