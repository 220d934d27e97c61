"""One figure of a summary: what it is, where the rows behind it are, and what it was in the year before."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from crew_app.people.models import Site
from crew_app.reports.periods import Period

HUNDREDTH, TENTH = Decimal("0.01"), Decimal("0.1")


class Form(StrEnum):
    """How a figure is written."""

    COUNT = "count"
    MONEY = "money"
    """Yuan, two places."""
    PERCENT = "percent"
    AMOUNT = "amount"
    """A quantity with its unit."""
    MINUTES = "minutes"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is nothing where there is nothing to say (a rate of no jobs).

    `then`: the same in the same period of the year before; nothing where that is not known. `typed`: somebody typed it
    in, because the software was not there yet.
    """

    value: Decimal | None
    form: Form = Form.COUNT
    link: str = ""
    then: Decimal | None = None
    typed: bool = False
    unit: str = ""

    @property
    def change(self) -> Decimal | None:
        """By how many percent it is more than the year before, to two places."""
        if self.value is None or not self.then:
            return None
        return ((self.value - self.then) / self.then * 100).quantize(HUNDREDTH, ROUND_HALF_UP)

    def __bool__(self) -> bool:
        """Whether there is anything: now, or the year before."""
        return bool(self.value or self.then)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: what it is about, in Chinese and English, and its figures in the order of the columns."""

    name: str
    name_en: str
    cells: tuple[Figure, ...]
    link: str = ""
    """Where that thing is, if it has a page."""


@dataclass(slots=True)
class Facts:
    """All figures of a period: single ones by key, and the rows of the tables by key."""

    one: dict[str, Figure] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Figure:
        """A single figure."""
        return self.one[key]

    def has(self, *keys: str) -> bool:
        """Whether any of these is there and more than nothing."""
        return any(bool(self.one.get(key)) or bool(self.rows.get(key)) for key in keys)


@dataclass(frozen=True, slots=True)
class Scope:
    """The site and the period that figures are about."""

    site: Site
    period: Period

    @property
    def ids(self) -> list[Any]:
        """The site, as conditions want it."""
        return [self.site.id]

    def tickets(self, *measures: str, **more: str) -> str:
        """The address of the list of jobs with these measures."""
        query = {"site": self.site.code, **self._days(), "is": ",".join(measures), **more}
        return "/tickets?" + urlencode({name: value for name, value in query.items() if value})

    def behind(self, figure: str, of: object = "") -> str:
        """The address of the rows behind another figure."""
        query = {"figure": figure, "of": str(of), "site": self.site.code, **self._days()}
        return "/reports/summaries/rows?" + urlencode({name: value for name, value in query.items() if value})

    def year_before(self) -> "Scope":
        """The same site a year before."""
        return replace(self, period=self.period.year_before())

    def _days(self) -> dict[str, str]:
        return {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}


def count(number: int | None, link: str = "") -> Figure:
    """How many."""
    return Figure(Decimal(number or 0), Form.COUNT, link)


def money(yuan: Decimal, link: str = "") -> Figure:
    """An amount in yuan, to two places."""
    return Figure(yuan.quantize(HUNDREDTH, ROUND_HALF_UP), Form.MONEY, link)


def share(part: Decimal | int | None, whole: Decimal | int | None, link: str = "") -> Figure:
    """A part of a whole in percent, to two places; nothing of nothing."""
    if not whole:
        return Figure(None, Form.PERCENT, link)
    percent = (Decimal(part or 0) / Decimal(whole) * 100).quantize(HUNDREDTH, ROUND_HALF_UP)
    return Figure(percent, Form.PERCENT, link)


def compared(now: Figure, then: Figure | None) -> Figure:
    """A figure with that of the year before."""
    return replace(now, then=then.value if then else None)


def as_json(facts: Facts) -> dict[str, Any]:
    """Facts as they are kept when a summary is closed."""
    return {
        "one": {key: _figure_json(figure) for key, figure in facts.one.items()},
        "rows": {
            key: [
                {
                    "name": row.name,
                    "name_en": row.name_en,
                    "link": row.link,
                    "cells": list(map(_figure_json, row.cells)),
                }
                for row in rows
            ]
            for key, rows in facts.rows.items()
        },
    }


def from_json(kept: Mapping[str, Any]) -> Facts:
    """The same facts again."""
    return Facts(
        {key: _figure(one) for key, one in kept["one"].items()},
        {
            key: [Row(one["name"], one["name_en"], tuple(map(_figure, one["cells"])), one["link"]) for one in rows]
            for key, rows in kept["rows"].items()
        },
    )


def day_or(text: str, otherwise: date) -> date:
    """A day from an address, or another one where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise


def _figure_json(figure: Figure) -> dict[str, Any]:
    return {
        "value": None if figure.value is None else str(figure.value),
        "form": figure.form.value,
        "link": figure.link,
        "then": None if figure.then is None else str(figure.then),
        "typed": figure.typed,
        "unit": figure.unit,
    }


def _figure(kept: Mapping[str, Any]) -> Figure:
    return Figure(
        None if kept["value"] is None else Decimal(kept["value"]),
        Form(kept["form"]),
        kept["link"],
        None if kept["then"] is None else Decimal(kept["then"]),
        kept["typed"],
        kept["unit"],
    )
