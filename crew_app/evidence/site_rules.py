"""What a site decides about its evidence: read, and changed by whoever may; every change is sealed with both values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from crew_app.core.changes import Change, Trace, note
from crew_app.core.clock import Moment
from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.removals import Removal, Removed
from crew_app.core.words import N_
from crew_app.evidence.rule_models import EvidenceKind, EvidenceRule, Retention
from crew_app.people.models import Person
from crew_app.people.rules import Right

SHORTEST, LONGEST, LONGEST_POSITION = 30, 36500, 3650
FOR_GOOD = "-"
"""How a retention that is not there is written down."""
KEPT_PREFIX = "keep_"
MOST_CHANGES = 100
EVIDENCE_LABELS = {
    EvidenceKind.REPORT: N_("Photos of reports"),
    EvidenceKind.WORK: N_("Photos of work: before, after, on the spot"),
    EvidenceKind.ROUND: N_("Photos of rounds, with the frames of scans"),
    EvidenceKind.PAPER: N_("Photos of papers and trainings"),
    EvidenceKind.STORE: N_("Photos of the storeroom and of assets"),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a site wants; `days` says for each kind how long it is kept, None for good."""

    position_days: int
    blur_faces: bool
    sample_percent: int
    costly: Decimal
    days: Mapping[EvidenceKind, int | None]


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One value that a site decided anew."""

    at: datetime
    person: Person | None
    field: str
    before: str
    after: str


def rule_of(site_id: UUID) -> EvidenceRule:
    """The rule of a site; a site that decided nothing has what the defaults say."""
    found = session.get(EvidenceRule, site_id)
    return found or EvidenceRule(
        site_id=site_id, position_days=0, blur_faces=False, sample_percent=100, costly=Decimal(200)
    )


def keeps_positions(site_id: UUID) -> bool:
    """Whether the positions of phones and cameras are kept at a site at all."""
    return rule_of(site_id).position_days > 0


def positions_since(site_id: UUID, at: datetime) -> datetime:
    """Positions from before then are not kept at a site."""
    return at - timedelta(days=rule_of(site_id).position_days)


def retentions(site_id: UUID) -> dict[EvidenceKind, int]:
    """For how many days photos are kept, by kind; one that is missing is kept for good."""
    rows = session.scalars(select(Retention).where(Retention.site_id == site_id))
    return {row.kind: row.days for row in rows}


def change(site_id: UUID, wish: Wish, *, by: Person, at: Moment) -> None:
    """Decide; what stays as it was leaves no trace."""
    if not by.can(Right.KEEP_EVIDENCE, site_id):
        raise Forbidden("may-not", N_("You may see this, but not change it."))
    _check(wish)
    before, after = values_of(site_id), _values(wish)
    fields = [field for field in after if before[field] != after[field]]
    if fields:
        _write(site_id, wish, by, at.at)
    rule = rule_of(site_id)
    for field in fields:
        note(rule, field, before[field], after[field], Trace(by.id, at.at), name=field)


def _check(wish: Wish) -> None:
    days = [one for one in wish.days.values() if one is not None]
    if not 0 <= wish.position_days <= LONGEST_POSITION:
        raise Refused("position-days", N_("Please check the days for positions: from 0 to 3650."))
    if not 0 <= wish.sample_percent <= 100 or wish.costly < 0:  # noqa: PLR2004 - a share
        raise Refused("sample", N_("Please check the share (from 0 to 100) and the value in yuan."))
    if any(not SHORTEST <= one <= LONGEST for one in days):
        raise too_short()


def too_short() -> Refused:
    """The refusal of a time that nothing can be proved in."""
    words = N_("Photos are kept for at least 30 days. Leave it empty to keep them for good.")
    return Refused("retention-days", words)


def values_of(site_id: UUID) -> dict[str, str]:
    """All that a site decided, as it is written down with a change."""
    rule, kept = rule_of(site_id), retentions(site_id)
    days = {kind: kept.get(kind) for kind in EvidenceKind}
    return _values(Wish(rule.position_days, rule.blur_faces, rule.sample_percent, rule.costly, days))


def _values(wish: Wish) -> dict[str, str]:
    said = {
        "position_days": str(wish.position_days),
        "blur_faces": "yes" if wish.blur_faces else "no",
        "sample_percent": str(wish.sample_percent),
        "costly": f"{wish.costly.normalize():f}",
    }
    return said | {f"{KEPT_PREFIX}{kind}": str(wish.days.get(kind) or FOR_GOOD) for kind in EvidenceKind}


def _write(site_id: UUID, wish: Wish, by: Person, at: datetime) -> None:
    rule = rule_of(site_id)
    rule.position_days, rule.blur_faces = wish.position_days, wish.blur_faces
    rule.sample_percent, rule.costly = wish.sample_percent, wish.costly
    rule.changed_by_id, rule.changed_at = by.id, at
    session.add(rule)
    for kind in EvidenceKind:
        _keep(site_id, kind, wish.days.get(kind), by, at)
    session.flush()


def _keep(site_id: UUID, kind: EvidenceKind, days: int | None, by: Person, at: datetime) -> None:
    row = session.get(Retention, (site_id, kind))
    if days is None:
        if row:
            session.delete(row)
        return
    if row is None:
        row = Retention(site_id=site_id, kind=kind)
        session.add(row)
    elif row.days == days:
        return
    row.days, row.changed_by_id, row.changed_at = days, by.id, at


def changes(site_id: UUID) -> list[RuleChange]:
    """What was changed at a site and by whom, the newest first."""
    kept = select(Change, Person).outerjoin(Person, Person.id == Change.person_id)
    kept = kept.where(Change.site_id == site_id, Change.kind == EvidenceRule.__tablename__)
    rows = session.execute(kept.order_by(Change.at.desc(), Change.id.desc()).limit(MOST_CHANGES))
    found = [RuleChange(row.at, person, row.field, row.before, row.after) for row, person in rows]
    return (found + _earlier(site_id))[:MOST_CHANGES]


def _earlier(site_id: UUID) -> list[RuleChange]:
    """Those from before changes had a table of their own: sealed among the removals."""
    query = select(Removal, Person).outerjoin(Person, Person.id == Removal.person_id)
    query = query.where(Removal.site_id == site_id, Removal.what == Removed.RULE)
    rows = session.execute(query.order_by(Removal.at.desc(), Removal.id.desc()).limit(MOST_CHANGES))
    return [RuleChange(row.at, person, *_read(row.reason)) for row, person in rows]


def _read(reason: str) -> tuple[str, str, str]:
    field, _, values = reason.partition(": ")
    old, _, new = values.partition(" > ")
    return field, old, new
