"""What tests of the form may ask for."""

from __future__ import annotations

import pytest

from tests.stories.contribute.uploads import Sender


@pytest.fixture
def sender(contributor) -> Sender:
    contributor.begin("recording")
    return Sender(contributor.client)
