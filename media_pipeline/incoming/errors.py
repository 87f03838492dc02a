"""Why bytes were not taken. A `sentence` is for the person who sends them."""

from __future__ import annotations


class UnknownUpload(LookupError):
    """No such upload of this owner's: it was finished or ended, or never was."""


class UploadExpired(UnknownUpload):
    """It was there, and nothing came for too long."""


class UploadBusy(Exception):
    """Somebody else writes to it just now; try again in a moment."""


class WrongOffset(ValueError):
    """What was sent does not begin where the kept part ends."""


class WrongChecksum(ValueError):
    """What arrived is not what was sent. Nothing of it is kept."""


class TooLong(ValueError):
    """More was sent than the upload is long."""


class WrongLength(ValueError):
    """Its length was told before, and was another."""


class NotComplete(ValueError):
    """Not all of it has arrived."""


class TooLarge(ValueError):
    """It would be over MAX_UPLOAD_BYTES, or empty."""


class NotAccepted(Exception):
    """A new upload can't be begun. `sentence` says why and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__("upload not accepted")
        self.sentence = sentence


class NoRoom(NotAccepted):
    """The disk could not hold it."""


class TooMuchUnderWay(NotAccepted):
    """One place, or one draft, sends more at a time than it may."""
