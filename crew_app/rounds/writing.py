"""Writes a template as a JSON document: the same content gives the same bytes, and what is as usual is left out."""

import json
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from crew_app.rounds.content import FORMAT, Check, Condition, Content, Words


def write(content: Content) -> str:
    """The document, indented, so that people can read and compare it."""
    return json.dumps(document(content), ensure_ascii=False, indent=1)


def document(content: Content) -> dict[str, Any]:
    """The document before it is encoded."""
    return {"format": FORMAT, **_plain(content)}


def _plain(value: Any) -> Any:
    if isinstance(value, Condition):
        return {"check": value.check, "in": list(value.among)}
    if isinstance(value, Words):
        return {name: words for name, words in (("zh", value.zh), ("en", value.en)) if words}
    if is_dataclass(value):
        return {
            field.name: _plain(got)
            for field in fields(value)
            if _told(value, field.name, got := getattr(value, field.name))
        }
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.value if isinstance(value, StrEnum) else value


def _told(owner: Any, name: str, got: Any) -> bool:
    """Whether a field says more than its usual value would."""
    if isinstance(owner, Check) and name == "required":
        return True
    if got in (None, "", (), Words()):
        return False
    defaults = {field.name: field.default for field in fields(owner)}
    return bool(got != defaults.get(name))
