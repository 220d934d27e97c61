"""The files of the project, for the tests that patrol all of them."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE_HERE = {
    *(
        ROOT / name
        for name in ("build", "data", "demo-data", "instance", "node_modules", "test-results", ".git", ".venv")
    ),
    *(ROOT / f".{tool}" for tool in ("hypothesis", "mypy_cache", "pytest_cache", "ruff_cache", "import_linter_cache")),
    ROOT / "crew_app" / "static" / "dist",
}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is in the repository or about to be: what git knows and does not ignore.

    Without git, or outside a clone, it is every file that no tool has made.
    """
    files = _known_to_git() or _found()
    return tuple(sorted(path for path in files if path.is_file()))


def named(*suffixes: str, below: str = "") -> list[Path]:
    """Tracked files with these suffixes, below a folder."""
    start = ROOT / below
    return [path for path in tracked() if path.suffix in suffixes and path.is_relative_to(start)]


def words(path: Path) -> str:
    """The text of a file."""
    return path.read_text(encoding="utf-8")


def short(path: Path) -> str:
    """A file's name within the project."""
    return str(path.relative_to(ROOT))


def _known_to_git() -> list[Path]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def _found(folder: Path = ROOT) -> list[Path]:
    found: list[Path] = []
    for path in folder.iterdir():
        if path.is_dir():
            made = path in MADE_HERE or path.name == "__pycache__" or path.suffix == ".egg-info"
            found += [] if made else _found(path)
        elif path.suffix != ".mo":
            found.append(path)
    return found
