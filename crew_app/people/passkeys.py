"""Passkeys (WebAuthn): registering, signing in. The only module that knows webauthn, which is loaded when needed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from crew_app.core.changes import Trace
from crew_app.core.db import session
from crew_app.core.errors import Refused, Unseen
from crew_app.core.words import N_
from crew_app.people.identity_models import Passkey
from crew_app.people.models import Person
from crew_app.people.tracing import say

MOST = 10
_NOT_THIS = N_("This passkey could not be checked. Please try again, or sign in another way.")


@dataclass(frozen=True, slots=True)
class House:
    """Whom a passkey is made for: the host, and the address its pages have."""

    rp_id: str
    origin: str
    name: str = ""


def of(person: Person) -> Sequence[Passkey]:
    """All passkeys of a person."""
    return session.scalars(select(Passkey).where(Passkey.person_id == person.id).order_by(Passkey.made_at)).all()


def one_of(person: Person, passkey_id: UUID) -> Passkey:
    """One of them."""
    found = session.get(Passkey, passkey_id)
    if found is None or found.person_id != person.id:
        raise Unseen("unknown-passkey", N_("This passkey is not known any more."))
    return found


def to_register(person: Person, house: House) -> tuple[str, str]:
    """What the browser needs to make one, as JSON, and the challenge in it."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=house.rp_id,
        rp_name=house.name,
        user_id=person.id.bytes,
        user_name=person.login,
        user_display_name=person.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=known.credential_id) for known in of(person)],
    )
    return _with_challenge(options_to_json(options))


def register(person: Person, answer: str, challenge: str, house: House, name: str, trace: Trace) -> Passkey:
    """Keep a new one under a name."""
    from webauthn import base64url_to_bytes, verify_registration_response
    from webauthn.helpers import parse_registration_credential_json
    from webauthn.helpers.exceptions import WebAuthnException

    if (session.scalar(select(func.count(Passkey.id)).where(Passkey.person_id == person.id)) or 0) >= MOST:
        raise Refused("passkeys-full", N_("There are %(count)s passkeys already. Remove one first."), count=MOST)
    try:
        credential = parse_registration_credential_json(answer)
        found = verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=house.rp_id,
            expected_origin=house.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise Refused("bad-passkey", _NOT_THIS) from error
    passkey = Passkey(
        person_id=person.id,
        credential_id=found.credential_id,
        public_key=found.credential_public_key,
        sign_count=found.sign_count,
        transports=",".join(str(one.value) for one in credential.response.transports or [])[:80],
        name=name.strip()[:60] or "Passkey",
        made_at=trace.at,
    )
    session.add(passkey)
    try:
        session.flush()
    except IntegrityError as error:
        raise Refused("passkey-known", N_("This passkey is known already.")) from error
    say(person, "passkey", "", passkey.name, trace)
    return passkey


def to_sign_in(house: House) -> tuple[str, str]:
    """What the browser needs to sign in with any of them, as JSON, and the challenge in it."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(rp_id=house.rp_id, user_verification=UserVerificationRequirement.REQUIRED)
    return _with_challenge(options_to_json(options))


def sign_in(answer: str, challenge: str, house: House, *, at: datetime) -> Person:
    """Whose passkey answered the challenge; it counts as both factors, since it asked for finger, face or PIN."""
    from webauthn import base64url_to_bytes, verify_authentication_response
    from webauthn.helpers import parse_authentication_credential_json
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        credential = parse_authentication_credential_json(answer)
        passkey = session.scalar(select(Passkey).where(Passkey.credential_id == credential.raw_id).with_for_update())
        if passkey is None or credential.response.user_handle not in (None, passkey.person_id.bytes):
            raise Refused("unknown-passkey", N_("This passkey is not known here. Sign in another way."))
        found = verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=house.rp_id,
            expected_origin=house.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise Refused("bad-passkey", _NOT_THIS) from error
    if not passkey.person.active:
        raise Refused("unknown-passkey", N_("This passkey is not known here. Sign in another way."))
    passkey.sign_count, passkey.used_at = found.new_sign_count, at
    session.flush()
    return passkey.person


def rename(passkey: Passkey, name: str) -> None:
    """Call it otherwise."""
    if not name.strip():
        raise Refused("words-missing", N_("Please give the passkey a name."))
    passkey.name = name.strip()[:60]
    session.flush()


def remove(passkey: Passkey, trace: Trace, site_id: UUID | None = None) -> None:
    """Nobody signs in with it any more."""
    say(passkey.person, "passkey", passkey.name, "", trace, site_id)
    session.delete(passkey)
    session.flush()


def _with_challenge(options: str) -> tuple[str, str]:
    known: dict[str, Any] = json.loads(options)
    return options, str(known["challenge"])
