"""The templates that come with the software: one `crew-round/1` document each in `library/`.

They name kinds of assets and of jobs by code, never places: which place a stop is, each hospital says itself.
"""

from functools import cache
from importlib.resources import files

from crew_app.rounds.content import Category, Content
from crew_app.rounds.reading import read

_CATEGORIES = list(Category)


@cache
def ready() -> tuple[Content, ...]:
    """All of them, in the order of their categories, then of their codes."""
    folder = files(__package__).joinpath("library")
    found = [read(file.read_text(encoding="utf-8")) for file in folder.iterdir() if file.name.endswith(".json")]
    return tuple(sorted(found, key=lambda content: (_CATEGORIES.index(content.category), content.code)))


def ready_template(code: str) -> Content:
    """The one with this code; `LookupError` when there is none."""
    for content in ready():
        if content.code == code:
            return content
    raise LookupError(code)
