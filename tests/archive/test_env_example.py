"""The example of an environment names every variable that the settings read, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from archive.settings import environment
from archive.settings.environment import ROOT

READERS = {"read": 1, "read_bool": 0, "read_number": 0, "read_path": 0}  # where the name stands


def variables(source: Path) -> Iterator[str]:
    """The names of the variables that one settings module reads."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id=reader)) if reader in READERS:
                yield ast.literal_eval(node.args[READERS[reader]])


def test_every_variable_is_in_the_example():
    modules = set((ROOT / "archive/settings").glob("*.py")) - {Path(environment.__file__)}
    read = {name for module in modules for name in variables(module)}
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)) == read
    assert len(read) > 10
