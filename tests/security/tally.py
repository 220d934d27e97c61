"""What the tests of this folder counted. `make security` prints it at the end, one line for each subject."""

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
