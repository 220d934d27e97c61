"""Signing in and out, one's password, one's language."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from crew_app.core.db import session as database
from crew_app.core.db import write_transaction
from crew_app.core.errors import CrewError, Refused
from crew_app.core.words import N_
from crew_app.demo.people import PASSWORD, SHOWN
from crew_app.demo.people import people as demo_people
from crew_app.people import actions, limits
from crew_app.people.models import Person
from crew_app.people.rules import ROLE_LABELS
from crew_app.web import entrance, people, phones
from crew_app.web.access import public, signed_in
from crew_app.web.commands import online_only, without_receipt
from crew_app.web.entrance import is_local, wanted_page
from crew_app.web.houses import passkeys_possible
from crew_app.web.languages import COOKIE, LANGUAGES, named, translate
from crew_app.web.proving import prove

blueprint = Blueprint("session", __name__)
YEAR = 365 * 86400


@blueprint.get("/login")
@public
def login() -> str | AnyResponse:
    """The sign-in page."""
    if people.person_or_none():
        return redirect(wanted_page())
    return login_page("")


@blueprint.post("/login")
@public
@online_only("signing in")
@without_receipt("a sign-in is made anew each time")
def sign_in() -> tuple[str, int] | AnyResponse:
    """Sign in."""
    try:
        proof = prove(request.form.get("login", ""), request.form.get("password", ""))
        with write_transaction():
            actions.settle(proof)
            target = entrance.let_in(proof.person, people.BY_PASSWORD, wanted_page())
    except CrewError as error:
        return login_page(translate(error.message, **error.params)), int(error.status)
    return redirect(target)


@blueprint.post("/sign-out")
@public
@online_only("signing out ends the sign-in on the server")
@without_receipt("ends the sign-in that would own the receipt")
def sign_out() -> AnyResponse:
    """Sign out here; the browser forgets the pages it kept."""
    with write_transaction():
        phones.note_sign_out()
        people.sign_out()
    response = redirect(url_for("session.login"))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@blueprint.get("/password")
@signed_in
def password() -> str:
    """The page to change one's password."""
    return _password_page({})


@blueprint.post("/password")
@signed_in
@online_only("a password must not be kept on the phone")
@without_receipt("a password must not be kept on the phone until there is a network")
def change_password() -> tuple[str, int] | AnyResponse:
    """Change one's password; every other sign-in ends."""
    form = request.form
    try:
        proof = prove(people.person().login, form.get("current", ""))
    except CrewError as error:
        words = N_("The present password is not right.") if isinstance(error, Refused) else error.message
        return _password_page({"current": translate(words, **error.params)}), int(error.status)
    try:
        with write_transaction():
            actions.settle(proof)
            actions.choose_password(proof.person, form.get("password", ""))
            entrance.complete(proof.person, people.BY_PASSWORD, "")
    except Refused as error:
        return _password_page({"password": translate(error.message, **error.params)}), 422
    return redirect(url_for("today.show"))


@blueprint.post("/language")
@public
@online_only("the page in the other language comes from the server")
@without_receipt("a preference; the last choice counts")
def language() -> Response | AnyResponse:
    """Choose the language; kept with the person, or in this browser."""
    chosen = request.form.get("locale", "")
    if chosen not in LANGUAGES:
        raise Refused("unknown-language", N_("This language is not available."))
    me = people.person_or_none()
    if me:
        with write_transaction():
            actions.set_locale(database.get_one(Person, me.id), chosen)
    response = redirect(_back())
    response.set_cookie(COOKIE, chosen, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure)
    return response


def login_page(error: str) -> str:
    """The page with every way in."""
    settings = current_app.config["SETTINGS"]
    return render_template(
        "session/login.html",
        error=error,
        oidc=settings.oidc,
        wecom=settings.wecom,
        account_first=settings.account_first,
        passkeys=passkeys_possible(),
        next=wanted_page(),
        login=request.form.get("login", ""),
        demo_people=_demo_people() if settings.demo else [],
        demo_password=PASSWORD if settings.demo else "",
    )


def _password_page(errors: dict[str, str]) -> str:
    return render_template(
        "session/password.html",
        forced=people.person().must_change_password,
        errors=errors,
        shortest=limits.profile().shortest,
    )


def _back() -> str:
    """The page a form was on."""
    try:
        referrer = urlsplit(request.referrer or "")
    except ValueError:
        return url_for("today.show")
    return referrer.path if referrer.netloc == request.host and is_local(referrer.path) else url_for("today.show")


def _demo_people() -> list[dict[str, str]]:
    shown = [demo_people()[login] for login in SHOWN]
    return [{"login": p.login, "words": f"{named(p)} · {gettext(ROLE_LABELS[p.role])}"} for p in shown]
