"""Fails when a test in tests/acceptance was skipped, or when none ran."""

import sys
from pathlib import Path
from xml.etree import ElementTree as ET


def main(report: Path) -> str | None:
    cases = [case for case in ET.parse(report).iter("testcase") if "acceptance" in case.get("classname", "")]
    skipped = [f"{case.get('classname')}::{case.get('name')}" for case in cases if case.find("skipped") is not None]
    if skipped:
        return "Browser tests were skipped:\n" + "\n".join(skipped)
    return None if cases else "No browser test ran."


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
