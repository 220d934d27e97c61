"""`crew ledger check`: what is wrong with the books, a line each."""

from collections.abc import Iterator

from crew_app.stock import checks


def problems() -> Iterator[str]:
    """Everything that does not fit, in plain words with the ids to look at."""
    for drift in checks.drifts():
        yield f"balance {drift.account_id} {drift.item_id}: moves say {drift.from_moves}, kept {drift.kept}"
    for item in checks.unbalanced_items():
        yield f"item {item} does not sum to zero"
    for worth in checks.misvalued():
        yield f"value at {worth.site_id} of {worth.item_id}: moves say {worth.from_moves}, kept {worth.kept}"
    for name in checks.missing_triggers():
        yield f"trigger {name} is missing"
    for found in checks.breaks():
        yield f"chain of {found.site_id}, position {found.position}: {found.what} ({found.posting_id or 'no posting'})"


def verdict(count: int) -> str:
    """What was looked at, and how it stands."""
    seen = ", ".join(f"{many} {table.replace('_', ' ')}" for table, many in checks.summary().items()) + "."
    return f"{seen} The ledger is right." if not count else f"{seen} {count} problems."
