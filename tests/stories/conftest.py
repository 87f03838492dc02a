"""What tests of stories may ask for besides."""

from tests.clock import clock

__all__ = ["clock"]
