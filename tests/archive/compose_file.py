"""docker-compose.yml as a reader of it sees it: merged, and filled in from an environment."""

from __future__ import annotations

import re
from typing import Any

import yaml

from archive.settings.environment import ROOT

SITE = {"SITE_ADDRESS": "https://stories.example.org", "ALLOWED_HOSTS": "stories.example.org"}
VARIABLE = re.compile(r"\$(?:\$|\{(\w+)(?::([-?])([^}]*))?\})")


def load(**environment: str) -> dict[str, Any]:
    """The whole file. Raises KeyError for a variable that has to be set and is not."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    return _filled(yaml.safe_load(text), environment)


def _filled(value: Any, environment: dict[str, str]) -> Any:
    match value:
        case dict():
            return {key: _filled(each, environment) for key, each in value.items()}
        case list():
            return [_filled(each, environment) for each in value]
        case str():
            return VARIABLE.sub(lambda found: _one(found, environment), value)
    return value


def _one(found: re.Match, environment: dict[str, str]) -> str:
    name, how, text = found.groups()
    if name is None:
        return "$"
    if how == "-":
        return environment.get(name) or text
    return environment[name]
