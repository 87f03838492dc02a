"""What tests of publishing may ask for."""

from tests.stories.publishing.verifying import erased, swept

__all__ = ["erased", "swept"]
