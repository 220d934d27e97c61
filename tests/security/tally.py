"""What the tests of this folder counted. `make security` prints it at the end, one line for each subject."""

import os
from collections.abc import Sequence
from typing import TypeVar

One = TypeVar("One")
ALL = os.environ.get("SECURITY_ALL") == "1"
"""Whether everything is tried, and not only a part each time (`make security`)."""
COUNTED: dict[str, dict[str, int]] = {}


def count(subject: str, **numbers: int) -> None:
    """Add to the counts of a subject; `findings` are what was wrong."""
    so_far = COUNTED.setdefault(subject, {})
    for name, number in numbers.items():
        so_far[name] = so_far.get(name, 0) + number


def lines() -> list[str]:
    """One line for each subject."""
    return [
        " ".join([f"security {subject}:", *(f"{name}={number}" for name, number in numbers.items())])
        for subject, numbers in sorted(COUNTED.items())
    ]


def some(choices: Sequence[One], turn: int, most: int = 1) -> list[One]:
    """All of them when everything is tried; else a few, others at each turn."""
    return list(choices) if ALL else [choices[(turn * most + n) % len(choices)] for n in range(most)]
