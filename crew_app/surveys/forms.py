"""What is sent about surveys, turned into typed values."""

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from crew_app.surveys.actions import Filled
from crew_app.surveys.rules import BEST
from crew_app.tickets.forms import text, uuid

PREFIX = "score-"
MARKS = {str(mark): mark for mark in range(1, BEST + 1)}


class Fields(Protocol):
    """Form fields that may occur several times."""

    def getlist(self, key: str) -> list[str]:
        """All values of a field, in order."""


def parse_answer(form: Mapping[str, str]) -> Filled:
    """Read a filled-in survey; a question without a mark is left out."""
    scores = {_id(name): MARKS[value] for name, value in form.items() if name.startswith(PREFIX) and value in MARKS}
    return Filled(uuid(form, "answer_id"), scores, text(form, "words"))


def parse_questions(form: Fields) -> list[tuple[str, str]]:
    """Read the list of questions: the Chinese and the English name of each."""
    pairs = zip(form.getlist("name"), form.getlist("name_en"), strict=False)
    return [(_name(name), _name(name_en)) for name, name_en in pairs]


def _name(typed: str) -> str:
    return text({"name": typed}, "name")[:60]


def _id(name: str) -> UUID:
    return uuid({"id": name.removeprefix(PREFIX)}, "id")
