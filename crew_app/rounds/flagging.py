"""Every visit is looked at by the rules of presence; what looks odd becomes flags, what looks right teaches.

A visit that arrives late is judged by what is known by then, and the one after it is judged again: flags may come in
addition, none is ever taken away.
"""

import json
from collections.abc import Iterable

from sqlalchemy import select

from crew_app.core.db import session
from crew_app.rounds import walking
from crew_app.rounds.gathering import TRAIL, case_of
from crew_app.rounds.models import Flag, Visit
from crew_app.rounds.presence import judge
from crew_app.rounds.sent import is_sent
from crew_app.rounds.sightings import Case, Oddity
from crew_app.rounds.visits import AFTER_VISIT


def start() -> None:
    """Look at every visit from now on."""
    if flag_visit not in AFTER_VISIT:
        AFTER_VISIT.append(flag_visit)


def flag_visit(visit: Visit) -> None:
    """Judge a visit that has just been recorded, and the same person's next one if that arrived before it."""
    if visit.skipped or is_sent(visit.run):
        return
    case = case_of(visit)
    found = judge(case)
    _keep(visit, found)
    _teach(visit, case, found)
    if following := _following(visit):
        _keep(following, judge(case_of(following)))


def _keep(visit: Visit, oddities: Iterable[Oddity]) -> None:
    known = set(session.scalars(select(Flag.rule).where(Flag.visit_id == visit.id)))
    made = [
        Flag(
            site_id=visit.site_id,
            visit_id=visit.id,
            rule=rule,
            facts=json.dumps(facts, ensure_ascii=False, sort_keys=True),
            made_at=visit.received_at,
        )
        for rule, facts in oddities
        if rule not in known
    ]
    session.add_all(made)
    visit.run.flag_count += len(made)
    session.flush()


def _teach(visit: Visit, case: Case, found: Iterable[Oddity]) -> None:
    """Let the way from the stop before be learned from, if both visits look right."""
    before = case.trail[-1] if case.trail else None
    if before is None or not walking.teaches(before, case.seen, {rule for rule, _ in found}):
        return
    flagged = select(Flag.id).where(Flag.visit_id == before.visit, Flag.rule.not_in(walking.HARMLESS))
    if session.scalar(flagged.limit(1)) is None:
        walking.learn(visit.site_id, before, case.seen, at=visit.received_at)


def _following(visit: Visit) -> Visit | None:
    query = select(Visit).where(
        Visit.person_id == visit.person_id,
        Visit.at > visit.at,
        Visit.at <= visit.at + TRAIL,
        Visit.id != visit.id,
        Visit.skipped.is_(False),
    )
    return session.scalar(query.order_by(Visit.at, Visit.id).limit(1))
