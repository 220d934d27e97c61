"""Kinds of values in the API. One declaration says how a value is read, how it is written, and what its schema is.

`read` takes what JSON gave, `read_text` what stood in an address; both raise `Wrong`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Protocol
from uuid import UUID

from crew_app.connections.telling import said, stamp

JsonSchema = dict[str, Any]
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
SOMETHING = r"[^\s\x00-\x1f\x7f-\x9f]"
"""Something to read, in a text that must not be empty."""
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:(\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Wrong(ValueError):
    """A value is not what was declared; the text says what it must be."""


class Kind(Protocol):
    """How values of one kind are described, read and written."""

    def schema(self) -> JsonSchema:
        """What JSON Schema says of it."""

    def read(self, value: Any) -> Any:
        """The typed value of what JSON gave."""

    def read_text(self, text: str) -> Any:
        """The typed value of what stood in an address."""

    def write(self, value: Any) -> Any:
        """What JSON is given."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words. Control characters are dropped; with `least` something must be left to read."""

    longest: int = 2000
    least: int = 0
    pattern: str = ""

    def schema(self) -> JsonSchema:
        pattern = self.pattern or (SOMETHING if self.least else "")
        found: JsonSchema = {"type": "string", "maxLength": self.longest}
        return found | ({"minLength": self.least} if self.least else {}) | ({"pattern": pattern} if pattern else {})

    def read(self, value: Any) -> str:
        if not isinstance(value, str):
            raise Wrong("must be a string")
        if len(value) > self.longest:
            raise Wrong(f"must have at most {self.longest} characters")
        if self.pattern and not re.search(self.pattern, value):
            raise Wrong(f"must match {self.pattern}")
        clean = _CONTROL.sub("", value).strip()
        if self.least and not re.search(SOMETHING, clean):
            raise Wrong("must not be empty")
        return clean

    def read_text(self, text: str) -> str:
        return self.read(text)

    def write(self, value: Any) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Id:
    """A UUID."""

    def schema(self) -> JsonSchema:
        return {"type": "string", "format": "uuid"}

    def read(self, value: Any) -> UUID:
        if not isinstance(value, str) or not _UUID.fullmatch(value):
            raise Wrong("must be a UUID")
        return UUID(value)

    def read_text(self, text: str) -> UUID:
        return self.read(text)

    def write(self, value: Any) -> str:
        return str(value)


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number."""

    least: int = 0
    most: int = 2**53 - 1

    def schema(self) -> JsonSchema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}

    def read(self, value: Any) -> int:
        if isinstance(value, Decimal) and value == value.to_integral_value() and abs(value) <= self.most:
            value = int(value)  # 1.0 is a whole number to JSON
        if isinstance(value, bool) or not isinstance(value, int):
            raise Wrong("must be a whole number")
        if not self.least <= value <= self.most:
            raise Wrong(f"must be from {self.least} to {self.most}")
        return value

    def read_text(self, text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,16}", text):
            raise Wrong("must be a whole number")
        return self.read(int(text))

    def write(self, value: Any) -> int:
        return int(value)


@dataclass(frozen=True, slots=True)
class Exact:
    """A decimal number as a string, so that nothing is rounded on the way."""

    digits: int = 10
    places: int = 4

    @property
    def pattern(self) -> str:
        return rf"^-?[0-9]{{1,{self.digits}}}(\.[0-9]{{1,{self.places}}})?$"

    def schema(self) -> JsonSchema:
        return {"type": "string", "pattern": self.pattern}

    def read(self, value: Any) -> Decimal:
        if not isinstance(value, str) or not re.fullmatch(self.pattern[1:-1], value):
            raise Wrong(f"must be a decimal number in a string, with at most {self.places} decimal places")
        return Decimal(value)

    def read_text(self, text: str) -> Decimal:
        return self.read(text)

    def write(self, value: Any) -> str:
        return said(value) or "0"


@dataclass(frozen=True, slots=True)
class Time:
    """A moment, RFC 3339; written in UTC with milliseconds."""

    def schema(self) -> JsonSchema:
        return {"type": "string", "format": "date-time"}

    def read(self, value: Any) -> datetime:
        found = _TIME.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            raise Wrong("must be a time with a zone, such as 2026-11-30T08:00:00Z")
        try:
            text = value.upper()
            at = datetime.fromisoformat(text[:17] + "59" + text[19:] if found[1] == "60" else text)
            return at.astimezone(UTC)
        except OverflowError:
            return datetime.max.replace(tzinfo=UTC) if value.startswith("9") else datetime.min.replace(tzinfo=UTC)
        except ValueError as error:
            raise Wrong("must be a time with a zone, such as 2026-11-30T08:00:00Z") from error

    def read_text(self, text: str) -> datetime:
        return self.read(text.replace(" ", "+"))  # what a plus sign in an address becomes

    def write(self, value: Any) -> str:
        return stamp(value)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the site's calendar."""

    def schema(self) -> JsonSchema:
        return {"type": "string", "format": "date"}

    def read(self, value: Any) -> date:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise Wrong("must be a day, such as 2026-11-30")
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise Wrong("must be a day, such as 2026-11-30") from error

    def read_text(self, text: str) -> date:
        return self.read(text)

    def write(self, value: Any) -> str:
        return str(value.isoformat())


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    def schema(self) -> JsonSchema:
        return {"type": "boolean"}

    def read(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise Wrong("must be true or false")
        return value

    def read_text(self, text: str) -> bool:
        if text not in ("true", "false"):
            raise Wrong("must be true or false")
        return text == "true"

    def write(self, value: Any) -> bool:
        return bool(value)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a list."""

    of: type[Enum]

    def schema(self) -> JsonSchema:
        return {"enum": [one.value for one in self.of]}

    def read(self, value: Any) -> Enum:
        for one in self.of:
            if one.value == value and not isinstance(value, bool):
                return one
        raise Wrong("must be one of " + ", ".join(str(one.value) for one in self.of))

    def read_text(self, text: str) -> Enum:
        for one in self.of:
            if str(one.value) == text:
                return one
        return self.read(text)

    def write(self, value: Any) -> Any:
        return self.of(value).value


@dataclass(frozen=True, slots=True)
class Maybe:
    """The same, or null."""

    kind: Kind

    def schema(self) -> JsonSchema:
        return {"anyOf": [self.kind.schema(), {"type": "null"}]}

    def read(self, value: Any) -> Any:
        return None if value is None else self.kind.read(value)

    def read_text(self, text: str) -> Any:
        return self.kind.read_text(text)

    def write(self, value: Any) -> Any:
        return None if value is None else self.kind.write(value)


@dataclass(frozen=True, slots=True)
class Many:
    """A list of them."""

    kind: Kind

    def schema(self) -> JsonSchema:
        return {"type": "array", "items": self.kind.schema()}

    def read(self, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise Wrong("must be a list")
        return [self.kind.read(one) for one in value]

    def read_text(self, text: str) -> list[Any]:
        return [self.kind.read_text(one) for one in text.split(",")]

    def write(self, value: Any) -> list[Any]:
        return [self.kind.write(one) for one in value]


@dataclass(frozen=True, slots=True)
class Field:
    """One member of an object: how it is called, what it is, and where a row has it."""

    name: str
    kind: Kind
    about: str = ""
    get: Callable[[Any], Any] | None = None
    needed: bool = True

    def of(self, row: Any) -> Any:
        """Its value in a row."""
        return self.get(row) if self.get else getattr(row, self.name)


@dataclass(frozen=True, slots=True)
class Shape:
    """An object with a name in the document. Members that are not declared are refused, and never written."""

    name: str
    fields: tuple[Field, ...]
    about: str = ""
    any_of: tuple[str, ...] = ()
    """At least one of these members must be there."""
    kept: dict[str, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kept", {one.name: one for one in self.fields})

    def schema(self) -> JsonSchema:
        return {"$ref": f"#/components/schemas/{self.name}"}

    def definition(self) -> JsonSchema:
        """What its name stands for."""
        members = {one.name: _described(one) for one in self.fields}
        found: JsonSchema = {"type": "object", "properties": members, "additionalProperties": False}
        needed = [one.name for one in self.fields if one.needed]
        found |= {"anyOf": [{"required": [name]} for name in self.any_of]} if self.any_of else {}
        return found | ({"required": needed} if needed else {}) | ({"description": self.about} if self.about else {})

    def read(self, value: Any) -> Any:
        raise NotImplementedError("bodies are read member by member")

    def read_text(self, text: str) -> Any:
        raise Wrong("can't stand in an address")

    def write(self, value: Any) -> dict[str, Any]:
        return {one.name: one.kind.write(one.of(value)) for one in self.fields}


def _described(one: Field) -> JsonSchema:
    found = one.kind.schema()
    if not one.about:
        return found
    return {"allOf": [found], "description": one.about} if "$ref" in found else found | {"description": one.about}
