"""The second step of signing in: a code, a passkey, or setting one up where it is wanted; and proving it once more."""

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from crew_app.core.changes import How, Trace
from crew_app.core.clock import now
from crew_app.core.db import session as database
from crew_app.core.db import write_transaction
from crew_app.core.errors import CrewError, Refused, TooMany
from crew_app.core.words import N_
from crew_app.people import actions, passkeys, second_factors, time_codes
from crew_app.people.models import Person
from crew_app.routes.session import login_page
from crew_app.web import entrance, people, proving, qr
from crew_app.web.access import public, signed_in
from crew_app.web.commands import online_only, without_receipt
from crew_app.web.entrance import Half
from crew_app.web.houses import passkey_house, passkeys_possible
from crew_app.web.languages import translate

blueprint = Blueprint("second_steps", __name__, url_prefix="/login")
Answer = str | AnyResponse | tuple[str, int]
CHALLENGE = "passkey"


@blueprint.get("/code")
@public
def code() -> Answer:
    """The page that asks for the code."""
    known = entrance.half_person()
    return _code_page(known, "") if known else redirect(url_for("session.login"))


@blueprint.post("/code")
@public
@online_only("signing in")
@without_receipt("a sign-in is made anew each time")
def check_code() -> Answer:
    """Sign in with a code; a wrong one is counted for the person, wherever it was tried."""
    known = entrance.half_person()
    if known is None:
        return redirect(url_for("session.login"))
    target = ""
    try:
        with write_transaction():
            found = database.get_one(Person, known[0].person_id)
            if time_codes.is_right(found, request.form.get("code", ""), entrance.secret_key(), at=now()):
                target = entrance.complete(found, known[0].how, known[0].next)
    except TooMany as error:
        return _code_page(known, translate(error.message, **error.params)), int(error.status)
    if not target:
        return _code_page(known, gettext("This code is not right, or was used already. Wait for the next one.")), 422
    return redirect(target)


def _code_page(known: tuple[Half, Person], error: str) -> str:
    has = second_factors.factors_of(known[1])
    return render_template(
        "session/code.html", half=known[0], has=has, passkeys=has.passkeys and passkeys_possible(), error=error
    )


@blueprint.get("/set-up")
@public
def set_up() -> Answer:
    """Somebody's role needs a second factor, and they have none yet."""
    known = entrance.half_person()
    if known is None:
        return redirect(url_for("session.login"))
    return render_template("session/set_up.html")


@blueprint.post("/set-up")
@public
@online_only("signing in")
@without_receipt("the secret in the answer must be kept nowhere")
def begin() -> Answer:
    """Show the secret for the authenticator, once."""
    known = entrance.half_person()
    if known is None:
        return redirect(url_for("session.login"))
    with write_transaction():
        secret = time_codes.begin(database.get_one(Person, known[0].person_id), entrance.secret_key(), at=now())
    return secret_page(known[1], secret, "")


def secret_page(found: Person, secret: str, error: str, *, own: bool = False) -> str:
    """The secret as a code to scan and as text to type. Never an answer to a GET: phones keep those."""
    address = time_codes.address(secret, found.login, gettext("Hospital crew"))
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return render_template("session/secret.html", picture=qr.picture(address), secret=groups, error=error, own=own)


@blueprint.post("/set-up/confirmation")
@public
@online_only("signing in")
@without_receipt("the recovery codes in the answer must be kept nowhere")
def confirm() -> Answer:
    """Take the first code; signs in, and shows the recovery codes once."""
    known = entrance.half_person()
    if known is None:
        return redirect(url_for("session.login"))
    with write_transaction():
        found = database.get_one(Person, known[0].person_id)
        spares = confirmed(found, request.form.get("code", ""))
        target = entrance.complete(found, known[0].how, known[0].next) if spares else ""
    if not spares:
        return _once_more(known[1], own=False)
    return render_template("session/recovery_codes.html", codes=spares, next=target)


def confirmed(found: Person, code_: str) -> list[str] | None:
    """The recovery codes when the first code of the authenticator is right."""
    return time_codes.confirm(found, code_, entrance.secret_key(), Trace(found.id, now(), How.PAGE))


def _once_more(found: Person, *, own: bool) -> Answer:
    secret = time_codes.begun(found, entrance.secret_key())
    if not secret:
        return redirect(url_for("session.login"))
    return secret_page(
        found, secret, gettext("This code is not right. Is the clock of your phone right?"), own=own
    ), 422


@blueprint.post("/passkey-options")
@public
@online_only("signing in")
@without_receipt("a challenge is good once")
def passkey_options() -> Response:
    """What a browser needs to sign in with a passkey."""
    options, session[CHALLENGE] = passkeys.to_sign_in(passkey_house())
    return Response(options, mimetype="application/json")


@blueprint.post("/passkey")
@public
@online_only("signing in")
@without_receipt("a sign-in is made anew each time")
def passkey() -> Answer:
    """Sign in with a passkey, or take it as the second factor."""
    challenge, known, me = session.pop(CHALLENGE, ""), entrance.half_person(), people.person_or_none()
    target = known[0].next if known else entrance.wanted_page()
    try:
        with write_transaction():
            found = passkeys.sign_in(request.form.get("answer", ""), str(challenge), passkey_house(), at=now())
            others = {known[0].person_id} if known else {me.id} if me else {found.id}
            if found.id not in others:
                raise Refused("passkey-of-another", N_("This is somebody else's passkey."))
            entrance.complete(found, people.BY_PASSKEY, target)
    except CrewError as error:
        return login_page(translate(error.message, **error.params)), int(error.status)
    return redirect(target)


@blueprint.get("/again")
@signed_in
def again() -> str:
    """Prove once more who one is, before ways of signing in are changed."""
    return _again_page("")


@blueprint.post("/again")
@signed_in
@online_only("signing in")
@without_receipt("a sign-in is made anew each time")
def prove() -> Answer:
    """With the password, and the code where there is one."""
    try:
        proof = proving.prove(people.person().login, request.form.get("password", ""))
        with write_transaction():
            actions.settle(proof)
            target = entrance.let_in(proof.person, people.BY_PASSWORD, entrance.wanted_page())
    except CrewError as error:
        words = N_("The password is not right.") if isinstance(error, Refused) else error.message
        return _again_page(translate(words, **error.params)), int(error.status)
    return redirect(target)


def _again_page(error: str) -> str:
    has = second_factors.factors_of(people.person())
    return render_template(
        "session/again.html", next=entrance.wanted_page(), error=error, passkeys=has.passkeys and passkeys_possible()
    )
