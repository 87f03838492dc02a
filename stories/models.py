"""Every model of the app. Each lives in its room; Django looks for them here."""

from stories.consent.models import ConsentEvent, Purpose, Statement
from stories.consent.vocabulary import Term
from stories.contributions.links import PrivateLink
from stories.contributions.models import Contribution, Upload
from stories.contributions.places import PlaceCount
from stories.contributions.tombstones import Tombstone
from stories.contributions.versions import StoryVersion
from stories.pages.models import StoriesIndexPage, StoryPage
from stories.publishing.runs import StepRun

__all__ = [
    "ConsentEvent",
    "Contribution",
    "PlaceCount",
    "PrivateLink",
    "Purpose",
    "Statement",
    "StepRun",
    "StoriesIndexPage",
    "StoryPage",
    "StoryVersion",
    "Term",
    "Tombstone",
    "Upload",
]
