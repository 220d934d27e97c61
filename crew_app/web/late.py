"""Commands that arrive too late: carried out, refused, or held until a supervisor has decided.

A phone that was without a network for a shift sends what was right when it was recorded. If its owner has lost the
right since, or somebody else has changed the job, the entry is neither carried out as if nothing had happened nor
thrown away: it is kept word for word, and the phone is told so.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import current_app, g, request

from crew_app.core.db import session
from crew_app.core.errors import CrewError, Forbidden, Unseen
from crew_app.core.words import N_
from crew_app.evidence.actions import announce
from crew_app.held import actions, queries
from crew_app.held.actions import Late
from crew_app.held.models import HeldEntry
from crew_app.held.rules import CLASHES, Why, came_late
from crew_app.people import queries as people
from crew_app.people.models import Person
from crew_app.tickets.models import Ticket
from crew_app.web.answers import Command, Done, from_outbox
from crew_app.web.people import acting_as, handing_in, person, person_or_none
from crew_app.web.pictures import announced_photos

FORM = "application/x-www-form-urlencoded"
EVIDENCE = "photos.receive"
"""Bytes of a photo that was announced before: they are taken in from whoever announced them, in any case."""
View = Callable[..., Done]


def carry_out(asked: Command, view: View, arguments: dict[str, Any]) -> Done:
    """Carry out a command, or hold it; what can be neither is refused as ever."""
    refusal: CrewError | None = g.pop("not_allowed", None)
    if refusal is None and not from_outbox():
        return view(**arguments)
    if handing_in() and request.endpoint != EVIDENCE:
        refusal = refusal or Forbidden("may-not", N_("Your role does not allow this."))
    if refusal is None:
        try:
            with session.begin_nested():
                return view(**arguments)
        except CrewError as error:
            refusal = error
    late = _late(refusal, asked, view, arguments) if from_outbox() and person_or_none() else None
    if late is None:
        raise refusal
    return _hold(late, asked)


def say_again(asked: Command, status: int) -> None:
    """The same answer to the same command: that it is held, if it was."""
    entry = queries.entry(asked.key) if status == HTTPStatus.ACCEPTED else None
    if entry:
        g.held = entry.why.value


def carry_out_again(entry: HeldEntry) -> None:
    """Carry out a held command as its sender, with the rights and at the time it was recorded."""
    then = people.person_then(entry.person_id, entry.at)
    outer = g.command, g.get("prepared")
    context = current_app.test_request_context(entry.path, method="POST", data=entry.body, content_type=FORM)
    with context, acting_as(then):
        view: Any = current_app.view_functions[request.endpoint or ""]
        g.command = Command(entry.key, then.id, "", entry.moment)
        g.prepared = view.before()
        with session.begin_nested():
            view.__wrapped__(**(request.view_args or {}))
    g.command, g.prepared = outer


def _late(refusal: CrewError, asked: Command, view: View, arguments: dict[str, Any]) -> Late | None:
    if refusal.code in CLASHES:
        site = _clash(asked, arguments)
        return _entry(Why.CLASH, refusal, asked, site) if site else None
    if isinstance(refusal, Forbidden | Unseen):
        site = _allowed_then(asked, view, arguments)
        return _entry(Why.RIGHTS, refusal, asked, site) if site else None
    return None


def _clash(asked: Command, arguments: dict[str, Any]) -> UUID | None:
    """The site, if somebody else changed the job while this entry was on its way."""
    ticket_id = arguments.get("ticket_id")
    if not ticket_id or not came_late(asked.when) or not queries.outrun(ticket_id, person(), asked.when.at):
        return None
    return session.get_one(Ticket, ticket_id).site_id


def _allowed_then(asked: Command, view: View, arguments: dict[str, Any]) -> UUID | None:
    """The site, if the same command would have been possible with the rights its sender had when it was recorded."""
    then = people.person_then(person().id, asked.when.at)
    if _roles(then) <= _roles(person()):
        return None
    trial = session.begin_nested()
    try:
        with acting_as(then):
            return view(**arguments).site_id
    except CrewError as error:
        return _site_of(arguments) if error.code in CLASHES else None
    finally:
        trial.rollback()


def _roles(found: Person) -> set[tuple[UUID, str]]:
    return {(m.site_id, m.role.value) for m in found.memberships}


def _site_of(arguments: dict[str, Any]) -> UUID | None:
    ticket = session.get(Ticket, arguments.get("ticket_id"))
    return ticket.site_id if ticket else None


def _entry(why: Why, refusal: CrewError, asked: Command, site_id: UUID) -> Late:
    return Late(
        key=asked.key,
        site_id=site_id,
        subject_id=_subject() or asked.key,
        why=why,
        code=refusal.code,
        action=request.endpoint or "",
        path=request.path,
        body=urlencode(list(request.form.items(multi=True))),
    )


def _subject() -> UUID | None:
    """The job that the command is about, or that it opens."""
    try:
        return (request.view_args or {}).get("ticket_id") or UUID(request.form.get("ticket_id", ""))
    except ValueError:
        return None


def _hold(late: Late, asked: Command) -> Done:
    actions.hold(late, by=person(), at=asked.when)
    if late.why is Why.RIGHTS:
        for photo in announced_photos():
            announce(photo, late.site_id, by=person(), at=asked.when)
    g.held = late.why.value
    return Done("/late", late.site_id, HTTPStatus.ACCEPTED)
