"""The catalogues of the demo hospital: CSV files beside this module."""

import csv
from importlib.resources import files


def rows(name: str) -> list[dict[str, str]]:
    """The lines of `data/<name>.csv`, each under the names of its head line."""
    text = files(__package__).joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
