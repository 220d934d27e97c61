"""Reads a template from a JSON document, or says in words where it is wrong. Nothing in it is trusted."""

import json
import re
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people.rules import Role, Trade
from crew_app.rounds.content import (
    FORMAT,
    NUMERIC,
    Category,
    Check,
    CheckKind,
    Condition,
    Content,
    Option,
    PhotoRule,
    Presence,
    StopPlan,
    Suggestion,
    Where,
    Words,
)

MOST_BYTES = 400_000
MOST_STOPS = 120
MOST_CHECKS = 60
SHORT = 60
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Control characters, and halves of characters, which no database takes."""
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_LARGEST = Decimal(10) ** 9
Kind = TypeVar("Kind", bound=StrEnum)
Made = TypeVar("Made")


class Wrong(Refused):
    """A template that cannot be used; `where` says where in the document, e.g. `stops[2].checks[0].low`."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(
            "bad-template", N_("The template is wrong at “%(where)s”: %(what)s"), where=where, what=message
        )


def read(text: str) -> Content:
    """The template in a JSON document; `Wrong` names the first place that cannot be."""
    if len(text.encode(errors="replace")) > MOST_BYTES:
        raise Wrong("template", N_("it is too large"))
    try:
        found = json.loads(text, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_once)
    except (ValueError, RecursionError, InvalidOperation) as error:
        raise Wrong("template", N_("this is no JSON")) from error
    return content(found)


def content(found: object) -> Content:
    """The template in a document that was decoded already."""
    root = Node(found, "template")
    if root.text("format", FORMAT) != FORMAT:
        raise root.wrong("format", N_("this format is not known"))
    stops = root.each("stops", _stop, MOST_STOPS)
    _unique(root, "stops", (stop.key for stop in stops))
    if not stops:
        raise root.wrong("stops", N_("a template needs at least one stop"))
    return Content(
        code=root.key("code"),
        name=root.words("name", needed=True),
        category=root.choice("category", Category, Category.ROUND),
        stops=stops,
        purpose=root.words("purpose"),
        source=root.text("source", "", 300),
        trade=root.choice("trade", Trade, None) if root.has("trade") else None,
        roles=tuple(root.members("roles", Role)) or (Role.TECHNICIAN,),
        ordered=root.flag("ordered"),
        live=root.flag("live"),
        suggested=root.each("suggested", _suggestion, 12),
    )


class Node:
    """One object of the document, with the way to it."""

    def __init__(self, found: object, path: str) -> None:
        if not isinstance(found, dict):
            raise Wrong(path, N_("an object is expected here"))
        self.found: dict[str, Any] = found
        self.path = path

    def wrong(self, name: str, message: str) -> Wrong:
        """The refusal of one field."""
        return Wrong(f"{self.path}.{name}".removeprefix("template."), message)

    def has(self, name: str) -> bool:
        """Whether a field is there and not empty."""
        return self.found.get(name) not in (None, "", [], {})

    def text(self, name: str, default: str = "", most: int = 120) -> str:
        """A text; control characters are refused."""
        value = self.found.get(name, default)
        if not isinstance(value, str) or len(value) > most or _CONTROL.search(value):
            raise self.wrong(name, N_("a short text is expected here"))
        return value.strip()

    def key(self, name: str) -> str:
        """A key: small letters, digits, hyphens."""
        value = self.text(name)
        if not _KEY.fullmatch(value):
            raise self.wrong(name, N_("small letters, digits and hyphens only"))
        return value

    def words(self, name: str, *, needed: bool = False) -> Words:
        """Words in two languages, or one text for both."""
        value = self.found.get(name)
        if isinstance(value, str):
            return Words(self.text(name, "", 400))
        if value is None:
            value = {}
        node = Node(value, f"{self.path}.{name}")
        found = Words(node.text("zh", "", 400), node.text("en", "", 400))
        if needed and not (found.zh or found.en):
            raise self.wrong(name, N_("words are missing"))
        return found

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false."""
        value = self.found.get(name, default)
        if not isinstance(value, bool):
            raise self.wrong(name, N_("true or false is expected here"))
        return value

    def number(self, name: str) -> Decimal | None:
        """An exact number, written as a number or as text."""
        value = self.found.get(name)
        if value is None or value == "":
            return None
        try:
            number = Decimal(str(value)) if not isinstance(value, bool) else Decimal("NaN")
        except InvalidOperation as error:
            raise self.wrong(name, N_("a number is expected here")) from error
        if not number.is_finite() or abs(number) > _LARGEST or number != round(number, 4):
            raise self.wrong(name, N_("a number is expected here"))
        return number

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number within limits."""
        value = self.found.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.wrong(name, N_("this number is out of range"))
        return value

    def maybe_whole(self, name: str, most: int) -> int | None:
        """A whole number from zero on, or nothing."""
        return None if self.found.get(name) is None else self.whole(name, 0, 0, most)

    def choice(self, name: str, kind: type[Kind], default: Any) -> Any:
        """One of a list of known words."""
        if not self.has(name):
            return default
        try:
            return kind(self.found[name])
        except ValueError as error:
            raise self.wrong(name, N_("this word is not known here")) from error

    def members(self, name: str, kind: type[Kind]) -> list[Kind]:
        """Several of a list of known words."""
        try:
            return [kind(value) for value in self._list(name, 20)]
        except ValueError as error:
            raise self.wrong(name, N_("this word is not known here")) from error

    def texts(self, name: str, most: int) -> tuple[str, ...]:
        """Several short texts."""
        values = self._list(name, most)
        if not all(isinstance(value, str) and len(value) <= SHORT for value in values):
            raise self.wrong(name, N_("a short text is expected here"))
        return tuple(values)

    def each(self, name: str, make: Callable[["Node"], Made], most: int) -> tuple[Made, ...]:
        """Every object of a list."""
        return tuple(make(Node(one, f"{self.path}.{name}[{i}]")) for i, one in enumerate(self._list(name, most)))

    def _list(self, name: str, most: int) -> list[Any]:
        value = self.found.get(name) or []
        if not isinstance(value, list):
            raise self.wrong(name, N_("a list is expected here"))
        if len(value) > most:
            raise self.wrong(name, N_("these are too many"))
        return value


