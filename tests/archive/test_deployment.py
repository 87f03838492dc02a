"""docs/deployment.md and deploy/ say what the code does."""

from __future__ import annotations

import re
from typing import Any

from django.core.management import get_commands

from archive.settings.environment import ROOT
from tests.archive.compose_file import SITE, load
from tests.archive.settings_table import read_by_all, read_by_any

PAGE = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))


def in_words(default: Any) -> str:
    if default in ("", []):
        return ""
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def test_every_setting_is_in_the_table_once_with_its_default():
    table = PAGE.partition("## Settings")[2]
    rows = re.findall(r"^\| `([A-Z0-9_]+)` \| (.+?) \| (.*?) ?\| (.+?) \|$", table, re.MULTILINE)
    defaults = read_by_all()
    assert sorted(name for name, *_ in rows) == sorted(defaults)
    for name, _, default, _ in rows:
        assert default == in_words(defaults[name]), name
    assert read_by_any() == defaults.keys()


def test_every_secret_is_called_one():
    source = "".join(path.read_text() for path in (ROOT / "archive/settings").glob("*.py"))
    secret = set(re.findall(r'read_secret\("([A-Z0-9_]+)"', source))
    assert set(re.findall(r"^\| `([A-Z0-9_]+)` \| \*\*secret\*\*", PAGE, re.MULTILINE)) == secret


def test_the_commands_and_containers_that_it_names_are_there():
    units = "".join(path.read_text() for path in UNITS)
    named = set(re.findall(r"(?:manage\.py|deploy/manage) ([a-z_]+)", PAGE + units))
    assert {"make_ready", "check_parts", "apply_tombstones", "verify_consents"} <= named
    assert named <= get_commands().keys() | {"collectstatic"}
    services = load(**SITE)["services"]
    assert set(re.findall(r"compose exec ([a-z-]+)", PAGE)) <= services.keys()
    assert set(re.findall(r"--profile ([a-z]+)", PAGE)) == {"small", "many"}


def test_the_units_set_what_the_settings_read():
    assert len(UNITS) == 2
    command = (ROOT / "deploy" / "manage").read_text()
    for unit in UNITS:
        text = unit.read_text()
        told = dict(re.findall(r"^Environment=([A-Z_]+)=(.*)$", text, re.MULTILINE))
        assert {name.removesuffix("_FILE") for name in told} - {
            "DJANGO_SETTINGS_MODULE"
        } <= read_by_any()
        # A command by hand sees the same folders.
        for name, value in told.items():
            if name != "SECRET_KEY_FILE":
                assert f"{name}={value}" in command, name
        for folder in ("KEYS_DIR", "JOURNAL_PATH"):
            assert not told[folder].startswith(told["DATA_DIR"])
        for wall in ("NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n"):
            assert wall in text
