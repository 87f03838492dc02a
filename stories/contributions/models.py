"""What was sent, and everything private about it. A contribution is not a page."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stories.contributions import keys
from stories.contributions.sealed import Private, seal, unseal
from stories.contributions.states import TAKEN_BACK, State, may_move

# Crockford's base 32: no I, L, O or U, so that nothing is misread or rude.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def readable_code(length: int) -> str:
    """`length` random characters of 5 bits each, in groups of four."""
    characters = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return "-".join(characters[at : at + 4] for at in range(0, length, 4))


def new_reference() -> str:
    """A permanent accession number that says nothing of person, order or time."""
    return readable_code(8)


def hash_email(address: str) -> str:
    """Keyed, so that the table can't be searched for an address; "" for none."""
    address = address.strip().casefold()
    if not address:
        return ""
    key = f"e-mail addresses:{settings.SECRET_KEY}".encode()
    return hmac.new(key, address.encode(), hashlib.sha256).hexdigest()


class NotPossible(Exception):
    """The contribution has moved on, so this can't be done to it any more."""


class Contribution(models.Model):
    """One story on its way. Texts are in `sealed`; read them with `private`, write with `keep()`.

    `epoch` rises with every decision; whatever is made from a decision carries its epoch, so that
    late work for an old decision can be told and refused.
    """

    class Kind(models.TextChoices):
        WRITTEN = "written", _("written")
        RECORDING = "recording", _("video or sound")

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    contributor_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    epoch = models.PositiveBigIntegerField(default=1)
    # Publishing has made everything as the decision of this epoch wants it.
    reconciled_epoch = models.PositiveBigIntegerField(default=0)
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)

    is_adult = models.BooleanField(default=False)
    # {purpose: {"answer", "statement", "choice"}} until they are sent. Then they are events.
    answers = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True, editable=False)

    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    publish_after = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=40, blank=True)
    # A keyed hash of the e-mail address, so that a lost link can be asked for by it.
    email_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    keep_original = models.BooleanField(
        default=True, help_text=_("Whether the recording as it was sent stays after publication.")
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # Taken down, and kept for the contributor until then. Passed or empty means: destroy.
    destroy_after = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["sent_at", "created_at"]
        permissions = [("moderate", "Can read, approve and decline contributions")]
        indexes = [models.Index(fields=["state", "sent_at"])]

    def __str__(self) -> str:
        return self.reference

    @classmethod
    def begin(cls) -> Contribution:
        """A new draft with a key of its own. The key is on disk before the row is."""
        contribution = cls(is_adult=True)
        keys.create(contribution.contributor_key)
        contribution.save()
        return contribution

    @property
    def private(self) -> Private:
        return unseal(self.contributor_key, self.sealed)

    def keep(self, **texts: str) -> None:
        """Seal these texts with the others. Raises KeyDestroyed after an erasure."""
        with transaction.atomic():
            mine = Contribution.objects.select_for_update(no_key=True).get(pk=self.pk)
            private = mine.private
            for name, value in texts.items():
                setattr(private, name, value)
            self.sealed = seal(self.contributor_key, private)
            self.saved_at = timezone.now()
            self.email_hash = hash_email(private.email)
            Contribution.objects.filter(pk=self.pk).update(
                sealed=self.sealed, saved_at=self.saved_at, email_hash=self.email_hash
            )

    def answer(self, purpose: str, answer: str, statement: int, choice: str = "") -> None:
        """Keep one draft answer with the statement that was shown beside it."""
        with transaction.atomic():
            mine = Contribution.objects.select_for_update(no_key=True).get(pk=self.pk)
            self.answers = mine.answers | {
                purpose: {"answer": answer, "statement": statement, "choice": choice}
            }
            Contribution.objects.filter(pk=self.pk).update(
                answers=self.answers, saved_at=timezone.now()
            )

    def move(self, after: str, **changes: Any) -> None:
        """Decide: one conditional update to `after`, raising the epoch.

        Raises NotPossible when somebody else decided first or the move is not one of MOVES.
        """
        if not may_move(self.state, after):
            raise NotPossible(f"from {self.state} to {after}")
        moved = Contribution.objects.filter(pk=self.pk, state=self.state).update(
            state=after, epoch=F("epoch") + 1, saved_at=timezone.now(), **changes
        )
        if not moved:
            raise NotPossible(f"no longer {self.state}")
        self.refresh_from_db()

    def decide(self, **changes: Any) -> None:
        """A decision that leaves the state as it is, such as a consent given or taken back.

        Raises NotPossible when the state has changed meanwhile, or the story was taken back.
        """
        decided = (
            Contribution.objects.filter(pk=self.pk, state=self.state)
            .exclude(state__in=TAKEN_BACK)
            .update(epoch=F("epoch") + 1, **changes)
        )
        if not decided:
            raise NotPossible(f"no longer {self.state}")
        self.refresh_from_db()

    @property
    def is_taken_back(self) -> bool:
        return self.state in TAKEN_BACK

    @property
    def is_kept(self) -> bool:
        """Whether what was sent is still to be kept, as opposed to destroyed."""
        if self.state == State.ERASED:
            return False
        ends = self.destroy_after
        return self.state != State.WITHDRAWN or (ends is not None and ends > timezone.now())

    @property
    def format(self) -> str:
        """What it is, as purposes name it: "written", "audio" or "video"."""
        upload = self.upload
        return upload.kind if upload else self.Kind.WRITTEN.value

    @property
    def upload(self) -> Upload | None:
        """The recording that counts: the newest one kept. None for a story told in writing."""
        if self.kind != self.Kind.RECORDING:
            return None
        return self.uploads.filter(state=Upload.State.KEPT).order_by("-created_at").first()


class Upload(models.Model):
    """A file that somebody sent, stored before anything else is asked. Its own name is not kept."""

    class State(models.TextChoices):
        KEPT = "kept", _("kept")
        REPLACED = "replaced", _("replaced by another")

    class WordsFrom(models.TextChoices):
        CONTRIBUTOR = "contributor", _("the contributor")
        MODERATOR = "moderator", _("a moderator")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="uploads")
    asset_id = models.UUIDField(editable=False, help_text=_("The media pipeline's asset."))
    kind = models.CharField(max_length=6, choices=[("video", "video"), ("audio", "sound")])
    size = models.PositiveBigIntegerField(help_text=_("Bytes."))
    seconds = models.FloatField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.KEPT)
    words_from = models.CharField(
        max_length=11,
        choices=WordsFrom.choices,
        blank=True,
        help_text="Whose subtitles the words are; empty where a computer wrote them, or nobody.",
    )
    picture_checked = models.BooleanField(
        default=False, help_text="Whether staff asked what its picture shows that nobody says."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.kind}, {self.size} bytes"
