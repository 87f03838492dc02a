"""The Nu HTML checker, a Java program that reads whole folders: https://validator.github.io/validator/

`scripts/setup stack` brings it, and Java with it.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

from archive.stack import elastic

JAR = Path(__file__).parent / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def remarks(pages: dict[str, str]) -> list[str]:
    """What it says about {name: HTML}, as `name line 12: what is wrong`, in one start.

    Raises CannotStart without Java, and RuntimeError when the checker said nothing readable.
    """
    java = elastic.find_java() / "bin" / "java"
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, (name, html) in enumerate(pages.items()):
            Path(folder, f"{number}.html").write_text(html, encoding="utf-8")
            names[str(number)] = name
        command = [str(java), "-jar", str(JAR), "--format", "json", folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        found = json.loads(done.stderr)["messages"]
    except ValueError:
        raise RuntimeError(f"The HTML checker did not run: {done.stderr[:500]}") from None
    return [
        f"{names[Path(one['url']).stem]} line {one.get('lastLine')}: {one['message']}"
        f" … {' '.join(one.get('extract', '').split())}"
        for one in found
    ]
