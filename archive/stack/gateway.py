"""The S3 server: versitygw, built with Go from its module at the version that compose runs too."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from archive.stack.places import cache, making
from archive.stack.server import CannotStart

VERSION = "v1.8.0"
MODULE = f"github.com/versity/versitygw/cmd/versitygw@{VERSION}"


def program() -> Path:
    # The version is in its name: clones of other days share the cache.
    return cache() / "bin" / f"versitygw-{VERSION}"


def is_installed() -> bool:
    return program().exists()


def installed() -> Path:
    """The program. Raises CannotStart when it was not built."""
    if not is_installed():
        raise CannotStart("The S3 server is not built yet. Type: scripts/setup stack")
    return program()


def install() -> None:
    """Build it; a minute or two. Go fetches a newer version of itself if it has to."""
    program().parent.mkdir(parents=True, exist_ok=True)
    with making() as work:
        subprocess.run(
            ["go", "install", MODULE], check=True, cwd=work, env=os.environ | {"GOBIN": str(work)}
        )
        (work / "versitygw").rename(program())
