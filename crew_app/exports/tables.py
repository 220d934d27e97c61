"""Everything that belongs to some sites, table by table: rows in the order of their keys, without any secret."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, LargeBinary, Table, literal, select, tuple_

from crew_app.core.db import Base, session
from crew_app.people.models import FormerRole, Membership

AT_ONCE = 500
LEFT_OUT = frozenset(
    {
        *("login_sessions", "ended_sessions", "pins", "heartbeats", "stranger_acts"),
        *("guesses", "former_passwords", "access_records"),
        *("push_keys", "push_subscriptions", "device_people", "notice_habits", "notice_choices"),
        *("api_tokens", "calendar_feeds", "webhooks", "webhook_messages", "identities", "account_rules"),
        *("passkeys", "time_codes", "recovery_codes", "second_factor_rules"),
        *("import_files", "import_rows", "import_errors", "photo_prints", "chain_heads"),
        *("check_results", "hosts", "revisions"),
    }
)
"""Tables for signing in and for connections, personal settings, and what the software works with meanwhile."""
HIDDEN = frozenset(
    {
        *("people.password_hash", "people.password_set_at", "devices.token_hash"),
        *("tickets.follow_hash", "ticket_followers.secret_hash"),
        *("chat_hooks.sealed", "survey_addresses.code", "import_runs.options"),
    }
)
"""Columns with which one could sign in, answer for others, or send in the hospital's name."""
SHARED = frozenset({"items", "asset_kinds", "job_kinds"})
"""Lists that all sites share."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A table with those of its columns that go out."""

    table: Table
    columns: tuple[Column[Any], ...]

    @property
    def name(self) -> str:
        """What the table is called."""
        return str(self.table.name)


def plans() -> list[Plan]:
    """All tables that go out, by name."""
    found = [table for table in Base.metadata.tables.values() if table.name not in LEFT_OUT]
    return [Plan(table, _columns(table)) for table in sorted(found, key=lambda table: table.name)]


def rows(plan: Plan, site_ids: Sequence[UUID]) -> Iterator[dict[str, Any]]:
    """The rows of some sites, in pages by key; between two pages no transaction stays open."""
    keys = list(plan.table.primary_key.columns)
    last: tuple[Any, ...] | None = None
    while True:
        query = select(*plan.columns, *(key.label(f"key_{key.name}") for key in keys)).order_by(*keys).limit(AT_ONCE)
        query = query.where(_belongs(plan.table, site_ids))
        if last is not None:
            bounds = [literal(value, key.type) for key, value in zip(keys, last, strict=True)]
            query = query.where(tuple_(*keys) > tuple_(*bounds))
        page = session.execute(query).all()
        session.rollback()
        for row in page:
            yield {column.name: plain(value) for column, value in zip(plan.columns, row, strict=False)}
        if len(page) < AT_ONCE:
            return
        last = tuple(page[-1][len(plan.columns) :])


def plain(value: Any) -> Any:
    """A value as JSON has it: exact numbers, times and ids as text."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _columns(table: Table) -> tuple[Column[Any], ...]:
    hidden = {name.partition(".")[2] for name in HIDDEN if name.partition(".")[0] == table.name}
    return tuple(one for one in table.columns if one.name not in hidden and not isinstance(one.type, LargeBinary))


def _belongs(table: Table, site_ids: Sequence[UUID]) -> Any:
    """Which rows are of these sites; of people those with a role there, now or once."""
    if "site_id" in table.columns:
        return table.c.site_id.in_(site_ids)
    if table.name == "sites":
        return table.c.id.in_(site_ids)
    if table.name in ("people", "person_trades"):
        key = table.c.id if table.name == "people" else table.c.person_id
        here = select(Membership.person_id).where(Membership.site_id.in_(site_ids))
        return key.in_(here.union(select(FormerRole.person_id).where(FormerRole.site_id.in_(site_ids))))
    if table.name in SHARED:
        return table.primary_key.columns[0].is_not(None)
    raise LookupError(f"{table.name}: say in exports/tables.py whose rows these are")
