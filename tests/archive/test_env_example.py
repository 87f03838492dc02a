"""The example of an environment names every variable that the settings read, and no other."""

import re

from archive.settings.environment import ROOT
from tests.archive.settings_table import read_by_all, read_by_any


def test_every_variable_is_in_the_example():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"^#?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE)
    assert sorted(named) == sorted(read_by_any())
    assert {"DATABASE", "DATABASE_PASSWORD", "SECRET_KEY", "DATA_DIR"} <= set(named)


def test_the_example_shows_the_defaults():
    """What is shown behind a # is what holds without it; hosts and addresses are only examples."""
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^#([A-Z][A-Z0-9_]+)=(.*)$", example, re.MULTILINE))
    for name, default in read_by_all().items():
        if name != "ALLOWED_HOSTS":
            expected = str(default).lower() if isinstance(default, bool) else str(default)
            assert shown[name] == expected, name
