"""What the settings read from the environment, found in their source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive.settings.environment import ROOT

# Where the variable's name stands among the arguments, and where its default; None: by keyword.
READERS = {
    "read": (1, None),
    "read_bool": (0, 1),
    "read_choice": (0, 1),
    "read_like": (0, 3),
    "read_number": (0, 1),
    "read_path": (0, 1),
    "read_secret": (0, None),
}
SETTINGS = ROOT / "archive" / "settings"


def variables(source: Path) -> Iterator[tuple[str, Any]]:
    """(name, default) of each variable that one module reads; a missing default is ""."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id=reader)) if reader in READERS:
                name, default = READERS[reader]
                given = node.args[default] if default is not None else _keyword(node, "default")
                yield ast.literal_eval(node.args[name]), _value(given)


def read_by_all() -> dict[str, Any]:
    """{name: default} of what every installation reads."""
    modules = (SETTINGS / "base.py", SETTINGS / "engines.py")
    return {name: default for module in modules for name, default in variables(module)}


def read_by_any() -> set[str]:
    """The names that any settings module reads."""
    modules = set(SETTINGS.glob("*.py")) - {SETTINGS / "environment.py"}
    return {name for module in modules for name, _ in variables(module)}


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((each.value for each in call.keywords if each.arg == name), None)


def _value(expression: ast.expr | None) -> Any:
    if expression is None:
        return ""
    # Sums such as 5 * 10**9, and paths from ROOT; the source is our own.
    code = compile(ast.Expression(expression), "settings", "eval")
    return eval(code, {"ROOT": Path()})  # noqa: S307
