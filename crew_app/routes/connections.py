"""Other systems: tokens with which they ask here, addresses that are told what happens."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import gettext

from crew_app.connections import samples, signing, telling, tokens, webhooks
from crew_app.connections.forms import parse_expiry, parse_name, parse_scopes, parse_topics, parse_url
from crew_app.connections.models import Webhook
from crew_app.connections.scopes import SCOPE_LABELS, TOPIC_LABELS
from crew_app.core.clock import now
from crew_app.core.db import session
from crew_app.people.models import Person
from crew_app.people.queries import site_where, sites_where
from crew_app.people.rules import Right
from crew_app.tickets.forms import optional_uuid, uuid
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only, server_trace, this_moment
from crew_app.web.languages import named
from crew_app.web.once import show_next, shown_now
from crew_app.web.people import person

blueprint = Blueprint("connections", __name__, url_prefix="/admin/connections")
SECRET = "it makes or shows a secret, which must not be kept on the phone"  # noqa: S105 - words about one
AT_ONCE = "what other systems may do must change at once"
USUAL_LIFE = timedelta(days=365)


@blueprint.get("")
@needs(Right.CONNECT)
def index() -> str:
    """Tokens and webhooks of one's sites."""
    sites = sites_where(person(), Right.CONNECT)
    ids = [site.id for site in sites]
    return render_template(
        "connections/index.html",
        sites=sites,
        tokens=tokens.listed(ids),
        webhooks=webhooks.listed(ids),
        stands=webhooks.waiting(ids),
        people=_people(ids),
        sample=samples.whoami(_host()),
        usual_end=(now() + USUAL_LIFE).date(),
        **_words(),
    )


@blueprint.get("/tokens/<uuid:token_id>")
@needs(Right.CONNECT)
def token(token_id: UUID) -> str:
    """One token; right after it was made with the token itself, once."""
    found, secret = tokens.one(person(), token_id), shown_now(f"token-{token_id}")
    return render_template(
        "connections/token.html",
        token=found,
        secret=secret,
        sample=samples.whoami(_host(), secret),
        end=(found.expires_at - timedelta(seconds=1)).astimezone(found.site.zone).date() if found.expires_at else "",
        at=now(),
        **_words(),
    )


@blueprint.post("/tokens")
@needs(Right.CONNECT)
@online_only(SECRET)
@command
def create_token() -> Done:
    """Make a token."""
    form, me = request.form, _me()
    site = site_where(me, Right.CONNECT, uuid(form, "site_id"))
    holder = session.get(Person, optional_uuid(form, "person_id") or me.id) or me
    scopes, expires_at = parse_scopes(form.getlist("scopes")), parse_expiry(form, site.zone)
    draft, secret = tokens.Draft(parse_name(form), site, holder, scopes, expires_at), tokens.new_token()
    made = tokens.make(uuid(form, "token_id"), draft, secret, by=me, trace=server_trace())
    show_next(f"token-{made.id}", secret)
    return Done(url_for("connections.token", token_id=made.id), site.id, 201)


@blueprint.post("/tokens/<uuid:token_id>")
@needs(Right.CONNECT)
@online_only(AT_ONCE)
@command
def change_token(token_id: UUID) -> Done:
    """Change its name, what it is for, its end."""
    found, form = tokens.one(person(), token_id), request.form
    scopes, expires_at = parse_scopes(form.getlist("scopes")), parse_expiry(form, found.site.zone)
    tokens.change(found, parse_name(form), scopes, expires_at, server_trace())
    return Done(url_for("connections.token", token_id=found.id), found.site_id)


@blueprint.post("/tokens/<uuid:token_id>/revocation")
@needs(Right.CONNECT)
@online_only(AT_ONCE)
@command
def revoke_token(token_id: UUID) -> Done:
    """End it at once."""
    found = tokens.one(person(), token_id)
    tokens.revoke(found, by=_me(), trace=server_trace())
    return Done(url_for("connections.index"), found.site_id)


@blueprint.get("/webhooks/<uuid:webhook_id>")
@needs(Right.CONNECT)
def webhook(webhook_id: UUID) -> str:
    """One webhook, with what was sent; right after its secret was made with the secret, once."""
    found, before = webhooks.one(person(), webhook_id), optional_uuid(request.args, "before")
    sent = webhooks.messages(found, before)
    return render_template(
        "connections/webhook.html",
        webhook=found,
        messages=sent,
        more=sent[-1].id if len(sent) == webhooks.PAGE else None,
        secret=shown_now(f"webhook-{webhook_id}"),
        sample=samples.VERIFY,
        told=" · ".join(gettext(text) for topic, text in TOPIC_LABELS.items() if topic in found.topics.split()),
        **_words(),
    )


