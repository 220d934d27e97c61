"""Showing a password: the one way to try one, wherever it is asked for. Wrong tries are counted and written down."""

from flask import request

from crew_app.core.changes import Trace
from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.notifications.actions import Message, tell
from crew_app.notifications.rules import Topic
from crew_app.people import actions, guessing, queries, records
from crew_app.people.actions import Proof
from crew_app.people.guessing import Caller, plain
from crew_app.people.models import Person
from crew_app.people.record_models import What
from crew_app.people.rules import Right
from crew_app.phones import pins
from crew_app.web import phones

LONGEST_TRY = 200
TOLD = {
    "from": N_("Many wrong passwords for many names from %(address)s: somebody may be guessing."),
    "name": N_("Many wrong passwords for %(login)s from several places: somebody may be guessing."),
}
"""Of which counts administrators hear, once a day, when they begin to wait."""


def prove(login: str, password: str) -> Proof:
    """Whose password this is; `Refused` or `TooMany`. Outside of any transaction: comparing is slow."""
    caller = Caller(request.remote_addr or "", phones.known_device(plain(login)))
    try:
        found = actions.check_sign_in(login, password[:LONGEST_TRY], caller=caller, at=now())
    except Refused:
        with write_transaction():
            _note(plain(login), caller)
        raise
    session.rollback()
    return found


def _note(login: str, caller: Caller) -> None:
    at, person = now(), queries.whose_login(login)
    records.record(What.REFUSED, person, login=login, how="password")
    waiting = guessing.note(guessing.of_name(login, caller), login, at)
    if waiting:
        records.record(What.HELD_UP, person, login=login, how="password", detail=", ".join(waiting))
    for kind in filter(TOLD.get, waiting):
        warn(kind, {"address": caller.address, "login": login})


def warn(kind: str, params: dict[str, str]) -> None:
    """Tell the administrators of every site, once a day for each kind and address."""
    at = now()
    about = params["address"] if kind == "from" else ""
    for administrator in queries.administrators():
        for site_id in sorted(administrator.sites_with(Right.MANAGE_PEOPLE))[:1]:
            message = Message(site_id, Topic.SECURITY, TOLD[kind], params, "/admin/sign-in/record", urgent=True)
            tell([administrator], message, key=f"guessing:{kind}:{about}:{at:%Y%m%d}", at=at)


def unlock(person: Person, trace: Trace) -> None:
    """Let somebody try again at once: passwords, codes, PIN."""
    guessing.unlock(person)
    pins.forgive(person)
    records.record(What.UNLOCKED, person, by_id=trace.person_id, how=trace.how)
