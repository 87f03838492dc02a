"""One scan of everything, for all manifests together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils import timezone

from stories.contributions.spoken import heard
from stories.contributions.states import TAKEN_BACK
from stories.contributions.versions import StoryVersion
from stories.publishing.ledger import Manifest
from stories.publishing.scan.broker import scan_broker
from stories.publishing.scan.database_file import scan_database_files
from stories.publishing.scan.files import scan_folders, scan_stores
from stories.publishing.scan.index import scan_index
from stories.publishing.scan.packed import scan_caches, scan_sessions
from stories.publishing.scan.remains import scan_steps
from stories.publishing.scan.report import Report
from stories.publishing.scan.tables import scan_tables
from stories.publishing.scan.wanted import Wanted
from stories.publishing.scan.written import scan_journal, scan_letters, scan_logs

PLACES = (
    scan_tables, scan_database_files, scan_stores, scan_folders, scan_caches, scan_sessions,
    scan_broker, scan_logs, scan_journal, scan_letters, scan_index,
)  # fmt: skip


def scan(manifests: Iterable[Manifest]) -> Report:
    """Look everywhere, and note in each manifest when it was looked for and found gone."""
    wanted = Wanted(manifests)
    for text in told_by_others():
        wanted.also_said(text)
    report = Report(kept=wanted.kept)
    for look in PLACES:
        look(wanted, report)
    scan_steps(wanted.manifests, report)
    _note(wanted, report)
    return report


def told_by_others() -> Iterator[str]:
    """What the stories say that are still here."""
    living = StoryVersion.objects.exclude(contribution__state__in=TAKEN_BACK)
    for version in living.iterator():
        yield from (version.title, version.summary, version.words)
        yield " ".join(cue.text for cue in heard(version.asset_id))


def _note(wanted: Wanted, report: Report) -> None:
    """The first clean scan counts: a manifest is destroyed some days after it."""
    now = timezone.now()
    for manifest in wanted.manifests:
        manifest.scanned_at = now
        clean = report.is_clean(manifest.contribution.reference)
        destroyed = manifest.contribution.reference not in wanted.kept
        manifest.clean_at = (manifest.clean_at or now) if clean and destroyed else None
        Manifest.objects.filter(pk=manifest.pk).update(scanned_at=now, clean_at=manifest.clean_at)
