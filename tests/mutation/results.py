"""What became of the mutants: one line each in a file, so that a run can go on after an interruption; and the table."""

import json
from collections import Counter
from collections.abc import Iterable
from math import sqrt
from pathlib import Path
from typing import Any

FOLDER = Path("build/mutation")
KILLED = ("killed", "timed out")


class Book:
    """The results of one target."""

    def __init__(self, name: str) -> None:
        self.path = FOLDER / f"{name}.jsonl"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lines = self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []
        self.known: dict[str, dict[str, Any]] = {row["id"]: row for row in map(json.loads, lines)}

    def write(self, row: dict[str, Any]) -> None:
        """Keep a result."""
        self.known[row["id"]] = row
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")

    def killers(self) -> Counter[str]:
        """How often each test was the one that noticed."""
        return Counter(row["by"] for row in self.known.values() if row.get("by"))


def table(rows: Iterable[dict[str, Any]], of: dict[str, int]) -> str:
    """The counts by file; `of` is how many mutants each has. Plus or minus: 95 of 100 samples would fall there."""
    by_file: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_file.setdefault(row["file"], []).append(row)
    lines = [f"{'file':44}{'mutants':>9}{'tried':>7}{'killed':>8}{'share':>8}"]
    lines += [_line(file, found, of[file]) for file, found in sorted(by_file.items())]
    everything = [row for found in by_file.values() for row in found]
    return "\n".join([*lines, _line("all", everything, sum(of[file] for file in by_file))])


def _line(name: str, rows: list[dict[str, Any]], of: int) -> str:
    killed = sum(row["result"] in KILLED for row in rows)
    share = killed / len(rows)
    spread = 1.96 * sqrt(share * (1 - share) / len(rows) * (of - len(rows)) / max(of - 1, 1))
    doubt = f" ± {spread:.1%}" if len(rows) < of else ""
    return f"{name:44}{of:>9}{len(rows):>7}{killed:>8}{share:>8.1%}{doubt}"
