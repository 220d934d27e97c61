"""Who may use which route. Every route declares its rule; one without a rule answers nobody."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, redirect, request, url_for

from crew_app.core.errors import Forbidden
from crew_app.core.words import N_
from crew_app.people.rules import Right
from crew_app.web import tokens
from crew_app.web.people import by_password, hand_in_as, handing_in, person_or_none, shut_out
from crew_app.web.problems import of_api
from crew_app.web.tokens import TokenRule

View = TypeVar("View", bound=Callable[..., Any])
Rule = str | Right | TokenRule
PUBLIC, SIGNED_IN = "public", "signed in"
LONGEST_FORM = 256 * 1024
LONGEST_REPORT = 64 * 1024 * 1024
"""A stranger's form with five photos as the camera made them."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_WITH_OLD_PASSWORD = frozenset({"session.password", "session.change_password", "session.sign_out", "session.language"})

_WITH_PHOTOS_OF_STRANGERS = frozenset({"reports.create", "report_answers.object_"})


def public(view: View) -> View:
    """Anybody may use this route."""
    view.access_rule = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Everybody who is signed in may use this route."""
    view.access_rule = SIGNED_IN  # type: ignore[attr-defined]
    return view


def needs(right: Right) -> Callable[[View], View]:
    """Only those who have this right at some site; queries then limit it to that site."""

    def declare(view: View) -> View:
        view.access_rule = right  # type: ignore[attr-defined]
        return view

    return declare


def for_tokens(rule: TokenRule) -> Callable[[View], View]:
    """Only programs with a token that this rule names."""

    def declare(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]
        return view

    return declare


def rule_of(view: Callable[..., Any]) -> Rule | None:
    """The access rule a route declares."""
    return getattr(view, "access_rule", None)


def start(app: Flask) -> None:
    """Check origin and access before every request."""
    app.before_request(_plausible)
    app.before_request(_same_origin)
    app.before_request(_handed_in)
    app.before_request(_same_person)
    app.before_request(_allowed)


def _plausible() -> None:
    """Refuse a form as long as a book before it is read: the general limit is made for photos."""
    if request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = LONGEST_FORM
    elif request.endpoint in _WITH_PHOTOS_OF_STRANGERS:
        request.max_content_length = LONGEST_REPORT


def _same_origin() -> None:
    """Refuse changes that another web site started. Needs no token that could expire while a form waits."""
    if request.method in SAFE_METHODS or request.headers.get("Sec-Fetch-Site") in ("same-origin", "none"):
        return
    origin = request.headers.get("Origin")
    if "Sec-Fetch-Site" in request.headers or (origin and origin != request.host_url.rstrip("/")):
        raise Forbidden("cross-site", N_("This request came from another web site and was not carried out."))


def _handed_in() -> None:
    """Recognise the phone of somebody who was shut out, when it sends what was recorded before."""
    claimed = request.headers.get("Crew-Person")
    if "Crew-Outbox" not in request.headers or not claimed or person_or_none():
        return
    found = shut_out()
    if found and claimed == str(found.id):
        hand_in_as(found)


def _same_person() -> None:
    """What a phone's outbox holds of one person is not even looked at as another's."""
    claimed, found = request.headers.get("Crew-Person"), person_or_none()
    if claimed and found and claimed != str(found.id):
        raise other_person()


def other_person() -> Forbidden:
    """The refusal of what somebody else made; says nothing about the entry itself."""
    words = N_("Somebody else is signed in now. This entry is kept for the person who made it.")
    return Forbidden("other-person", words)


def _allowed() -> Any:
    if request.endpoint is None:
        return None
    view = current_app.view_functions[request.endpoint]
    rule = rule_of(view)
    if rule == PUBLIC:
        return None
    if of_api() or isinstance(rule, TokenRule):
        return tokens.allow(rule if of_api() and isinstance(rule, TokenRule) else None)
    found = person_or_none()
    if rule is None or found is None or (handing_in() and not _may_be_held(view)):
        return ask_for_sign_in()
    forced = found.must_change_password and by_password() and not handing_in()
    if forced and request.endpoint not in _WITH_OLD_PASSWORD:
        return redirect(url_for("session.password"))
    if isinstance(rule, Right) and not found.can(rule):
        _forbid(view)
    return None


def _forbid(view: Callable[..., Any]) -> None:
    """Refuse; what a phone recorded while it was allowed is looked at by the command itself."""
    refusal = Forbidden("may-not", N_("Your role does not allow this."))
    if not _may_be_held(view):
        raise refusal
    g.not_allowed = refusal


def _may_be_held(view: Callable[..., Any]) -> bool:
    return "Crew-Outbox" in request.headers and getattr(view, "is_command", False)


def ask_for_sign_in() -> Any:
    """Send a person to the sign-in page; a program or a fragment request gets 401 and keeps what it has."""
    if "Crew-Outbox" in request.headers or "HX-Request" in request.headers or request.method not in SAFE_METHODS:
        return Response(status=401, headers={"Crew-Sign-In": "required"})
    return redirect(url_for("session.login", next=request.full_path.rstrip("?")))
