"""How long things are kept: one table, carried out every minute by tick().

A rule does as much in a minute as does no harm, and goes on in the next. Running one again, or in
two processes at a time, is harmless.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from media_pipeline import api as media
from stories.contributions.places import forget_places
from stories.publishing import forgetting, leftovers
from stories.publishing.problems import forget_problems
from stories.publishing.withdraw import destroy_due


@dataclass(frozen=True)
class Rule:
    """`what` goes, so many days `after` something.

    `days` is a setting's name or a number; `act` is given that time and returns how many went.
    `name` is what tick() calls it.
    """

    name: str
    what: str
    after: str
    days: str | int
    act: Callable[[timedelta], int]

    @property
    def age(self) -> timedelta:
        days = getattr(settings, self.days) if isinstance(self.days, str) else self.days
        return timedelta(days=days)

    def enforce(self) -> int:
        """Let go of what is due; return how many."""
        return self.act(self.age)


RULES = (
    Rule(
        "old drafts removed",
        "stories that were begun and not sent, with their recordings and key",
        "anything in them was last saved",
        "DRAFT_DAYS",
        forgetting.remove_old_drafts,
    ),
    Rule(
        "declined stories taken down",
        "stories that could not be published: destroyed, with a receipt",
        "the decision, or anything saved since",
        "DECLINED_DAYS",
        forgetting.take_down_declined,
    ),
    Rule(
        "stories destroyed",
        "stories that were taken back: words, recordings, versions, key",
        "taking back; at once where their contributor says so",
        "KEEP_DAYS",
        lambda age: destroy_due(),
    ),
    Rule(
        "messages forgotten",
        "what a moderator and a contributor wrote to each other",
        "the last decision about a published story, or anything saved since",
        "MESSAGE_DAYS",
        forgetting.forget_messages,
    ),
    Rule(
        "addresses forgotten",
        "e-mail addresses, and the keyed hash that finds them",
        "anything was last saved, decided or answered",
        "CONTACT_DAYS",
        forgetting.forget_addresses,
    ),
    Rule(
        "reports forgotten",
        "what somebody told us about a story, and the address they left for an answer",
        "it was closed; sooner with the story itself",
        "REPORT_DAYS",
        forget_problems,
    ),
    Rule(
        "originals removed",
        "recordings as they were sent, where the contributor did not want them kept",
        "publication",
        0,
        forgetting.remove_originals,
    ),
    Rule(
        "ended links forgotten",
        "private links and codes (their hashes) that ran out or were replaced",
        "they ended",
        90,
        leftovers.forget_links,
    ),
    Rule(
        "old letters forgotten",
        "notes that a letter was sent, dropped or given up; a letter's text is never kept",
        "that",
        90,
        leftovers.forget_letters,
    ),
    Rule(
        "manifests destroyed",
        "the hashes by which a withdrawal is checked",
        "a check that found nothing",
        "MANIFEST_DAYS",
        leftovers.destroy_manifests,
    ),
    Rule(
        "counts forgotten",
        "how often one place on the network tried something",
        "the hour counted",
        2,
        forget_places,
    ),
    Rule(
        "unfinished uploads ended",
        "files of which not all has arrived, or that nobody went on with",
        "a piece of them last came",
        "UNFINISHED_UPLOAD_DAYS",
        media.incoming.end_old,
    ),
    Rule(
        "broken-off uploads removed",
        "files of uploads that broke off",
        "they were last written to",
        1,
        media.sweep_incoming,
    ),
    Rule(
        "replaced recordings destroyed",
        "recordings that another took the place of, or that were not sent with a written story",
        "that; later only where the store was away",
        0,
        leftovers.destroy_replaced,
    ),
    Rule(
        "finished tasks forgotten",
        "notes of background work that has ended",
        "its end",
        1,
        leftovers.forget_tasks,
    ),
)

# What stays, and why. It says nothing of a story.
KEPT = (
    ("consent records, the statements they answer, and receipts", "to show what was allowed, when"),
    ("tombstones and the journal", "so that nothing comes back, not from a backup either"),
    ("the ledger of a withdrawal", "to show what was closed, and what could not be recalled"),
    ("staff's decisions: who, when, which", "to answer for them"),
)


def retention_table(
    rules: tuple[Rule, ...] = RULES, kept: tuple[tuple[str, str], ...] = KEPT
) -> str:
    """Rules, and what is kept, as a Markdown table for docs/retention.md."""
    lines = ["| what | goes | after |", "|---|---|---|"]
    for rule in rules:
        lines.append(f"| {rule.what} | {_days(rule.days)} | {rule.after} |")
    lines += [f"| {what} | stays | {why} |" for what, why in kept]
    return "\n".join(lines) + "\n"


def _days(days: str | int) -> str:
    if isinstance(days, str):
        return f"`{days}`"
    return {0: "at once", 1: "1 day"}.get(days, f"{days} days")
