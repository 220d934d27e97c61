"""Which phone asks: known by a secret in a cookie of its own, which stays when people come and go."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask, Response, current_app, g, request

from crew_app.core.clock import now
from crew_app.notifications import habits
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.phones import actions, pins, queries
from crew_app.phones.models import Device
from crew_app.phones.rules import Contact, awaited
from crew_app.rounds import news
from crew_app.rounds.models import Run
from crew_app.web import cookies
from crew_app.web.people import person_or_none

YEAR = 365 * 86400


def start(app: Flask) -> None:
    """Name phones, and let templates ask whom work waits for."""
    app.after_request(_keep_cookie)
    app.add_template_global(phone_awaited)
    app.add_template_global(walker_silence)
    app.add_template_global(on_shared_phone)


def this_device() -> Device | None:
    """The phone this request comes from, if it was here before."""
    return queries.by_token(_token())


def own_device() -> Device:
    """The same; a phone that is new is given its name with the answer. Within a write transaction."""
    found = this_device()
    if found:
        g.device_token = _token()  # for another year, under its name of today
        return found
    found, g.device_token = actions.add_device(at=now())
    return found


def known_device(login: str) -> UUID | None:
    """The phone that asks, if the person with this log-in name signed in on it before."""
    return queries.known_device(_token(), login)


def note_sign_in(found: Person, *, by_password: bool = True, at: datetime | None = None) -> None:
    """Somebody signs in on this phone. Whoever knows the password may try their PIN again."""
    actions.signed_in(own_device(), found, at=at or now(), by_password=by_password)
    pins.forgive(found)


def note_sign_out() -> None:
    """Whoever is signed in leaves this phone."""
    device, found = this_device(), person_or_none()
    if device and found:
        habits.unsubscribe(found, device.id)  # what is pushed to a person must not pop up in other hands
        actions.signed_out(device, found, at=now())


def on_shared_phone() -> bool:
    """Whether several people share the phone that asks."""
    device = this_device()
    return device is not None and device.shared


def phone_awaited(owner_id: UUID | None, site_id: UUID, deadline: datetime) -> Contact | None:
    """The phone of this person that overdue work waits for. Only those who verify are told; others see it overdue."""
    me = person_or_none()
    if owner_id is None or me is None or not me.can(Right.VERIFY, site_id):
        return None
    return awaited(deadline, now(), _grace(), _contacts(me, Right.VERIFY).get(owner_id, ()))


def walker_silence(run: Run) -> news.Silence | None:
    """What the phone of whoever walks a round keeps from us; only those who watch rounds are told."""
    me = person_or_none()
    if me is None or not me.can(Right.WATCH_ROUNDS, run.site_id):
        return None
    return news.silence(run, _contacts(me, Right.WATCH_ROUNDS), now(), _grace())


def _grace() -> timedelta:
    grace: timedelta = current_app.config["SETTINGS"].phone_grace
    return grace


def _contacts(me: Person, right: Right) -> dict[UUID, list[Contact]]:
    """Asked once per request, however many jobs are late."""
    kept: dict[Right, dict[UUID, list[Contact]]] = g.setdefault("contacts", {})
    if right not in kept:
        kept[right] = dict(queries.contacts(me.sites_with(right)))
    return kept[right]


def _token() -> str:
    return cookies.value_of(cookies.DEVICE, https=_https())


def _https() -> bool:
    https: bool = current_app.config["SETTINGS"].https
    return https


def _keep_cookie(response: Response) -> Response:
    if "device_token" in g:
        secure, name = _https() or request.is_secure, cookies.name_of(cookies.DEVICE, https=_https())
        response.set_cookie(name, g.device_token, max_age=YEAR, httponly=True, samesite="Lax", secure=secure)
    return response
