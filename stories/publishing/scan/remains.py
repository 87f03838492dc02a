"""What the steps themselves still find, and the pipeline of recordings that no row names."""

from __future__ import annotations

from uuid import UUID

from media_pipeline import api as media
from search import api as search
from stories.publishing.ledger import Manifest
from stories.publishing.scan.report import Report
from stories.publishing.scan.wanted import Match
from stories.publishing.steps import STEPS

SOURCES = "sources"  # the step whose things may stay until a kept story's date


def scan_steps(manifests: list[Manifest], report: Report) -> None:
    for manifest in manifests:
        story = manifest.contribution
        for step in STEPS:
            report.count("steps", steps=1)
            _add(report, f"step {step.name}", story.reference, step.remnants(story))
        _add(report, "search", story.reference, search.remnants(story.reference))
        for asset in manifest.data.get("assets", ()):
            report.count("steps", recordings=1)
            _add(report, "recordings", story.reference, media.remnants(UUID(asset)))


def _add(report: Report, where: str, reference: str, things: list[str]) -> None:
    """Remnants hold numbers and random names, never a word of a story."""
    source = where in {f"step {SOURCES}", "recordings"}
    match = [Match("not closed", reference)]
    for thing in things:
        report.add(where, match, thing, source=source)
