"""Private links and codes: how a contributor without an account comes back to their story."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stories.contributions.models import Contribution, readable_code
from stories.contributions.participants import Participant

if TYPE_CHECKING:
    from django.db.models import QuerySet

CODE_CHARACTERS = 16  # 80 bits: not to be guessed, still short enough for a notebook


class LinkExpired(Exception):
    """The link or code was real once, and has run out or been replaced."""


class PrivateLink(models.Model):
    """A way back in. The secret itself is with the contributor only: here is its hash.

    Every link handed out is a row of its own, so that each can end by itself.
    """

    class Kind(models.TextChoices):
        LINK = "link", _("private link")
        CODE = "code", _("code to write down")

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="links")
    participant = models.ForeignKey(
        Participant,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="links",
        help_text=_("Whose link it is, where somebody else is in the recording too."),
    )
    kind = models.CharField(max_length=4, choices=Kind.choices, default=Kind.LINK)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} made {self.created_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()


def _hash(secret: str) -> str:
    """Keyed, so that a copy of the table alone can't be searched for a code."""
    key = f"private links:{settings.SECRET_KEY}".encode()
    return hmac.new(key, secret.encode(), hashlib.sha256).hexdigest()


def _mint(
    contribution: Contribution, kind: str, secret: str, participant: Participant | None = None
) -> str:
    PrivateLink.objects.create(
        contribution=contribution,
        participant=participant,
        kind=kind,
        secret_hash=_hash(secret),
        expires_at=timezone.now() + timedelta(days=settings.LINK_DAYS),
    )
    return secret


def mint_link(contribution: Contribution, participant: Participant | None = None) -> str:
    """A new token of 256 bits, in 43 URL-safe characters.

    A participant has one link at a time: a new one ends the one before, whoever holds that.
    """
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        if participant:
            Participant.objects.select_for_update(no_key=True).get(
                pk=participant.pk
            )  # one at a time
            _end_links(PrivateLink.objects.filter(participant=participant))
        return _mint(contribution, PrivateLink.Kind.LINK, token, participant)


def mint_code(contribution: Contribution) -> str:
    """A new code such as 7K3M-92QD-PX4T-8WVA; the one before it stops working."""
    _end_links(PrivateLink.objects.filter(contribution=contribution, kind=PrivateLink.Kind.CODE))
    code = readable_code(CODE_CHARACTERS)
    _mint(contribution, PrivateLink.Kind.CODE, code.replace("-", ""))
    return code


def _end_links(rows: QuerySet[PrivateLink]) -> None:
    rows.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())


def clean_code(typed: str) -> str:
    """A code as people write it: small letters, spaces, O for 0, I or L for 1."""
    letters = "".join(character for character in typed.upper() if character.isalnum())
    return letters.translate(str.maketrans("OIL", "011"))


def find_link(secret: str) -> PrivateLink:
    """The row of a token or a cleaned code, the contributor's own or somebody else's.

    Raises PrivateLink.DoesNotExist for one never handed out, LinkExpired for one that has ended.
    """
    rows = PrivateLink.objects.select_related("contribution", "participant")
    link = rows.get(secret_hash=_hash(secret))
    if not link.is_open:
        raise LinkExpired
    return link


def find(secret: str) -> Contribution:
    """The contribution that a contributor's own token or cleaned code opens.

    Raises PrivateLink.DoesNotExist also for the link of somebody else in the recording: theirs
    opens their part only. Raises LinkExpired.
    """
    link = find_link(secret)
    if link.participant_id:
        raise PrivateLink.DoesNotExist
    return link.contribution
