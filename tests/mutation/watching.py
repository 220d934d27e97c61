"""Which lines of the files under trial a test runs, and which run already when they are imported."""

import sys
import threading
from collections import defaultdict
from pathlib import Path
from types import FrameType
from typing import Any


class Watch:
    """Notes lines under the name of whoever runs; `name` is "" until the first test begins."""

    def __init__(self, files: tuple[str, ...]) -> None:
        self.name = ""
        self.seen: dict[str, set[tuple[str, int]]] = defaultdict(set)
        self._files = {str(Path(file).resolve()): file for file in files}

    def start(self) -> None:
        """Watch this thread and all that begin from now on."""
        threading.settrace(self._enter)
        sys.settrace(self._enter)

    def stop(self) -> None:
        """Look away."""
        sys.settrace(None)
        threading.settrace(None)

    def _enter(self, frame: FrameType, event: str, argument: Any) -> Any:
        file = self._files.get(frame.f_code.co_filename)
        if file is None:
            return None
        seen = self.seen

        def note(frame: FrameType, event: str, argument: Any) -> Any:
            seen[self.name].add((file, frame.f_lineno))
            return note

        return note(frame, event, argument)
