"""What pages of registers depend on that phones take along, so that they open where there is no network."""

from collections.abc import Iterator

from sqlalchemy import func, select

from crew_app.core.db import session
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.registers import gate_queries, hand_over_queries
from crew_app.registers.credential_models import Credential, CredentialKind, LicenceNeed
from crew_app.registers.shift_models import HandOver, HandOverSignature, ShiftPost

Fact = tuple[str, object]


def gate(person: Person, today: str) -> Iterator[Fact]:
    """The gate log, for those who keep it. Entries are only ever added, so the last one to arrive says it all."""
    sites = person.sites_with(Right.KEEP_GATE)
    if sites:
        yield "/gate-log", (gate_queries.last_heard(person.sites_with(Right.SEE_GATE)), today)


def shifts(person: Person, today: str, jobs: object) -> Iterator[Fact]:
    """The list of hand-overs, each one that waits for a signature, and the form for the next one, with its jobs."""
    here = person.sites_with(Right.HAND_OVER)
    if not here:
        return
    waiting = [one.id for one in hand_over_queries.waiting(here)]
    posts = [_words(one) for one in hand_over_queries.posts(here)]
    signed = select(func.count(HandOverSignature.id), func.max(HandOver.received_at)).join(HandOverSignature.hand_over)
    last = tuple(session.execute(signed.where(HandOver.site_id.in_(here))).one())
    yield "/hand-overs", (waiting, last, posts, today)
    yield "/hand-overs/new", (posts, last, today, jobs)
    yield from ((f"/hand-overs/{one}", (last, today)) for one in waiting)


def _words(post: ShiftPost) -> tuple[object, ...]:
    tells = (post.tells_jobs, post.tells_stock, post.tells_visitors)
    return post.id, post.name, post.name_en, post.changes, post.trade, *tells


def licences(person: Person) -> object:
    """Changes whenever a licence is entered or withdrawn, or another one is needed, at one's sites."""
    sites = list(person.site_ids)
    held = select(func.count(Credential.id), func.count(Credential.withdrawn_at)).where(Credential.site_id.in_(sites))
    need = select(LicenceNeed.trade, CredentialKind.id, CredentialKind.name, CredentialKind.active).join(
        CredentialKind, CredentialKind.id == LicenceNeed.kind_id
    )
    needs = sorted(tuple(row) for row in session.execute(need.where(LicenceNeed.site_id.in_(sites))))
    return (tuple(session.execute(held).one()), needs) if needs else ()
