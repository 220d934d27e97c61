"""Codes that change with time (TOTP), and the ones for when the phone is gone. The only module that knows pyotp."""

import hmac
import secrets
import unicodedata
from datetime import datetime
from uuid import UUID

import pyotp
from sqlalchemy import delete, func, select, update

from crew_app.core.changes import Trace
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.ids import secret_hash
from crew_app.core.seal import Unreadable, seal, unseal
from crew_app.core.words import N_
from crew_app.people import actions, guessing
from crew_app.people.identity_models import RecoveryCode, TimeCode
from crew_app.people.models import Person
from crew_app.people.record_models import What
from crew_app.people.records import record
from crew_app.people.tracing import say

STEP, DIGITS = 30, 6
WINDOW = 1
"""So many steps a phone's clock may be off, either way."""
SPARE = 10
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def begin(person: Person, key: str, *, at: datetime) -> str:
    """A new secret, for the authenticator; nothing asks for its codes until one was confirmed."""
    known = session.get(TimeCode, person.id)
    if known and known.confirmed_at:
        raise Refused("code-known", N_("There is an authenticator already. Remove it first."))
    secret = pyotp.random_base32()
    session.merge(
        TimeCode(person_id=person.id, sealed=seal(key, secret), made_at=at, confirmed_at=None, last_step=None)
    )
    session.flush()
    return secret


def begun(person: Person, key: str) -> str | None:
    """The secret that waits for its first code."""
    known = session.get(TimeCode, person.id)
    return _secret(known, key) if known and not known.confirmed_at else None


def address(secret: str, login: str, house: str) -> str:
    """What the QR code for an authenticator says."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP).provisioning_uri(name=login, issuer_name=house)


def confirm(person: Person, code: str, key: str, trace: Trace) -> list[str] | None:
    """Take the first code; returns the recovery codes, shown once. None when it is not right."""
    known = session.get(TimeCode, person.id)
    if known is None or known.confirmed_at or not _takes(known, code, key, trace.at):
        return None
    known.confirmed_at = trace.at
    say(person, "authenticator", "no", "yes", trace)
    return renew_spares(person, at=trace.at)


def is_right(person: Person, code: str, key: str, *, at: datetime) -> bool:
    """Whether a code is one of this person's now, or a recovery code; neither is taken twice. Guesses are counted.

    `TooMany` after several wrong ones. Within a write transaction that is committed also when the code is wrong.
    """
    counts = guessing.of_code(person)
    guessing.check(counts, at)
    known = session.get(TimeCode, person.id)
    confirmed = known is not None and known.confirmed_at is not None
    if confirmed and known and (_takes(known, code, key, at) or _spare(person, code, at)):
        guessing.forget(counts)
        return True
    record(What.REFUSED, person, how="code")
    if guessing.note(counts, person.login, at):
        record(What.HELD_UP, person, how="code")
    return False


def _takes(known: TimeCode, code: str, key: str, at: datetime) -> bool:
    secret, typed = _secret(known, key), _typed(code)
    now = int(at.timestamp()) // STEP
    for step in range(now - WINDOW, now + WINDOW + 1) if secret and len(typed) == DIGITS else ():
        right = pyotp.TOTP(secret, digits=DIGITS, interval=STEP).generate_otp(step)
        if hmac.compare_digest(right, typed) and (known.last_step is None or step > known.last_step):
            known.last_step = step
            session.flush()
            return True
    return False


def _secret(known: TimeCode, key: str) -> str:
    """Nothing when SECRET_KEY is another one by now: no code is right then."""
    try:
        return unseal(key, known.sealed)
    except Unreadable:
        return ""


def _typed(code: str) -> str:
    """As people type codes: with spaces, dashes, full-width digits."""
    plain = unicodedata.normalize("NFKC", code[:60]).lower()
    return "".join(letter for letter in plain if letter.isalnum() and letter.isascii())


def _spare(person: Person, code: str, at: datetime) -> bool:
    mine = RecoveryCode.person_id == person.id, RecoveryCode.code_hash == secret_hash(_typed(code))
    used = update(RecoveryCode).where(*mine, RecoveryCode.used_at.is_(None)).values(used_at=at)
    return session.scalar(used.returning(RecoveryCode.id)) is not None


def renew_spares(person: Person, *, at: datetime) -> list[str]:
    """New recovery codes, 80 bits each; those from before are good no more."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    codes = ["-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4)) for _ in range(SPARE)]
    hashes = [secret_hash(_typed(code)) for code in codes]
    session.add_all(RecoveryCode(person_id=person.id, code_hash=one, made_at=at) for one in hashes)
    session.flush()
    return codes


def spares_left(person_id: UUID) -> int:
    """How many recovery codes are good still."""
    left = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(left) or 0


def remove(person: Person, trace: Trace) -> None:
    """Take the authenticator away, and its recovery codes; the person's sign-ins end."""
    session.execute(delete(TimeCode).where(TimeCode.person_id == person.id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    say(person, "authenticator", "yes", "no", trace)
    actions.end_sessions(person)
