"""Names of cookies. Over HTTPS with the prefix `__Host-`: no other host of the domain can plant them.

A cookie from before HTTPS, or from before the prefix, is still taken; with the next page that a person opens it gets
its new name. The browser is signed in as before, and so is its phone known.
"""

from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import BadSignature

SESSION, DEVICE = "crew", "crew_device"
PREFIX = "__Host-"


def name_of(cookie: str, *, https: bool) -> str:
    """What a cookie is called."""
    return PREFIX + cookie if https else cookie


def value_of(cookie: str, *, https: bool) -> str:
    """What this browser keeps under a name, or under the one of before."""
    return request.cookies.get(name_of(cookie, https=https)) or request.cookies.get(cookie, "")


class Sessions(SecureCookieSessionInterface):
    """Flask's own signed cookie, found under the name of before as well."""

    def open_session(self, app: Flask, request: Request) -> Any:
        """What this browser carries; renamed when it opens a page, not while something else is on its way."""
        name = self.get_cookie_name(app)
        if name == SESSION or name in request.cookies or SESSION not in request.cookies:
            return super().open_session(app, request)
        signing = self.get_signing_serializer(app)
        found = _loaded(signing, request.cookies[SESSION], app.permanent_session_lifetime.total_seconds())
        kept = self.session_class(found)
        kept.modified = request.method == "GET" and request.headers.get("Sec-Fetch-Mode") == "navigate"
        return kept

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep it under its name, and let go of the one of before."""
        super().save_session(app, session, response)
        if session.modified and SESSION in request.cookies and self.get_cookie_name(app) != SESSION:
            response.delete_cookie(SESSION, httponly=True, samesite="Lax", secure=True)


def _loaded(signing: Any, value: str, longest: float) -> dict[str, Any]:
    try:
        found: dict[str, Any] = signing.loads(value, max_age=int(longest)) if signing else {}
    except BadSignature:
        return {}
    return found
