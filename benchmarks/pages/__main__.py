"""`make bench-pages`: for each kind of page, how long the server takes, what a phone must fetch,
what Lighthouse says and what the W3C's checker says, all over the demonstration.

ROUNDS=30 answers of each page by turns; PARTS=server,html,lighthouse says what is measured.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import statistics
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.pages.demonstration import demonstration, kinds_of_page, read
from tests.html.checker import remarks

ROUNDS = int(os.environ.get("ROUNDS", "30"))
PARTS = os.environ.get("PARTS", "server,html,lighthouse").split(",")
WARM = 3
PACKAGES = Path(__file__).parent / "node_modules"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# A slow phone on a slow line, as Lighthouse has it unless told otherwise.
LOOKED_AT = ("landing", "stories", "written story", "film", "sound", "search")


def main() -> None:
    with demonstration() as site:
        pages = kinds_of_page(site)
        if "server" in PARTS:
            show_times(site, pages)
        if "html" in PARTS:
            show_html(site, pages)
        if "lighthouse" in PARTS:
            show_lighthouse(site, pages)


def show_times(site: str, pages: dict[str, str]) -> None:
    """Milliseconds from asking to the last byte, over one kept connection."""
    link = http.client.HTTPConnection(urlsplit(site).netloc)
    spans: dict[str, list[float]] = {kind: [] for kind in pages}
    sizes: dict[str, int] = {}
    for number in range(WARM + ROUNDS):
        for kind, path in pages.items():
            began = time.perf_counter()
            link.request("GET", path, headers={"Accept-Encoding": "gzip"})
            sizes[kind] = len(link.getresponse().read())
            if number >= WARM:
                spans[kind].append(1000 * (time.perf_counter() - began))
    print(f"\n{'page':20}{'p50 ms':>10}{'p95 ms':>10}{'bytes':>10}")
    for kind, taken in spans.items():
        p95 = sorted(taken)[int(0.95 * len(taken))]
        print(f"{kind:20}{statistics.median(taken):10.1f}{p95:10.1f}{sizes[kind]:10,}")


def show_html(site: str, pages: dict[str, str]) -> None:
    """What the Nu HTML checker finds: https://validator.github.io/validator/"""
    found = remarks({kind: read(site + path) for kind, path in pages.items()})
    print(f"\nHTML: {len(pages)} pages, {len(found)} remarks")
    for one in found:
        print(f"  {one}")


def show_lighthouse(site: str, pages: dict[str, str]) -> None:
    print(f"\n{'Lighthouse, phone':20}" + "".join(f"{name:>16}" for name in CATEGORIES) + "   kB")
    for kind in LOOKED_AT:
        if kind not in pages:
            continue
        hidden = 'name="robots" content="noindex' in read(site + pages[kind])
        said = lighthouse(site + pages[kind], ["is-crawlable"] if hidden else [])
        scores = [100 * said["categories"][name]["score"] for name in CATEGORIES]
        weight = said["audits"]["total-byte-weight"]["numericValue"] / 1000
        # By consent, or because nobody wants results of a search in another one.
        note = "   not to be indexed, which is not counted against it" if hidden else ""
        print(f"{kind:20}" + "".join(f"{each:16.0f}" for each in scores) + f"{weight:5.0f}{note}")
        for name in CATEGORIES:
            for one in said["categories"][name]["auditRefs"]:
                audit = said["audits"][one["id"]]
                if one["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                    print(f"    {audit['title']}: {audit.get('displayValue', '')}")


def lighthouse(address: str, leave_out: list[str]) -> dict:
    flags = "--headless=new --no-sandbox --disable-background-networking --disable-component-update"
    command = [
        "node",
        str(PACKAGES / "lighthouse" / "cli" / "index.js"),
        address,
        "--output=json",
        "--quiet",
        f"--only-categories={','.join(CATEGORIES)}",
        *(f"--skip-audits={audit}" for audit in leave_out),
        f"--chrome-flags={flags}",
    ]
    chromium = shutil.which("chromium") or ""
    environment = os.environ | {"CHROME_PATH": chromium}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


if __name__ == "__main__":
    main()
