"""`make screenshots`: every kind of page on a phone and at a desk, light and dark.

They land in var/screenshots; with --readme, what the README shows goes to docs/pictures too.
"""

from __future__ import annotations

import shutil
import sys

from playwright.sync_api import Browser, sync_playwright

from benchmarks.pages.demonstration import demonstration, kinds_of_page
from benchmarks.site import ROOT

FOLDER = ROOT / "var" / "screenshots"
WIDTHS = {"phone": (390, 844), "desk": (1280, 900)}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
README = {"landing": "home.png", "search": "search.png"}
LONGEST = 6000  # pixels of a page; a picture of more is of no use to anybody


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with demonstration() as site, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for name, (width, height) in WIDTHS.items():
            for scheme in ("light", "dark"):
                take_all(chromium, site, f"{name}-{scheme}", width, height, scheme)
        chromium.close()
    if "--readme" in sys.argv:
        for kind, target in README.items():
            shutil.copyfile(FOLDER / f"{kind}-desk-light.png", ROOT / "docs" / "pictures" / target)
    print(f"The pictures are in {FOLDER.relative_to(ROOT)}/")


def take_all(
    chromium: Browser, site: str, variant: str, width: int, height: int, scheme: str
) -> None:
    window = chromium.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        base_url=site,
        reduced_motion="reduce",
    )
    page = window.new_page()
    for kind, path in kinds_of_page(site).items():
        page.goto(path, wait_until="load")
        page.wait_for_timeout(400)  # for the player to show its poster
        tall = min(page.evaluate("document.documentElement.scrollHeight"), LONGEST)
        clip = {"x": 0, "y": 0, "width": width, "height": max(tall, height)}
        target = FOLDER / f"{kind.replace(' ', '-')}-{variant}.png"
        page.screenshot(path=target, full_page=True, clip=clip)
    window.close()


if __name__ == "__main__":
    main()
