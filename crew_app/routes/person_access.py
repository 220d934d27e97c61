"""How somebody else gets in, for the administrator: sign-ins, linked accounts, passkeys, the second factor."""

from uuid import UUID

from flask import Blueprint, current_app, request

from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.people import actions, identities, passkeys, second_factors
from crew_app.people.identities import Account
from crew_app.people.identity_models import Provider
from crew_app.people.rules import Right
from crew_app.people.tracing import say
from crew_app.routes.people import ADMINISTRATION, change_trace, done, whole
from crew_app.tickets.forms import text
from crew_app.web import proving
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only

blueprint = Blueprint("person_access", __name__, url_prefix="/people/<uuid:person_id>")


@blueprint.post("/sign-ins/removal")
@needs(Right.MANAGE_PEOPLE)
@online_only(ADMINISTRATION)
@command
def end_sign_ins(person_id: UUID) -> Done:
    """End all sign-ins of somebody."""
    found = whole(person_id)
    say(found, "sign_ins", "yes", "no", change_trace())
    actions.end_sessions(found)
    return done(found)


@blueprint.post("/sign-ins/<uuid:sign_in_id>/removal")
@needs(Right.MANAGE_PEOPLE)
@online_only(ADMINISTRATION)
@command
def end_sign_in(person_id: UUID, sign_in_id: UUID) -> Done:
    """End one of them."""
    found = whole(person_id)
    say(found, "sign_ins", "yes", "no", change_trace())
    actions.end_one(found, sign_in_id)
    return done(found)


@blueprint.post("/tries/removal")
@needs(Right.MANAGE_PEOPLE)
@online_only(ADMINISTRATION)
@command
def unlock(person_id: UUID) -> Done:
    """Let somebody try to sign in again at once, after too many wrong tries."""
    found = whole(person_id)
    proving.unlock(found, change_trace())
    return done(found)


@blueprint.post("/links")
@needs(Right.MANAGE_PEOPLE)
@online_only(ADMINISTRATION)
@command
def link(person_id: UUID) -> Done:
    """Link an account by what its provider calls it."""
    found = whole(person_id)
    identities.link(_account(), found, change_trace())
    return done(found)


def _account() -> Account:
    provider, settings = text(request.form, "provider"), current_app.config["SETTINGS"]
    connected = {Provider.OIDC: settings.oidc, Provider.WECOM: settings.wecom}
    if provider not in set(Provider) or not connected[Provider(provider)]:
        raise Refused("bad-account", N_("Please choose where the account is."))
    issuer = settings.wecom.corp_id if provider == Provider.WECOM else settings.oidc.issuer
    subject = text(request.form, "subject")
    return Account(Provider(provider), issuer, subject, label=subject)


@blueprint.post("/links/<uuid:identity_id>/removal")
@needs(Right.MANAGE_PEOPLE)
@online_only(ADMINISTRATION)
@command
def unlink(person_id: UUID, identity_id: UUID) -> Done:
    """Take a link back; all sign-ins of the person end."""
    found = whole(person_id)
    identities.unlink(identities.one_of(found, identity_id), change_trace())
    return done(found)


@blueprint.post("/passkeys/<uuid:passkey_id>/removal")
@needs(Right.MANAGE_PEOPLE)
@online_only(ADMINISTRATION)
@command
def remove_passkey(person_id: UUID, passkey_id: UUID) -> Done:
    """Take a passkey away; all sign-ins of the person end."""
    found = whole(person_id)
    passkeys.remove(passkeys.one_of(found, passkey_id), change_trace())
    actions.end_sessions(found)
    return done(found)


@blueprint.post("/second-factor/removal")
@needs(Right.MANAGE_PEOPLE)
@online_only(ADMINISTRATION)
@command
def reset(person_id: UUID) -> Done:
    """Take authenticator, recovery codes and passkeys of somebody whose phone is gone."""
    found = whole(person_id)
    second_factors.reset(found, change_trace())
    return done(found)
