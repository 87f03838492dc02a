"""Print "N passed, N failed" from pytest's JUnit report. Fail if a test was skipped or none ran."""

import sys
from pathlib import Path
from xml.etree import ElementTree


def main(report: Path) -> int:
    """Return 0 only when at least one test ran and every one passed."""
    # Our own pytest wrote the file a moment ago.
    suites = ElementTree.parse(report).getroot().findall("testsuite")  # noqa: S314

    def total(name: str) -> int:
        return sum(int(suite.get(name, 0)) for suite in suites)

    failed = total("failures") + total("errors")
    skipped = total("skipped")
    passed = total("tests") - failed - skipped
    if skipped:
        sys.stdout.write(
            f"{skipped} skipped: a skipped test hides a missing part, so this fails.\n"
        )
    if passed < 1:
        sys.stdout.write("No test ran to its end, so this fails.\n")
    counts = f"{max(passed, 0)} passed, {failed} failed"
    sys.stdout.write(counts + (f", {skipped} skipped\n" if skipped else "\n"))
    return 1 if failed or skipped or passed < 1 else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
