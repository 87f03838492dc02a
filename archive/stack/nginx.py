"""nginx in front of the site, by the same template that containers use."""

from __future__ import annotations

import os
import shutil
import string
from pathlib import Path

from archive.stack.places import HOST, ROOT, Home, is_root
from archive.stack.server import CannotStart, Server, answers

TEMPLATE = ROOT / "deploy" / "nginx.conf.template"


def nginx(
    home: Home,
    site_port: int,
    port: int,
    *,
    static: Path,
    files: Path | None = None,
    s3_endpoint: str = "",
    max_body_bytes: int = 10**13,
) -> Server:
    """nginx at `port` for a site at `site_port`. `static` and `files` are folders.

    Without `files` and `s3_endpoint` recordings are looked for in the stack's own places.
    """
    # Debian keeps it where only root looks.
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")
    if not program:
        raise CannotStart("nginx is not installed. Type: sudo apt-get install nginx")
    room = home.folder("nginx")
    room.mkdir(parents=True, exist_ok=True, mode=0o700)
    config = room / "nginx.conf"
    config.write_text(
        filled(
            LISTEN=f"{HOST}:{port}",
            SITE_SERVER=f"{HOST}:{site_port}",
            STATIC_ROOT=static,
            FILES_ROOT=files or home.folder("site", "media"),
            S3_ENDPOINT=s3_endpoint or f"http://{HOST}:{home.port('s3')}",
            MAX_BODY_BYTES=max_body_bytes,
            NGINX_HOME=room,
        )
    )
    # Started by root it would become somebody else, who may not read what we keep for ourselves.
    globals_ = "daemon off; user root;" if is_root() else "daemon off;"
    command = [program, "-e", "stderr", "-c", str(config), "-g", globals_]
    return Server("nginx", home, command, lambda: answers(port), folder=room)


def filled(**values: object) -> str:
    """The configuration. nginx's own $names stay."""
    return string.Template(TEMPLATE.read_text()).safe_substitute(values)
