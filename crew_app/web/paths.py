"""Where the parts of the installation lie."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
MIGRATIONS = PACKAGE.parent / "migrations"
DIST = PACKAGE / "static" / "dist"
TRANSLATIONS = PACKAGE / "translations"
