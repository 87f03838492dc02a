"""Every model of the app. Each lives in its room; Django looks for them here."""

from stories.consent.events import ChainHead, ConsentEvent, Receipt
from stories.consent.models import Purpose, Statement
from stories.consent.vocabulary import Term
from stories.contributions.asks import Ask
from stories.contributions.calls import Call
from stories.contributions.links import PrivateLink
from stories.contributions.models import Contribution, Upload
from stories.contributions.participants import Participant
from stories.contributions.places import PlaceCount
from stories.contributions.problems import Problem
from stories.contributions.tombstones import Tombstone
from stories.contributions.versions import StoryVersion
from stories.letters.alerts import Alert
from stories.letters.models import Letter, LinkRequest
from stories.pages.harvested import Harvested
from stories.pages.models import StoriesIndexPage, StoryPage
from stories.pages.series import EpisodePlace, PodcastSeries
from stories.pages.synonyms import SynonymGroup
from stories.publishing.ledger import Closing, Export, Manifest, OutsideCopy
from stories.publishing.runs import StepRun

__all__ = [
    "Alert",
    "Ask",
    "Call",
    "ChainHead",
    "Closing",
    "ConsentEvent",
    "Contribution",
    "EpisodePlace",
    "Export",
    "Harvested",
    "Letter",
    "LinkRequest",
    "Manifest",
    "OutsideCopy",
    "Participant",
    "PlaceCount",
    "PodcastSeries",
    "PrivateLink",
    "Problem",
    "Purpose",
    "Receipt",
    "Statement",
    "StepRun",
    "StoriesIndexPage",
    "StoryPage",
    "StoryVersion",
    "SynonymGroup",
    "Term",
    "Tombstone",
    "Upload",
]
