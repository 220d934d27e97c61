"""What pages of registers depend on that phones take along, so that they open where there is no network."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select

from crew_app.core.db import session
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.registers import gate_queries, hand_over_queries
from crew_app.registers.credential_models import Credential, CredentialKind, LicenceNeed
from crew_app.registers.shift_models import HandOver, HandOverSignature

Fact = tuple[str, object]


def gate(person: Person, today: str) -> Iterator[Fact]:
    """The gate log, for those who keep it. Entries are only ever added, so the last one to arrive says it all."""
    sites = person.sites_with(Right.KEEP_GATE)
    if sites:
        yield "/gate-log", (gate_queries.last_heard(person.sites_with(Right.SEE_GATE)), today)


def shifts(person: Person, at: datetime, today: str) -> Iterator[Fact]:
    """The list of hand-overs, each one that waits for a signature, and the form for the next one."""
    here = person.sites_with(Right.HAND_OVER)
    if not here:
        return
    seen = person.sites_with(Right.SEE_SITE)
    waiting = hand_over_queries.waiting(seen)
    missing = [(post.id, change) for post, change in hand_over_queries.missing(seen, at)]
    posts = [(one.id, one.name, one.name_en, one.changes, one.trade) for one in hand_over_queries.posts(here)]
    signed = select(func.count(HandOverSignature.id), func.max(HandOver.received_at)).join(HandOverSignature.hand_over)
    last = tuple(session.execute(signed.where(HandOver.site_id.in_(seen))).one())
    yield "/hand-overs", ([one.id for one in waiting], missing, last, posts, today)
    yield "/hand-overs/new", (posts, last, today)
    yield from ((f"/hand-overs/{one.id}", (one.id, last, today)) for one in waiting)


def licences(person: Person) -> object:
    """Changes whenever a licence is entered or withdrawn, or another one is needed, at one's sites."""
    sites = list(person.site_ids)
    held = select(func.count(Credential.id), func.count(Credential.withdrawn_at)).where(Credential.site_id.in_(sites))
    need = select(LicenceNeed.trade, CredentialKind.id, CredentialKind.name, CredentialKind.active).join(
        CredentialKind, CredentialKind.id == LicenceNeed.kind_id
    )
    needs = sorted(tuple(row) for row in session.execute(need.where(LicenceNeed.site_id.in_(sites))))
    return (tuple(session.execute(held).one()), needs) if needs else ()
