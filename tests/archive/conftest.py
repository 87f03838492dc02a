"""What tests of the site's own sections may ask for."""

from tests.clock import clock

__all__ = ["clock"]