@blueprint.post("/webhooks")
@needs(Right.CONNECT)
@online_only(SECRET)
@command
def create_webhook() -> Done:
    """Tell an address from now on."""
    me = _me()
    site = site_where(me, Right.CONNECT, uuid(request.form, "site_id"))
    made = webhooks.make(uuid(request.form, "webhook_id"), site, _draft(), by=me, trace=server_trace())
    _show_secret(made)
    return Done(url_for("connections.webhook", webhook_id=made.id), site.id, 201)


@blueprint.post("/webhooks/<uuid:webhook_id>")
@needs(Right.CONNECT)
@online_only(AT_ONCE)
@command
def change_webhook(webhook_id: UUID) -> Done:
    """Tell it otherwise, or elsewhere."""
    found = webhooks.one(person(), webhook_id)
    webhooks.change(found, _draft(), server_trace())
    return _of(found)


@blueprint.post("/webhooks/<uuid:webhook_id>/pause")
@needs(Right.CONNECT)
@online_only(AT_ONCE)
@command
def pause_webhook(webhook_id: UUID) -> Done:
    """Tell it nothing for a while."""
    found = webhooks.one(person(), webhook_id)
    webhooks.pause(found, server_trace())
    return _of(found)


@blueprint.post("/webhooks/<uuid:webhook_id>/resumption")
@needs(Right.CONNECT)
@online_only(AT_ONCE)
@command
def resume_webhook(webhook_id: UUID) -> Done:
    """Tell it again."""
    found = webhooks.one(person(), webhook_id)
    webhooks.resume(found, server_trace())
    return _of(found)


@blueprint.post("/webhooks/<uuid:webhook_id>/secrets")
@needs(Right.CONNECT)
@online_only(SECRET)
@command
def renew_secret(webhook_id: UUID) -> Done:
    """Sign with another secret from now on."""
    found = webhooks.one(person(), webhook_id)
    webhooks.renew_secret(found, server_trace())
    _show_secret(found)
    return _of(found)


@blueprint.post("/webhooks/<uuid:webhook_id>/removal")
@needs(Right.CONNECT)
@online_only(AT_ONCE)
@command
def remove_webhook(webhook_id: UUID) -> Done:
    """Never tell it again."""
    found = webhooks.one(person(), webhook_id)
    webhooks.remove(found, server_trace())
    return Done(url_for("connections.index"), found.site_id)


@blueprint.post("/webhooks/<uuid:webhook_id>/tests")
@needs(Right.CONNECT)
@online_only("whether it arrives is to be seen at once")
@command
def try_out(webhook_id: UUID) -> Done:
    """Send a test."""
    found = webhooks.one(person(), webhook_id)
    telling.tell_of_test(found, this_moment().received_at)
    return Done(url_for("connections.webhook", webhook_id=found.id), found.site_id, 201)


@blueprint.post("/messages/<uuid:message_id>/tries")
@needs(Right.CONNECT)
@online_only("only the server can send")
@command
def try_again(message_id: UUID) -> Done:
    """Send one message again."""
    found = webhooks.message(person(), message_id)
    webhooks.try_again(found, this_moment().received_at)
    return _of(found.webhook)


def _draft() -> webhooks.Draft:
    form, hosts = request.form, current_app.config["SETTINGS"].outside_hosts
    return webhooks.Draft(parse_name(form), parse_url(form), parse_topics(form.getlist("topics")), hosts)


def _show_secret(found: Webhook) -> None:
    secret = signing.secret_of(current_app.config["SETTINGS"].secret_key, found.secret)
    show_next(f"webhook-{found.id}", secret)


def _people(site_ids: list[UUID]) -> list[tuple[UUID, str]]:
    """In whose names one may make tokens, oneself first."""
    me = _me()
    found = {one.id: named(one) for site_id in site_ids for one in tokens.possible_people(me, site_id)}
    return [(me.id, named(me)), *((id_, name) for id_, name in found.items() if id_ != me.id)]


def _words() -> dict[str, object]:
    return {"scopes": SCOPE_LABELS, "topics": TOPIC_LABELS}


def _of(found: Webhook) -> Done:
    return Done(url_for("connections.webhook", webhook_id=found.id), found.site_id)


def _host() -> str:
    return str(current_app.config["SETTINGS"].public_url or request.host_url.rstrip("/"))


def _me() -> Person:
    return session.get_one(Person, person().id)
