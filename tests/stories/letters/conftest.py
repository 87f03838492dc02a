"""A story whose contributor left an e-mail address, with no letter waiting."""

from __future__ import annotations

import pytest
from django.core import mail

from stories.contributions.models import Contribution
from tests.people import work

ADDRESS = "ann@example.org"


@pytest.fixture
def story(contributor) -> Contribution:
    contributor.tell("The garlic is up", "Jean put a note through the door.", email=ADDRESS)
    work()
    mail.outbox.clear()
    return Contribution.objects.get()
