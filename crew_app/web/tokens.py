"""Who asks by the API: known by a token in the header alone. No cookie counts there, and none is made."""

import time
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from flask import current_app, g, request

from crew_app.connections import tokens
from crew_app.connections.scopes import Scope
from crew_app.connections.tokens import Bearer
from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.core.errors import Forbidden, TooMany
from crew_app.core.words import N_
from crew_app.people.rules import Right
from crew_app.web.people import SignedIn
from crew_app.web.problems import API, NoToken

SCHEME = "bearer "
PAGE = "/api/v1/docs"
LONGEST = 200
REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class TokenRule:
    """Who may use a route of the API: tokens for this, whose person has this right at the token's site."""

    scope: Scope | None
    right: Right | None


class Limiter:
    """So many requests a minute for each key, in this process; what was not used is saved up for a minute."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._left: dict[Hashable, tuple[float, float]] = {}
        self._lock = Lock()

    def wait(self, key: Hashable, at: float) -> float:
        """Seconds until the next request of this key is in order: 0 when it is now, and then it counts."""
        with self._lock:
            left, last = self._left.get(key, (float(self.per_minute), at))
            left = min(self.per_minute, left + (at - last) * self.per_minute / 60)
            if left < 1:
                return (1 - left) * 60 / self.per_minute
            if len(self._left) > REMEMBERED:
                self._left.clear()
            self._left[key] = (left - 1, at)
            return 0.0


class Cookieless:
    """WSGI middleware: takes cookies off requests to the API before anybody can look at them.

    Its one page for people keeps them: it shows nothing of anybody, and has a language and colours.
    """

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        path = environ.get("PATH_INFO", "")
        if path.startswith(API) and path != PAGE:
            environ.pop("HTTP_COOKIE", None)
        answer: Iterable[bytes] = self.inner(environ, start_response)
        return answer


def bearer() -> Bearer:
    """Who asks; only for routes whose rule made sure of it."""
    found: Bearer = g.bearer
    return found


def allow(rule: TokenRule | None) -> None:
    """Let in whoever has a token that this rule names; a route without a rule answers nobody."""
    found = _recognised()
    if rule is None:
        raise NoToken("no-token", N_("This address answers nobody."))
    _keep_pace(found)
    _note(found)
    g.bearer, g._login_user = found, SignedIn(found.person, "")  # noqa: SLF001 - where Flask-Login keeps its answer
    if rule.scope and rule.scope not in found.scopes:
        raise Forbidden("scope-missing", N_("This token is not for that: it needs %(scope)s."), scope=rule.scope)
    if rule.right and not found.person.can(rule.right, found.site_id):
        raise Forbidden("may-not", N_("The person of this token may not do this here."))


def _recognised() -> Bearer:
    told = request.headers.get("Authorization", "")
    secret = told[len(SCHEME) :].strip() if told.lower().startswith(SCHEME) and len(told) < LONGEST else ""
    found = tokens.recognise(secret, now()) if secret else None
    if found is None:
        words = N_("This needs a token that holds, in the header Authorization: Bearer …")
        raise NoToken("no-token", words)
    return found


def _keep_pace(found: Bearer) -> None:
    limiter: Limiter = current_app.extensions["crew_api_limiter"]
    seconds = limiter.wait(found.token_id, time.monotonic())
    if seconds:
        g.retry_after = max(1, round(seconds + 0.5))
        raise TooMany("too-many", N_("This token asks too often. Please wait as long as Retry-After says."))


def _note(found: Bearer) -> None:
    """At most once a minute; the transaction that recognised the token ends here."""
    if tokens.is_to_be_noted(found, now()):
        with write_transaction():
            tokens.note_use(found.token_id, now())
    else:
        session.rollback()
