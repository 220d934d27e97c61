"""What the doctor says: a finding has a state, a sentence, and what to do next."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from flask import Flask

from crew_app.config import Settings


class Health(StrEnum):
    """How something stands."""

    OK = "ok"
    WARN = "warn"
    """Goes on, but not for good, or not as safely as it could."""
    FAIL = "fail"
    """Something is lost, unsafe or does not work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's."""

    check: str
    health: Health
    words: str
    step: str = ""
    """What to do; empty when all is well."""

    @property
    def failed(self) -> bool:
        """Whether the command must end with 1."""
        return self.health is Health.FAIL


@dataclass(frozen=True, slots=True)
class Patient:
    """What is looked at."""

    settings: Settings
    app: Flask
    deep: bool = False
    backups: Path | None = None

    @property
    def database_file(self) -> Path | None:
        """The file of an SQLite database."""
        url = self.settings.database_url
        return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


Said = Iterator[tuple[Health, str, str]]
Check = Callable[[Patient], Said]


def fine(words: str) -> tuple[Health, str, str]:
    """All is well."""
    return Health.OK, words, ""


def warn(words: str, step: str) -> tuple[Health, str, str]:
    """Look at it soon."""
    return Health.WARN, words, step


def fail(words: str, step: str) -> tuple[Health, str, str]:
    """Do something now."""
    return Health.FAIL, words, step
