"""The demonstration, served while a block runs, and an address of each kind of page in it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.site import HOST, ROOT, free_port

# Where a page of a kind has a name that is the same in every archive.
NAMED = {
    "landing": "/",
    "stories": "/stories/",
    "podcasts": "/podcasts/",
    "podcast series": "/podcasts/stories/",
    "my recovery": "/my-recovery/",
    "resources": "/resources/",
    "find support": "/services/",
    "contact": "/contact/",
    "how it looks": "/how-it-looks/",
    "search": "/search/?q=bus",
    "nothing found": "/search/?q=zebra",
    "share your story": "/share-your-story/",
    "form": "/share-your-story/age/",
    "your story": "/my-story/",
    "not there": "/nowhere/",
}
# Where one has to be found: the page that leads to it, and what its link looks like.
LED_TO = {
    "written story": ("/stories/?kind=read", r'href="(/stories/[-\w]+/)"'),
    "film": ("/stories/?kind=watch", r'href="(/stories/[-\w]+/)"'),
    "sound": ("/stories/?kind=listen", r'href="(/stories/[-\w]+/)"'),
    "section": ("/my-recovery/", r'href="(/my-recovery/[-\w]+/)"'),
    "resource": ("/resources/", r'href="(/resources/[-\w]+/)"'),
}


@contextmanager
def demonstration() -> Iterator[str]:
    """The site's address, once all its stories are told: minutes the first time, then seconds."""
    port = free_port()
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "benchmarks.pages.as_served"}
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(collect, cwd=ROOT, env=environment, check=True)
    command = [sys.executable, "manage.py", "demo", "--port", str(port)]
    serving = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert serving.stdout
    try:
        for line in serving.stdout:
            print(line, end="", file=sys.stderr)
            if "All there" in line:
                break
        else:
            raise SystemExit("The demonstration did not come up; what it said stands above.")
        yield f"http://{HOST}:{port}"
    finally:
        serving.send_signal(signal.SIGINT)
        serving.wait()


def kinds_of_page(site: str) -> dict[str, str]:
    """{kind: path} of a page of each kind that the demonstration has."""
    found = dict(NAMED)
    for kind, (path, link) in LED_TO.items():
        if led := re.search(link, read(site + path)):
            found[kind] = led[1]
    if "written story" in found:
        found["problem"] = found["written story"] + "problem/"
    return found


def read(address: str) -> str:
    """A page's HTML, whatever its status."""
    try:
        with urllib.request.urlopen(address) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.read().decode()
