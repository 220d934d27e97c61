"""Changes by the API: the same receipts, transactions and seals as changes by a page."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from flask import Response, g, request

from crew_app.api import answers, reading
from crew_app.core import receipts
from crew_app.core.clock import now, server_moment
from crew_app.core.words import N_
from crew_app.web.answers import Command, Done
from crew_app.web.commands import once
from crew_app.web.problems import Malformed, Trouble
from crew_app.web.tokens import bearer

KEY = "Idempotency-Key"


def carry_out(act: Callable[[], Done]) -> Response:
    """Carry a command out once; the same again gets the first answer again."""
    key = _key()
    at = replace(server_moment(now()), receipt=key)
    asked = Command(key, bearer().person.id, _fingerprint(), at)
    g.command = asked
    done, repeated = once(asked, act)
    response = answers.json_of({"href": done.location}, int(done.status))
    response.headers["Location"] = done.location
    if repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def _fingerprint() -> str:
    return receipts.fingerprint(request.method, request.path, (), reading.canonical())


def _key() -> UUID:
    told = request.headers.get(KEY, "")
    try:
        found = UUID(told)
    except ValueError as error:
        words = N_("Every change needs the header Idempotency-Key with a fresh UUID.")
        raise Malformed("key-missing", words, [Trouble("header", KEY, "must be a UUID")]) from error
    return found
