"""`make bench-search`: quality on both engines, then latency at each of SIZES passages."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys

from archive.stack.places import Home
from archive.stack.running import start, stop
from archive.stack.servers import create_database, environment, servers

QUALITY = os.environ.get("QUERIES") != "0"
HOME = "search-benchmark"
SIZES = [int(size) for size in os.environ.get("SIZES", "10000,100000").split(",") if size]
WHAT = {"": "ten best", ", moments": "moments", ", site": "as the site"}
ENGINES = os.environ.get("ENGINES", "embedded,stack").split(",")


def main() -> None:
    for engine in ENGINES:
        print(f"\n{'SQLite FTS5' if engine == 'embedded' else 'Elasticsearch'}")
        if engine == "embedded":
            show({})
            continue
        home = Home(HOME)
        home.make()
        start(servers(home))
        try:
            create_database(home)
            show(environment(home))
        finally:
            stop(home)


def show(engines: dict[str, str]) -> None:
    if QUALITY:
        show_quality(measured("quality", engines))
    for size in SIZES:
        show_latency(measured("latency", engines | {"PASSAGES": str(size)}))


def measured(module: str, engines: dict[str, str]) -> dict:
    command = [sys.executable, "-m", f"benchmarks.search.{module}"]
    done = subprocess.run(
        command, env=os.environ | engines, stdout=subprocess.PIPE, check=True, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def show_quality(found: dict) -> None:
    """A row for each class and way; each figure with its 95 % interval."""
    measures = list(next(iter(found.values()))["ours"])
    print(f"\n{'':24}" + "".join(f"{measure:>24}" for measure in measures))
    for kind, ways in found.items():
        for way, figures in ways.items():
            cells = [figures.get(measure) for measure in measures]
            said = "".join(f"{_figure(cell):>24}" for cell in cells)
            print(f"{kind:10}{way:14}{said}")


def _figure(cell: list[float] | None) -> str:
    return f"{cell[0]:.3f} ({cell[1]:.2f} to {cell[2]:.2f})" if cell else ""


def show_latency(found: dict) -> None:
    wrote = found["wrote"]
    print(
        f"\n{wrote['passages']:,} passages of {wrote['documents']:,} recordings: "
        f"{wrote['passages a second']:.0f} passages a second written, "
        f"{wrote['bytes'] / 1e6:.0f} MB\n"
        f"one recording put in {wrote['put ms']:.1f} ms, hidden in {wrote['hide ms']:.1f}, "
        f"removed in {wrote['remove ms']:.1f}; no word of it in a file after "
        f"{wrote['scrub ms'] / 1000:.1f} s"
    )
    print(
        f"{'milliseconds, p50 / p95':24}{'plain':>16}"
        + "".join(f"{f'raw, {what}':>19}{'ours':>16}{'ratio':>7}" for what in WHAT.values())
    )
    for name, ways in found["queries"].items():
        cells = f"{name:24}{_spread(ways['plain']):>16}"
        for what in WHAT:
            raw, ours = ways[f"raw{what}"], ways[f"ours{what}"]
            ratio = statistics.median(ours) / statistics.median(raw)
            cells += f"{_spread(raw):>19}{_spread(ours):>16}{ratio:>7.2f}"
        print(cells)


def _spread(spans: list[float]) -> str:
    return f"{statistics.median(spans):.1f} / {sorted(spans)[int(0.95 * len(spans))]:.1f}"


if __name__ == "__main__":
    main()
