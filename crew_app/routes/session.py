"""Signing in and out, one's password, one's language."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from crew_app.core.clock import now
from crew_app.core.db import session as database
from crew_app.core.db import write_transaction
from crew_app.core.errors import CrewError, Refused
from crew_app.core.words import N_
from crew_app.demo.people import PASSWORD, SHOWN
from crew_app.demo.people import people as demo_people
from crew_app.people import actions
from crew_app.people.models import Person
from crew_app.people.passwords import SHORTEST
from crew_app.people.rules import ROLE_LABELS
from crew_app.web import people, phones
from crew_app.web.access import public, signed_in
from crew_app.web.commands import online_only, without_receipt
from crew_app.web.languages import COOKIE, LANGUAGES, named, translate

blueprint = Blueprint("session", __name__)
YEAR = 365 * 86400


@blueprint.get("/login")
@public
def login() -> str | AnyResponse:
    """The sign-in page."""
    if people.person_or_none():
        return redirect(_next())
    return _login_page("")


@blueprint.post("/login")
@public
@online_only("signing in")
@without_receipt("a sign-in is made anew each time")
def sign_in() -> tuple[str, int] | AnyResponse:
    """Sign in."""
    name, address = request.form.get("login", ""), request.remote_addr or ""
    try:
        found = actions.check_sign_in(name, request.form.get("password", "")[:200], address=address, at=now())
        with write_transaction():
            actions.forget_failures(name, address=address)
            people.sign_in(found, request.user_agent.string)
            phones.note_sign_in(found)
    except CrewError as error:
        if isinstance(error, Refused):
            with write_transaction():
                actions.note_failure(name, address=address, at=now())
        return _login_page(translate(error.message, **error.params)), int(error.status)
    return redirect(_next())


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
        with write_transaction():
            me = database.get_one(Person, people.person().id)
            actions.change_password(me, form.get("current", ""), form.get("password", ""))
            people.sign_in(me, request.user_agent.string)
            phones.note_sign_in(me)
    except Refused as error:
        field = "current" if error.code == "wrong-password" else "password"
        return _password_page({field: translate(error.message, **error.params)}), 422
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


def _login_page(error: str) -> str:
    settings = current_app.config["SETTINGS"]
    return render_template(
        "session/login.html",
        error=error,
        next=_next(),
        login=request.form.get("login", ""),
        demo_people=_demo_people() if settings.demo else [],
        demo_password=PASSWORD if settings.demo else "",
    )


def _password_page(errors: dict[str, str]) -> str:
    return render_template(
        "session/password.html", forced=people.person().must_change_password, errors=errors, shortest=SHORTEST
    )


def _next() -> str:
    """Where to go after signing in: only ever a path of this application."""
    wanted = request.values.get("next", "")
    return wanted if _is_local(wanted) else url_for("today.show")


def _back() -> str:
    """The page a form was on."""
    try:
        referrer = urlsplit(request.referrer or "")
    except ValueError:
        return url_for("today.show")
    return referrer.path if referrer.netloc == request.host and _is_local(referrer.path) else url_for("today.show")


def _is_local(path: str) -> bool:
    """Whether a browser takes this for a path on this server, and nothing else."""
    try:
        parts = urlsplit(path)
    except ValueError:
        return False
    plain = path.isprintable() and "\\" not in path and not parts.netloc and not parts.scheme
    return plain and path.startswith("/") and not path.startswith("//")


def _demo_people() -> list[dict[str, str]]:
    shown = [demo_people()[login] for login in SHOWN]
    return [{"login": p.login, "words": f"{named(p)} · {gettext(ROLE_LABELS[p.role])}"} for p in shown]
