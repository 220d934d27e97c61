"""People without an account: known by a signed cookie for counting only, and by the effort they make when many come.

The effort is a puzzle that a small script solves while the person still chooses: a number whose SHA-256 together with
the challenge begins with so many zero bits. Without scripts, waiting counts as much.
"""

import hashlib
import math
import secrets
import time
from datetime import datetime
from http import HTTPStatus

from flask import Flask, Response, current_app, g, request
from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

from crew_app.core.clock import now
from crew_app.core.errors import TooMany
from crew_app.core.words import N_
from crew_app.tickets.floods import Stranger
from crew_app.web.errors import crew_error
from crew_app.web.people import person_or_none
from crew_app.web.tokens import Limiter

COOKIE = "crew_visitor"
YEAR = 365 * 86400
BITS = 14
WAIT = 20
"""Seconds that count as an effort."""
GOOD_FOR = 2 * 3600
WRONG_CODES = 60
"""Unknown codes a minute from one address, in each server process; then the next ones are put off, known ones never."""
GUESSED = ("/r/", "/t/", "/s/", "/v/", "/calendar/")
QUIET = ("/r/", "/t/", "/s/", "/v/")
"""Addresses that search engines must not keep."""


def start(app: Flask) -> None:
    """Name browsers, keep secret addresses out of search engines, and let templates set puzzles."""
    app.extensions["crew_wrong_codes"] = Limiter(WRONG_CODES)
    app.after_request(_keep_quiet)
    app.after_request(_slow_down)
    app.add_template_global(challenge)
    app.jinja_env.globals["PUZZLE_BITS"] = BITS


def welcome() -> None:
    """A stranger looks at a tag: their browser is given a name with the answer, if it has none."""
    if not _name():
        g.visitor = secrets.token_urlsafe(12)


def stranger(code: str) -> Stranger:
    """Who reports at this tag."""
    name = _name()
    device = hashlib.sha256(name.encode()).hexdigest() if name else ""
    return Stranger(device, _effort(code))


def challenge(code: str) -> str:
    """A puzzle for one report at this tag; after a refusal the one that was brought stays, for its age counts."""
    brought = request.form.get("_effort", "")
    return brought if _read(brought, code) else _puzzles().dumps([code, secrets.token_urlsafe(9)])


def solves(puzzle: str, number: str) -> bool:
    """Whether this number solves a puzzle."""
    if not number.isascii() or not number.isdecimal() or len(number) > 12:  # noqa: PLR2004
        return False
    digest = hashlib.sha256(f"{puzzle}.{number}".encode()).digest()
    return int.from_bytes(digest[:4]) >> (32 - BITS) == 0


def _effort(code: str) -> str:
    """What names the effort that came with this form; nothing when none was made."""
    puzzle = request.form.get("_effort", "")
    found = _read(puzzle, code)
    if found is None:
        return ""
    name, made_at = found
    waited = (now() - made_at).total_seconds() >= WAIT
    return name if waited or solves(puzzle, request.form.get("_proof", "")) else ""


def _read(puzzle: str, code: str) -> tuple[str, datetime] | None:
    try:
        (for_code, name), made_at = _puzzles().loads(puzzle, max_age=GOOD_FOR, return_timestamp=True)
    except (BadSignature, ValueError, TypeError):
        return None
    return (str(name)[:40], made_at) if for_code == code else None


def _puzzles() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="crew-puzzle")


def _names() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="crew-visitor")


def _name() -> str:
    try:
        return str(_names().loads(request.cookies.get(COOKIE, "")))
    except BadSignature:
        return ""


def _keep_quiet(response: Response) -> Response:
    if request.path.startswith(QUIET):
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    if "visitor" in g:
        secure = current_app.config["SETTINGS"].https or request.is_secure
        signed = str(_names().dumps(g.visitor))
        response.set_cookie(COOKIE, signed, max_age=YEAR, httponly=True, samesite="Lax", secure=secure)
    return response


def _slow_down(response: Response) -> Response:
    """Put off whoever tries code after code. Looked at only when a code was wrong: nobody waits for somebody else."""
    if response.status_code != HTTPStatus.NOT_FOUND or not request.path.startswith(GUESSED) or person_or_none():
        return response
    wrong: Limiter = current_app.extensions["crew_wrong_codes"]
    seconds = wrong.wait(request.remote_addr, time.monotonic())
    if not seconds:
        return response
    g.retry_after = math.ceil(seconds)
    words = N_("Many unknown codes were tried from here. Please wait a minute, then scan the code again.")
    instead = crew_error(TooMany("many-wrong-codes", words))
    response.status_code = instead.status_code
    response.set_data(instead.get_data())
    response.headers.update({name: instead.headers[name] for name in ("Crew-Refusal", "Retry-After")})
    return response
