"""Names of cookies. Over HTTPS with the prefix `__Host-`: no other host of the domain can plant them.

A cookie from before HTTPS, or from before the prefix, is still taken; with the next page that a person opens it gets
its new name. The browser is signed in as before, and so is its phone known.
"""

from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature

from crew_app.core.clock import now

SESSION, DEVICE = "crew", "crew_device"
PREFIX = "__Host-"


def name_of(cookie: str, *, https: bool) -> str:
    """What a cookie is called."""
    return PREFIX + cookie if https else cookie


def value_of(cookie: str, *, https: bool) -> str:
    """What this browser keeps under a name, or under the one of before."""
    return request.cookies.get(name_of(cookie, https=https)) or request.cookies.get(cookie, "")


class Sessions(SecureCookieSessionInterface):
    """Flask's own signed cookie, found under the name of before as well, and good although it is from the future.

    A clock of the server that was set forward and back signed it; otherwise everybody who signed in since would be
    signed out when the clock is put right.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What this browser carries; renamed when it opens a page, not while something else is on its way."""
        signing = self.get_signing_serializer(app)
        if signing is None:
            return None
        name = self.get_cookie_name(app)
        former = name != SESSION and name not in request.cookies and SESSION in request.cookies
        kept = self.session_class(_loaded(signing, request.cookies.get(SESSION if former else name, ""), app))
        if former:
            kept.modified = request.method == "GET" and request.headers.get("Sec-Fetch-Mode") == "navigate"
        return kept

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep it under its name, and let go of the one of before."""
        super().save_session(app, session, response)
        if session.modified and SESSION in request.cookies and self.get_cookie_name(app) != SESSION:
            response.delete_cookie(SESSION, httponly=True, samesite="Lax", secure=True)


def _loaded(signing: Any, value: str, app: Flask) -> dict[str, Any]:
    try:
        found, signed_at = signing.loads(value, return_timestamp=True)
    except BadSignature:
        return {}
    data: dict[str, Any] = found if now() - signed_at <= app.permanent_session_lifetime else {}
    return data
