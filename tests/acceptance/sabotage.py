"""A copy of the application with one protection taken away, to show that the tests would notice."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support.project import ROOT

COPIED = ("crew_app", "frontend", "migrations", "wsgi.py", "package.json", "package-lock.json")


@dataclass(frozen=True)
class Cut:
    """Words of a file, and what stands in their place when the protection is gone."""

    file: str
    there: str
    instead: str


def sabotaged(folder: Path, *cuts: Cut) -> Path:
    """Copy the application, cut the protection out, and build its front end anew where that was cut."""
    folder.mkdir(parents=True)
    for name in COPIED:
        _copy(ROOT / name, folder / name)
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    for cut in cuts:
        path = folder / cut.file
        text = path.read_text(encoding="utf-8")
        assert cut.there in text, f"{cut.file} has changed; what is to be cut out of it is not there"
        path.write_text(text.replace(cut.there, cut.instead), encoding="utf-8")
    if any(cut.file.endswith(".js") for cut in cuts):
        command = [sys.executable, str(folder / "frontend" / "build.py")]
        built = subprocess.run(command, capture_output=True, text=True, check=False)
        assert built.returncode == 0, built.stdout + built.stderr
    return folder


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy2(source, target)
