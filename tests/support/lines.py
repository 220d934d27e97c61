"""The log of the service as it stands after a test's requests."""

import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crew_app.web import logs


class Log:
    """A file that stands for standard output."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def text(self) -> str:
        """All of it."""
        return self._path.read_text(encoding="utf-8")

    def facts(self, what: str) -> list[dict[str, Any]]:
        """The lines of one kind, where they are JSON."""
        return [line for line in map(json.loads, self.text.splitlines()) if line["what"] == what]


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    """What would stand on standard output, as JSON; `app.extensions["crew_watch"].speak = True` lets requests speak."""
    path = tmp_path / "log"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    monkeypatch.setattr(logs, "STANDARD_OUTPUT", descriptor)
    level = logging.getLogger().level
    logs.start(as_json=True)
    yield Log(path)
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, logs.Lines)]:
        root.removeHandler(handler)
    root.setLevel(level)
    os.close(descriptor)
