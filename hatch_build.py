import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEnd(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        del build_data
        root = Path(self.root)
        # `make setup` has just built it, with its progress and its errors in plain sight.
        if version == "editable" and (root / "crew_app" / "static" / "dist" / "manifest.json").is_file():
            return
        subprocess.run([sys.executable, str(root / "frontend" / "build.py")], cwd=root, check=True)
