"""Signing in with the hospital's own accounts: to the provider, and back with what it says.

Both ways are followed by GET alone: a form that leads to another web site is against the content policy.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from crew_app.core.clock import now
from crew_app.core.db import write_transaction
from crew_app.core.errors import CrewError, Forbidden, Refused
from crew_app.core.words import N_
from crew_app.people import identities
from crew_app.people.identities import Account
from crew_app.people.identity_models import Provider
from crew_app.routes.session import login_page
from crew_app.web import entrance, own_links, people
from crew_app.web.access import public
from crew_app.web.houses import oidc_provider, wecom_house
from crew_app.web.languages import translate
from crew_app.web.providers import Attempt, new_attempt
from crew_app.web.qr import public_address

blueprint = Blueprint("sign_in_ways", __name__, url_prefix="/login")
Answer = str | AnyResponse | tuple[str, int]
BEGUN, MOST_BEGUN, LONGEST_CODE, LONGEST_NEXT = "begun", 3, 2000, 300


@blueprint.get("/oidc")
@public
def oidc() -> Answer:
    """Go to the provider."""
    attempt, again = new_attempt(), people.person_or_none() is not None
    try:
        url = oidc_provider().begin(attempt, _back_at("oidc"), again=again)
    except CrewError as error:
        return _refused(error)
    _keep("oidc", attempt)
    return redirect(url)


@blueprint.get("/oidc/callback")
@public
def oidc_back() -> Answer:
    """Come back from the provider."""
    return _came_back("oidc", lambda code, attempt: oidc_provider().finish(code, attempt, _back_at("oidc")))


@blueprint.get("/wecom")
@public
def wecom() -> Answer:
    """Go to WeCom: silently inside it, to the page with the code to scan anywhere else."""
    house, attempt = wecom_house(), new_attempt()
    inside = "wxwork" in request.user_agent.string.lower()
    _keep("wecom", attempt)
    return redirect(house.begin(attempt.state, _back_at("wecom"), inside=inside))


@blueprint.get("/wecom/callback")
@public
def wecom_back() -> Answer:
    """Come back from WeCom."""
    return _came_back("wecom", lambda code, _attempt: wecom_house().finish(code))


def _came_back(provider: str, finish: Callable[[str, Attempt], Account]) -> Answer:
    (oidc_provider if provider == "oidc" else wecom_house)()
    try:
        attempt, target = _take(provider)
        code = request.args.get("code", "")
        if not code or len(code) > LONGEST_CODE:
            raise Refused("not-signed-in", N_("The sign-in was broken off there. Nothing has changed here."))
        account = finish(code, attempt)
    except CrewError as error:
        return _refused(error)
    return _entered(account, target)


def _entered(account: Account, target: str) -> Answer:
    try:
        return redirect(_arrive(account, target))
    except CrewError as error:
        if error.code != "unknown-account":
            return _refused(error)
    return render_template("session/unknown.html", account=account), int(Forbidden.status)


def _arrive(account: Account, target: str) -> str:
    """Sign in whoever it is; or offer the link to whoever is signed in already."""
    me, settings = people.person_or_none(), current_app.config["SETTINGS"]
    known = identities.find(account)
    if me and known is None:
        own_links.offer(account)
        return url_for("own_account.new_link")
    if me and known and known.person_id != me.id:
        raise Refused("account-of-another", N_("That account belongs to somebody else here. Sign out first."))
    create = account.provider == Provider.OIDC and settings.oidc.create
    strong = account.strong or settings.provider_is_second_factor
    with write_transaction():
        found = identities.come_in(account, at=now(), create=create)
        inside = entrance.let_in(found, people.BY_ACCOUNT, target, strong=strong) if found.active else ""
    if not inside:
        raise Refused("account-shut-out", N_("Your account may not come in here at present. Ask your administrator."))
    return inside


def _keep(provider: str, attempt: Attempt) -> None:
    """Remember in this browser what was begun in it; the last few, since one may have several tabs."""
    known = [one for one in session.get(BEGUN, []) if isinstance(one, dict)]
    made: dict[str, Any] = {"p": provider, "s": attempt.state, "n": attempt.nonce, "v": attempt.verifier}
    target = entrance.wanted_page()
    made |= {"next": target if len(target) <= LONGEST_NEXT else url_for("today.show"), "at": int(now().timestamp())}
    session[BEGUN] = [*known, made][-MOST_BEGUN:]


def _take(provider: str) -> tuple[Attempt, str]:
    """What this browser began under the state that came back: once."""
    state, at = request.args.get("state", ""), now().timestamp()
    known = [one for one in session.get(BEGUN, []) if isinstance(one, dict)]
    found = next((one for one in known if one["p"] == provider and one["s"] == state), None)
    session[BEGUN] = [one for one in known if one is not found]
    if found is None or not 0 <= at - found["at"] < entrance.PATIENCE.total_seconds():
        words = N_("This sign-in was not begun in this browser, or too long ago. Please start again.")
        raise Refused("not-begun", words)
    return Attempt(found["s"], found["n"], found["v"]), str(found["next"])


def _back_at(provider: str) -> str:
    return public_address(url_for(f"sign_in_ways.{provider}_back"))


def _refused(error: CrewError) -> tuple[str, int]:
    words = translate(error.message, **error.params)
    status = int(error.status)
    if people.person_or_none():
        return render_template("errors/error.html", status=status, code=error.code, message=words), status
    return login_page(words), status
