"""What tests of one's own page may ask for."""

from tests.stories.mine.ones_own import published, story

__all__ = ["published", "story"]
