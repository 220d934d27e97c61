"""One's own ways of signing in: linked accounts, an authenticator, passkeys, and where one is signed in."""

from uuid import UUID

from flask import Blueprint, Response, current_app, render_template, request, session, url_for

from crew_app.core.clock import now
from crew_app.core.db import session as database
from crew_app.core.db import write_transaction
from crew_app.core.errors import Forbidden, Refused
from crew_app.core.words import N_
from crew_app.people import actions, identities, passkeys, second_factors, time_codes
from crew_app.people.models import Person
from crew_app.routes.second_steps import CHALLENGE, Answer, confirmed, secret_page
from crew_app.tickets.forms import text
from crew_app.web import entrance, own_links, people, sign_ins
from crew_app.web.access import signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only, server_trace, without_receipt
from crew_app.web.houses import passkey_house, passkeys_possible
from crew_app.web.languages import translate

blueprint = Blueprint("own_account", __name__, url_prefix="/account")
ONLINE = "ways of signing in are changed on the server"


@blueprint.get("")
@signed_in
def show() -> str:
    """How one signs in."""
    me, settings = people.person(), current_app.config["SETTINGS"]
    return render_template(
        "account/show.html",
        fresh=people.is_fresh(),
        oidc=settings.oidc,
        wecom=settings.wecom,
        links=identities.of(me),
        factors=second_factors.factors_of(me),
        wanted=second_factors.is_wanted(me),
        spares=time_codes.spares_left(me.id),
        keys=passkeys.of(me),
        possible=passkeys_possible(),
        sign_ins=sign_ins.of(me),
        here=people.token_hash(),
    )


@blueprint.get("/links/new")
@signed_in
def new_link() -> str:
    """Which account came back, before it is linked."""
    return render_template("account/link.html", account=own_links.offered(), fresh=people.is_fresh())


@blueprint.post("/links")
@signed_in
@online_only(ONLINE)
@command
def link() -> Done:
    """Link the account that came back."""
    identities.link(own_links.offered(), _me(), server_trace())
    own_links.forget()
    return _done()


@blueprint.post("/links/<uuid:identity_id>/removal")
@signed_in
@online_only(ONLINE)
@command
def unlink(identity_id: UUID) -> Done:
    """Take a link back; the other sign-ins end, and so does this one."""
    me = _me()
    identities.unlink(identities.one_of(me, identity_id), server_trace())
    return _still_here(me)


@blueprint.post("/sign-ins/<uuid:sign_in_id>/removal")
@signed_in
@online_only(ONLINE)
@command
def end_sign_in(sign_in_id: UUID) -> Done:
    """End a sign-in of one's own somewhere else."""
    actions.end_one(people.person(), sign_in_id)
    return _done()


@blueprint.post("/sign-ins/removal")
@signed_in
@online_only(ONLINE)
@command
def end_other_sign_ins() -> Done:
    """End all one's sign-ins; this one begins anew."""
    me = _me()
    actions.end_sessions(me)
    return _still_here(me)


@blueprint.post("/authenticator")
@signed_in
@online_only(ONLINE)
@without_receipt("the secret in the answer must be kept nowhere")
def begin_codes() -> Answer:
    """Show the secret for an authenticator."""
    with write_transaction():
        me = _me()
        secret = time_codes.begin(me, entrance.secret_key(), at=now())
    return secret_page(people.person(), secret, "", own=True)


@blueprint.post("/authenticator/confirmation")
@signed_in
@online_only(ONLINE)
@without_receipt("the recovery codes in the answer must be kept nowhere")
def confirm_codes() -> Answer:
    """Take the first code; the sign-in is made anew, the others end."""
    with write_transaction():
        me = _me()
        spares = confirmed(me, text(request.form, "code"))
        secret = None if spares else time_codes.begun(me, entrance.secret_key())
        if spares:
            actions.end_sessions(me)
            entrance.complete(me, session.get("how", people.BY_PASSWORD), "")
    if spares:
        return render_template("session/recovery_codes.html", codes=spares, next=url_for("own_account.show"))
    words = translate(N_("This code is not right. Is the clock of your phone right?"))
    return secret_page(people.person(), secret or "", words, own=True), 422


@blueprint.post("/authenticator/removal")
@signed_in
@online_only(ONLINE)
@command
def remove_codes() -> Done:
    """Do without an authenticator; where a role needs one, it is set up again at the next sign-in."""
    me = _me()
    time_codes.remove(me, server_trace())
    return _still_here(me)


@blueprint.post("/recovery-codes")
@signed_in
@online_only(ONLINE)
@without_receipt("the recovery codes in the answer must be kept nowhere")
def renew_spares() -> Answer:
    """New recovery codes; the ones from before are good no more."""
    with write_transaction():
        me = _me()
        if not second_factors.factors_of(me).code:
            raise Refused("no-code", N_("There is no authenticator yet."))
        spares = time_codes.renew_spares(me, at=now())
    return render_template("session/recovery_codes.html", codes=spares, next=url_for("own_account.show"))


@blueprint.post("/passkey-options")
@signed_in
@online_only(ONLINE)
@without_receipt("a challenge is good once")
def passkey_options() -> Response:
    """What a browser needs to make a passkey."""
    _check_fresh()
    options, session[CHALLENGE] = passkeys.to_register(people.person(), passkey_house())
    return Response(options, mimetype="application/json")


@blueprint.post("/passkeys")
@signed_in
@online_only(ONLINE)
@command
def add_passkey() -> Done:
    """Keep a passkey that the browser has made."""
    challenge, form = str(session.pop(CHALLENGE, "")), request.form
    passkeys.register(_me(), form.get("answer", ""), challenge, passkey_house(), text(form, "name"), server_trace())
    return _done()


@blueprint.post("/passkeys/<uuid:passkey_id>/name")
@signed_in
@online_only(ONLINE)
@command
def rename_passkey(passkey_id: UUID) -> Done:
    """Call a passkey otherwise."""
    passkeys.rename(passkeys.one_of(_me(), passkey_id), text(request.form, "name"))
    return _done()


@blueprint.post("/passkeys/<uuid:passkey_id>/removal")
@signed_in
@online_only(ONLINE)
@command
def remove_passkey(passkey_id: UUID) -> Done:
    """Do without a passkey."""
    passkeys.remove(passkeys.one_of(_me(), passkey_id), server_trace())
    return _done()


def _me() -> Person:
    """Oneself, after having proved it just now. Within a write transaction."""
    _check_fresh()
    return database.get_one(Person, people.person().id)


def _check_fresh() -> None:
    if not people.is_fresh():
        words = N_("Nothing was changed. Show once more that it is you: open “Ways to sign in” again.")
        raise Forbidden("prove-again", words)


def _still_here(me: Person) -> Done:
    """All sign-ins have ended; this one begins anew."""
    entrance.complete(me, session.get("how", people.BY_PASSWORD), "")
    return _done()


def _done() -> Done:
    return Done(url_for("own_account.show"))
