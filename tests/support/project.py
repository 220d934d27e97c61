"""The files of the project, for the tests that patrol all of them."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXTS = {
    ".py",
    ".html",
    ".js",
    ".mjs",
    ".css",
    ".md",
    ".toml",
    ".txt",
    ".cfg",
    ".json",
    ".lock",
    ".po",
    ".csv",
    ".svg",
    "",
}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is in the repository or about to be: what git knows and does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607 - git from the path
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    files = (ROOT / name for name in listed.stdout.split("\0") if name)
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
