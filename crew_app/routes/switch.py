"""From hand to hand on a shared phone: who may take it over, the PIN to do so, and choosing one's PIN.

All of it needs the network: only the server knows who is who, and no PIN is ever kept on a phone.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from crew_app.core.clock import now
from crew_app.core.db import session as database
from crew_app.core.db import write_transaction
from crew_app.core.errors import CrewError
from crew_app.people import records
from crew_app.people.models import Person
from crew_app.people.passwords import hash_password, matches
from crew_app.people.record_models import What
from crew_app.phones import pins, queries
from crew_app.phones.queries import Offer
from crew_app.phones.rules import PIN_LIFETIME, check_pin
from crew_app.tickets.forms import optional_uuid
from crew_app.web import people, phones
from crew_app.web.access import public, signed_in
from crew_app.web.commands import online_only, without_receipt
from crew_app.web.languages import translate
from crew_app.web.proving import prove

blueprint = Blueprint("switch", __name__)
LONGEST_TRY = 20


@blueprint.get("/switch")
@public
def show() -> str:
    """Who gave their password on this shared phone lately: big buttons, then a PIN."""
    return _switch_page("")


@blueprint.post("/switch")
@public
@online_only("signing in")
@without_receipt("a sign-in is made anew each time")
def switch() -> tuple[str, int] | AnyResponse:
    """Take over a shared phone by PIN; the sign-in that was there ends. Needs the network."""
    found = _offer()
    if not _is_right(found, request.form.get("pin", "")[:LONGEST_TRY]):
        return _switch_page(_why(found)), 422
    with write_transaction():
        found = _offer()  # nothing may have happened to the person or the phone meanwhile
        if found is None:
            return _switch_page(_why(None)), 422
        _hand_over(found.person)
    response = redirect(url_for("today.show"))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _hand_over(found: Person) -> None:
    phones.note_sign_out()
    people.sign_out()
    people.sign_in(found, request.user_agent.string, PIN_LIFETIME, how=people.BY_PIN)
    phones.note_sign_in(found, by_password=False)


def _is_right(found: Offer | None, pin: str) -> bool:
    """Costs the same for a wrong PIN, a locked one, none at all, and somebody who is not offered."""
    person_id = found.person.id if found else None
    with write_transaction():
        counted = pins.count_try(person_id)
    kept = pins.hash_of(person_id) if counted else None
    database.rollback()  # no transaction stays open during the slow comparison
    right = matches(pin, kept)
    if not right:
        with write_transaction():
            records.record(
                What.REFUSED if counted else What.HELD_UP, found.person if found else None, how=people.BY_PIN
            )
    return right


def _why(found: Offer | None) -> str:
    now_locked = found and (again := _offer()) and not again.by_pin
    if now_locked:
        return gettext("This PIN is locked. Sign in with the password once, then it works again.")
    return gettext("This PIN is not right.")


@blueprint.get("/pin")
@signed_in
def pin() -> str:
    """The page to choose one's PIN."""
    return _pin_page({})


@blueprint.post("/pin")
@signed_in
@online_only("a password must not be kept on the phone")
@without_receipt("a password must not be kept on the phone until there is a network")
def set_pin() -> tuple[str, int] | AnyResponse:
    """Choose one's PIN, with the password. Needs the network."""
    me = people.person()
    pins.check_may_have(me)
    try:
        chosen = _checked_pin(me)
    except CrewError as error:
        return _pin_page({_field(error): translate(error.message, **error.params)}), int(error.status)
    with write_transaction():
        pins.keep(me, chosen, at=now())
    return redirect(url_for("switch.pin", saved=1))


def _checked_pin(me: Person) -> str:
    """The hash of the new PIN, when it is good enough and the password is right; slow, so ahead of the transaction."""
    form = request.form
    check_pin(form.get("pin", ""), me.login)
    prove(me.login, form.get("current", ""))
    return hash_password(form["pin"])


def _field(error: CrewError) -> str:
    return "pin" if error.code in ("bad-pin", "weak-pin") else "current"


def _offer() -> Offer | None:
    device = phones.this_device()
    if device is None or not device.shared:
        return None
    return queries.offer(device, optional_uuid(request.values, "person_id"), now())


def _switch_page(error: str) -> str:
    device = phones.this_device()
    is_shared = device is not None and device.shared
    return render_template(
        "phones/switch.html",
        device=device,
        shared=is_shared,
        offers=queries.offers(device, now()) if device and is_shared else [],
        chosen=_offer(),
        error=error,
    )


def _pin_page(errors: dict[str, str]) -> str:
    return render_template("phones/pin.html", errors=errors, saved="saved" in request.args)
