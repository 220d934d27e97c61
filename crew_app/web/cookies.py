"""The session cookie, which outlives a clock of the server that was set back."""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature

from crew_app.core.clock import now


class PatientSessions(SecureCookieSessionInterface):
    """As Flask's own, but a cookie from the future is good: it was the clock that was wrong when it was signed.

    Otherwise everybody who signed in since would be signed out when the clock is put right.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie says, if it is ours and not too old."""
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            return None
        try:
            cookie = request.cookies.get(self.get_cookie_name(app), "")
            data, signed_at = serializer.loads(cookie, return_timestamp=True)
        except BadSignature:
            return self.session_class()
        fresh = now() - signed_at <= app.permanent_session_lifetime
        return self.session_class(data) if fresh else self.session_class()
