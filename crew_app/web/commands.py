"""Every change is a command, and every command has a receipt.

The boundary of a change: who asks, under which key, when by the device, in one transaction. The same request again
gets the first answer again; the same key with other content is refused.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import UUID

from flask import Response, current_app, g, request

from crew_app.core import receipts
from crew_app.core.changes import Trace
from crew_app.core.clock import Moment, moment, now, plausible
from crew_app.core.db import write_transaction
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.web import late
from crew_app.web.access import other_person
from crew_app.web.answers import OWN_SECRET, Command, Done, from_outbox
from crew_app.web.people import person_or_none

View = TypeVar("View", bound=Callable[..., Any])


def command(view: Callable[..., Done]) -> Callable[..., Response]:
    """Make a view a command: it returns `Done`, and runs inside one write transaction with its receipt."""
    return prepared_command(lambda: None)(view)


def prepared_command(before: Callable[[], Any]) -> Callable[[Callable[..., Done]], Callable[..., Response]]:
    """A command with slow work (a picture is checked and stored) ahead of its transaction.

    What `before` returns is `prepared()` in the view.
    """

    def wrap(view: Callable[..., Done]) -> Callable[..., Response]:
        @wraps(view)
        def run(**arguments: Any) -> Response:
            asked = _read_command()
            g.command = asked
            g.prepared = before()
            return _answer(asked, _carry_out(asked, view, arguments))

        run.is_command = True  # type: ignore[attr-defined]
        run.before = before  # type: ignore[attr-defined]
        return run

    return wrap


def without_receipt(reason: str) -> Callable[[View], View]:
    """Mark an unsafe route that is no command, with the reason why it needs no receipt."""

    def mark(view: View) -> View:
        view.no_receipt_because = reason  # type: ignore[attr-defined]
        return view

    return mark


def online_only(reason: str) -> Callable[[View], View]:
    """Mark an unsafe route that is not meant to wait on a phone, with the reason; every other one works offline."""

    def mark(view: View) -> View:
        view.online_only_because = reason  # type: ignore[attr-defined]
        return view

    return mark


def this_moment() -> Moment:
    """When the command of this request happened."""
    asked: Command = g.command
    return asked.when


def server_trace() -> Trace:
    """Who changes something in this request, by the server's clock: for secrets, which no phone dates."""
    person = person_or_none()
    return Trace(person.id if person else None, this_moment().received_at)


def prepared() -> Any:
    """What the command's `before` made ready."""
    return g.prepared


def own_secret() -> str:
    """192 bits that belong to this command and stand in no table: the same when it is repeated."""
    asked: Command = g.command
    key = str(current_app.secret_key).encode()
    return urlsafe_b64encode(hmac.digest(key, b"secret link" + asked.key.bytes, hashlib.sha256)[:24]).decode()


def is_repeated() -> bool:
    """Whether this command was carried out before, so that it only hears its answer again."""
    asked: Command = g.command
    return receipts.known(asked.key)


def once(asked: Command, act: Callable[[], Done]) -> tuple[Done, bool]:
    """Carry a command out in a transaction of its own, with its receipt; or its first answer, and that it is that."""
    with write_transaction():
        receipt = receipts.find(asked.key, asked.fingerprint, asked.person_id)
        if receipt:
            return Done(receipt.location, status=receipt.status), True
        done = act()
        answer = (int(done.status), done.location)
        receipts.keep(asked.key, asked.fingerprint, asked.person_id, answer, asked.when, done.site_id)
    return done, False


def _carry_out(asked: Command, view: Callable[..., Done], arguments: dict[str, Any]) -> Done:
    done, repeated = once(asked, lambda: late.carry_out(asked, view, arguments))
    if repeated:
        late.say_again(asked, done.status)
    return done


def _answer(asked: Command, done: Done) -> Response:
    response = Response(status=done.status, mimetype="text/plain")
    done = replace(done, location=done.location.replace(OWN_SECRET, own_secret()))
    if from_outbox():
        response.headers["Crew-Location"] = done.location
    else:
        response.status_code = HTTPStatus.SEE_OTHER
        response.headers["Location"] = done.location
    response.headers["Crew-Receipt"] = str(asked.key)
    if "held" in g:
        response.headers["Crew-Held"] = g.held
    return response


def _read_command() -> Command:
    _check_person()
    received = now()
    key = _key()
    made, sent = _device_time("Crew-Made-At", "_made_at"), _device_time("Crew-Sent-At", "_sent_at")
    when = moment(received, made, sent)
    person = person_or_none()
    suspect = when.suspect or (made is None and _told("Crew-Made-At", "_made_at") != "")
    found = replace(when, suspect=suspect, receipt=key)
    return Command(key, person.id if person else None, _fingerprint(), found)


def _check_person() -> None:
    """What was written by one person is never carried out as another."""
    claimed = request.headers.get("Crew-Person") or request.form.get("_person", "")
    person = person_or_none()
    if claimed != (str(person.id) if person else ""):
        raise other_person()


def _key() -> UUID:
    try:
        return UUID(request.headers.get("Crew-Key") or request.form.get("_key", ""))
    except ValueError as error:
        raise Refused("key-missing", N_("This request is incomplete. Please load the page again.")) from error


def _device_time(header: str, field: str) -> datetime | None:
    """What the device's clock said; nothing when that is no time of this century."""
    try:
        return plausible(datetime.fromisoformat(_told(header, field)))
    except ValueError:
        return None


def _told(header: str, field: str) -> str:
    return request.headers.get(header) or request.form.get(field, "")


def _fingerprint() -> str:
    fields = [(name, value) for name, value in request.form.items(multi=True) if not _kept_out(name)]
    files = [(name, _digest(file)) for name, file in request.files.items(multi=True) if file.filename]
    is_form = bool(request.form) or bool(request.files)
    body = b"" if is_form else request.get_data(cache=True)
    return receipts.fingerprint(request.method, request.path, [*fields, *files], body)


def _kept_out(name: str) -> bool:
    """The protocol's own fields, passwords and PINs: a fingerprint would let one guess them from a stolen database."""
    return name.startswith("_") or name in ("password", "pin")


def _digest(file: Any) -> str:
    data = file.stream.read()
    file.stream.seek(0)
    return receipts.fingerprint("", "", (), data)
