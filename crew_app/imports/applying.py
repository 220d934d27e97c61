"""Carrying a plan out: everything in one transaction, in bulk, as it was planned or not at all."""

import pickle
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import IO, Any
from uuid import UUID

from sqlalchemy import select

from crew_app.core import chain
from crew_app.core.changes import LONGEST_VALUE, Change, How, said
from crew_app.core.clock import server_moment
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.ids import new_id
from crew_app.core.words import N_
from crew_app.imports.bulk import Bulk, Overtaken, change, insertion
from crew_app.imports.plan_people import More
from crew_app.imports.plan_stock import Opening
from crew_app.imports.plan_templates import Wanted
from crew_app.imports.planning import Call, Insert, Page, Step, Update
from crew_app.people.actions import set_roles
from crew_app.people.models import Person, PersonTrade
from crew_app.rounds import templates
from crew_app.rounds.models import RoundTemplate
from crew_app.rounds.reading import read
from crew_app.stock.accounts import common
from crew_app.stock.actions import Line, Why, post
from crew_app.stock.models import Account, AccountKind, Item, Reason


@dataclass(frozen=True, slots=True)
class Who:
    """For whom an import is carried out, when, by which way."""

    person_id: UUID
    site_id: UUID
    at: datetime
    how: How = How.IMPORT


@dataclass(frozen=True, slots=True)
class Traces:
    """Changes of values, ready to be written, and what the chain says of each: chain, site, kind, id, content."""

    written: Bulk
    sealed: list[tuple[str, UUID | None, str, UUID, str]]


class Spool:
    """A plan in a file, ready to be run: it may be longer than memory should hold."""

    def __init__(self, file: IO[bytes], who: Who) -> None:
        self._file, self.who = file, who
        self.logins: list[str] = []

    def keep(self, page: Page) -> None:
        """Put the steps of a page behind the others."""
        for step in page.steps:
            if isinstance(step, Insert) and step.model is Person:
                self.logins += [row["login"] for row in step.rows]
        for ready in _made_ready(page.steps, self.who):
            pickle.dump(ready, self._file, pickle.HIGHEST_PROTOCOL)

    def __iter__(self) -> Iterator[Bulk | Traces | Call]:
        self._file.seek(0)
        while True:
            try:
                yield pickle.load(self._file)  # noqa: S301 - written by this process a moment ago
            except EOFError:
                return


@contextmanager
def spool(who: Who) -> Iterator[Spool]:
    """A file for a plan, gone afterwards."""
    with tempfile.TemporaryFile() as file:
        yield Spool(file, who)


def _made_ready(steps: Sequence[Step], who: Who) -> Iterator[Bulk | Traces | Call]:
    """Steps of one kind next to each other as one statement."""
    for (kind, model), group in groupby(steps, lambda step: (type(step), getattr(step, "model", None))):
        some: list[Any] = list(group)
        table: Any = model.__table__ if model else None
        if kind is Insert:
            yield insertion(table, [row for step in some for row in step.rows])
        elif kind is Update:
            for fields, alike in groupby(sorted(some, key=_fields), _fields):
                yield change(table, fields, list(alike))
            yield from _traces(some, who)
        else:
            yield from some


def _fields(one: Update) -> tuple[str, ...]:
    return tuple(sorted(one.after))


def _traces(some: list[Update], who: Who) -> Iterator[Traces]:
    """A change for each value, as `put()` would have written it."""
    made = [
        Change(id=new_id(), **_traced(one, name, who)) for one in some for name in one.after if name not in one.silent
    ]
    if not made:
        return
    table: Any = Change.__table__
    columns, cover = [column.name for column in table.columns], chain.CURRENT[Change]
    written = insertion(table, [{name: getattr(row, name) for name in columns} for row in made])
    sealed = [
        (chain.chain_of(row), row.site_id, cover.kind, row.id, chain.content_of(cover, row))
        for row in sorted(made, key=chain.chain_of)
    ]
    yield Traces(written, sealed)


def carry_out(plan: Spool, who: Who) -> None:
    """All of it. `Overtaken` when something is not as it was planned; whoever called begins anew."""
    for step in plan:
        if isinstance(step, Bulk):
            step.run()
        elif isinstance(step, Traces):
            step.written.run()
            for (name, site_id), rows in groupby(step.sealed, lambda one: one[:2]):
                chain.append_said(name, site_id, [row[2:] for row in rows], at=who.at)
        else:
            HANDLERS[step.name](step.given, who)


def _traced(one: Update, name: str, who: Who) -> dict[str, Any]:
    return {
        "site_id": who.site_id if "site_id" in one.model.__table__.columns else None,
        "kind": one.model.__tablename__,
        "subject_id": one.id,
        "name": one.name[:120],
        "field": name,
        "before": said(one.before[name])[:LONGEST_VALUE],
        "after": said(one.after[name])[:LONGEST_VALUE],
        "person_id": who.person_id,
        "how": who.how,
        "at": who.at,
    }


def _open(lines: list[Opening], who: Who) -> None:
    by = session.get_one(Person, who.person_id)
    items = {one.id: one for one in session.scalars(select(Item).where(Item.id.in_([line.item_id for line in lines])))}
    supplier = common(who.site_id, AccountKind.SUPPLIER)
    stores = {line.store_id: session.get_one(Account, line.store_id) for line in lines}
    booked = [
        Line(items[one.item_id], one.quantity, supplier, stores[one.store_id], one.move_id, unit_cost=one.price)
        for one in lines
    ]
    post(Why(Reason.OPENING), booked, by=by, at=server_moment(who.at))


def _add_roles(more: More, who: Who) -> None:
    person = session.get_one(Person, more.person_id)
    held = {one.role for one in person.memberships if one.site_id == who.site_id}
    known = set(person.trade_set)
    if more.roles:
        set_roles(person, who.site_id, held | set(more.roles))
        _note(person, "roles", held, held | set(more.roles), who)
    if more.trades:
        person.trades += [PersonTrade(trade=trade) for trade in more.trades if trade not in known]
        _note(person, "trades", known, known | set(more.trades), who)
    session.flush()


def _note(person: Person, field: str, before: Any, after: Any, who: Who) -> None:
    session.add(
        Change(
            site_id=who.site_id,
            kind="people",
            subject_id=person.id,
            name=person.name[:120],
            field=field,
            before=said(frozenset(before)),
            after=said(frozenset(after)),
            person_id=who.person_id,
            how=who.how,
            at=who.at,
        )
    )


def _write_template(wanted: Wanted, who: Who) -> None:
    by = session.get_one(Person, who.person_id)
    content, at = read(wanted.content), server_moment(who.at)
    if wanted.template_id is None:
        templates.create(who.site_id, content, by=by, at=at)
        return
    template = session.get_one(RoundTemplate, wanted.template_id)
    if template.version != wanted.based_on:
        raise Overtaken
    templates.change(template, content, by=by, at=at, based_on=wanted.based_on)


HANDLERS: dict[str, Callable[[Any, Who], None]] = {
    "opening": _open,
    "more_roles": _add_roles,
    "template": _write_template,
}


def overtaken() -> Refused:
    """What an import says that never found the hospital still for long enough."""
    return Refused(
        "import-overtaken", N_("The lists were changed by others meanwhile. Nothing was brought in; check again.")
    )
