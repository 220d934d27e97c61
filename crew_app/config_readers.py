"""Tiny typed readers of settings: each refuses nonsense and names the variable."""

from collections.abc import Mapping
from pathlib import Path


class BadSetting(ValueError):
    """A setting in the environment that cannot be meant; the message names it."""


def secret(env: Mapping[str, str], name: str, needed_with: str) -> str:
    """A secret, or the file it stands in; what it is never gets into a message."""
    file = env.get(f"{name}_FILE")
    try:
        text = Path(file).read_text(encoding="utf-8").strip() if file else (env.get(name) or "").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{name}_FILE must be a file that can be read") from error
    if not text or not text.isascii() or any(letter.isspace() for letter in text):
        raise BadSetting(f"{name} or {name}_FILE must be given with {needed_with}, without spaces")
    return text


def one_of(env: Mapping[str, str], name: str, usual: str, other: str) -> bool:
    """Whether it is the other one."""
    text = env.get(name) or usual
    if text not in (usual, other):
        raise BadSetting(f"{name} must be {usual} or {other}")
    return text == other


def whole_number(env: Mapping[str, str], name: str, default: int, *, most: int) -> int:
    """A number from 0 to `most`."""
    text = env.get(name) or str(default)
    if not text.isdecimal() or int(text) > most:
        raise BadSetting(f"{name} must be a whole number from 0 to {most}")
    return int(text)


def yes_or_no(env: Mapping[str, str], name: str, usual: str = "0") -> bool:
    """Whether it was said; `usual` when nothing is."""
    text = (env.get(name) or usual).lower()
    if text not in ("0", "1", "false", "true", "no", "yes"):
        raise BadSetting(f"{name} must be 1 or 0")
    return text in ("1", "true", "yes")