def _stop(node: Node) -> StopPlan:
    checks = node.each("checks", _check, MOST_CHECKS)
    _unique(node, "checks", (check.key for check in checks))
    _check_conditions(node, checks)
    where = _where(Node(node.found["where"], f"{node.path}.where")) if node.has("where") else Where()
    opens, closes = node.maybe_whole("opens", 10_080), node.maybe_whole("closes", 10_080)
    if opens is not None and closes is not None and closes <= opens:
        raise node.wrong("closes", N_("a window must end after it begins"))
    return StopPlan(
        key=node.key("key"),
        title=node.words("title", needed=True),
        where=where,
        hint=node.words("hint"),
        presence=Presence.TAP if where.anywhere else node.choice("presence", Presence, Presence.SCAN),
        opens=opens,
        closes=closes,
        checks=checks,
    )


def _where(node: Node) -> Where:
    return Where(node.text("place", "", 40), node.text("asset", "", 40), node.text("kind", "", 30), node.text("area"))


def _check(node: Node) -> Check:
    kind = node.choice("kind", CheckKind, None)
    if kind is None:
        raise node.wrong("kind", N_("this word is not known here"))
    low, high = node.number("low"), node.number("high")
    if low is not None and high is not None and low > high:
        raise node.wrong("high", N_("the upper limit is below the lower one"))
    options = node.each("options", _option, 30)
    if kind is CheckKind.CHOICE and not options:
        raise node.wrong("options", N_("a choice needs options"))
    _unique(node, "options", (option.key for option in options))
    return Check(
        key=node.key("key"),
        kind=kind,
        label=node.words("label", needed=True),
        hint=node.words("hint"),
        required=node.flag("required", default=kind not in (CheckKind.TEXT, CheckKind.OPINION)),
        photo=node.choice("photo", PhotoRule, PhotoRule.OPTIONAL),
        unit=node.text("unit", "", 20),
        low=low if kind in NUMERIC or kind is CheckKind.SCORE else None,
        high=high if kind in NUMERIC else None,
        jump=node.number("jump"),
        fails_on=_yes_no(node),
        options=options,
        most=node.number("most") or Decimal(10),
        seconds=node.whole("seconds", 60, 1, 7_200),
        parties=node.whole("parties", 1, 1, 2),
        tag=node.text("tag", "", 40),
        when=_condition(Node(node.found["when"], f"{node.path}.when")) if node.has("when") else None,
        job_kind=node.text("job_kind", "", 30),
        hazard=node.flag("hazard"),
        days=node.whole("days", 7, 0, 365) if node.has("days") else None,
        source=node.text("source", "", 300),
    )


def _yes_no(node: Node) -> str:
    value = node.text("fails_on", "no")
    if value not in ("yes", "no", "never"):
        raise node.wrong("fails_on", N_("this word is not known here"))
    return value


def _option(node: Node) -> Option:
    return Option(node.key("key"), node.words("label", needed=True), node.flag("fails"))


def _condition(node: Node) -> Condition:
    return Condition(node.key("check"), node.texts("in", 30))


def _check_conditions(node: Node, checks: tuple[Check, ...]) -> None:
    """Conditions look back, so that what one has answered is never asked away."""
    before: set[str] = set()
    for position, check in enumerate(checks):
        if check.when and check.when.check not in before:
            raise node.wrong(f"checks[{position}].when", N_("it must name an earlier check of the same stop"))
        before.add(check.key)


def _suggestion(node: Node) -> Suggestion:
    times = node.texts("times", 48) or ("08:00",)
    if not all(_TIME.fullmatch(time) for time in times):
        raise node.wrong("times", N_("a time of day is expected here, like 08:00"))
    rule = node.text("rule", "", 200)
    return Suggestion(rule, times, node.whole("minutes", 120, 1, 44_640), node.whole("grace", 15, 0, 44_640))


def _unique(node: Node, name: str, keys: Iterable[str]) -> None:
    seen = list(keys)
    if len(seen) != len(set(seen)):
        raise node.wrong(name, N_("a key is there twice"))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of the document; a name that is there twice would leave open which of the two counts."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Wrong("template", N_("a name is there twice in one object"))
    return found


def _no_constant(_text: str) -> None:
    raise ValueError
