"""For administrators: chat groups that are told, and what could not be delivered."""

from uuid import UUID

from flask import Blueprint, current_app, render_template, request, url_for
from sqlalchemy import select

from crew_app.core.clock import now
from crew_app.core.db import session as database
from crew_app.core.errors import Refused, Unseen
from crew_app.core.words import N_
from crew_app.notifications import deliveries, hooks
from crew_app.notifications.actions import Message, tell
from crew_app.notifications.delivery_models import NoticeDelivery
from crew_app.notifications.forms import parse_hook
from crew_app.notifications.rules import GROUP_TOPICS, Channel, Stand, Topic
from crew_app.people.models import Person, Site
from crew_app.people.rules import Right
from crew_app.web.access import needs
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only, this_moment
from crew_app.web.languages import LANGUAGES
from crew_app.web.people import person

blueprint = Blueprint("notice_groups", __name__, url_prefix="/notices")


@blueprint.get("/groups")
@needs(Right.MANAGE_NOTICES)
def index() -> str:
    """The chat groups of one's sites."""
    here = _sites()
    return render_template(
        "notices/groups.html",
        hooks=hooks.hooks([site.id for site in here]),
        sites=here,
        topics=list(Topic),
        usual=GROUP_TOPICS,
        dead=len(deliveries.dead([site.id for site in here])),
    )


@blueprint.post("/groups")
@needs(Right.MANAGE_NOTICES)
@online_only("the address is a secret and must not be kept on the phone")
@command
def create() -> Done:
    """Tell a chat group from now on."""
    form, me = request.form, _me()
    site = next((one for one in _sites() if str(one.id) == form.get("site_id")), None)
    if site is None:
        raise Unseen("unknown-site", N_("This site does not exist, or not for you."))
    hook_id = _id(form.get("hook_id", ""))
    hooks.add(hook_id, site, parse_hook(form, LANGUAGES), _secret(), by=me, at=this_moment().at)
    return Done(url_for("notice_groups.index"), site.id, 201)


@blueprint.post("/groups/<uuid:hook_id>")
@needs(Right.MANAGE_NOTICES)
@online_only("the address is a secret and must not be kept on the phone")
@command
def change(hook_id: UUID) -> Done:
    """Tell a chat group otherwise, elsewhere, or not any more."""
    hook = hooks.hook(person(), hook_id)
    hooks.change(hook, parse_hook(request.form, LANGUAGES), _secret())
    return Done(url_for("notice_groups.index"), hook.site_id)


@blueprint.post("/groups/<uuid:hook_id>/tests")
@needs(Right.MANAGE_NOTICES)
@online_only("whether it arrives is to be seen at once")
@command
def try_out(hook_id: UUID) -> Done:
    """Send a test to a chat group."""
    hook, at = hooks.hook(person(), hook_id), this_moment()
    title = N_("This is a test: the chat group “%(name)s” is told.")
    message = Message(hook.site_id, Topic.JOB, title, {"name": hook.name}, href="/notices/groups", urgent=True)
    notice = tell([_me()], message, key=f"test {at.receipt}", at=now())[0]
    deliveries.send_to(notice, Channel.CHAT, hook.id, at.received_at)
    return Done(url_for("notice_groups.index"), hook.site_id, 201)


@blueprint.get("/undelivered")
@needs(Right.MANAGE_NOTICES)
def undelivered() -> str:
    """What could not be delivered, and why."""
    return render_template("notices/undelivered.html", dead=deliveries.dead(_site_ids()), names=_names())


@blueprint.post("/undelivered/tries")
@needs(Right.MANAGE_NOTICES)
@online_only("only the server can send")
@command
def try_all_again() -> Done:
    """Try all of it again."""
    deliveries.try_again(deliveries.dead(_site_ids()), this_moment().received_at)
    return Done(url_for("notice_groups.undelivered"))


@blueprint.post("/undelivered/<uuid:delivery_id>/tries")
@needs(Right.MANAGE_NOTICES)
@online_only("only the server can send")
@command
def try_again(delivery_id: UUID) -> Done:
    """Try one again."""
    found = database.get(NoticeDelivery, delivery_id)
    if found is None or found.site_id not in _site_ids():
        raise Unseen("unknown-delivery", N_("This does not exist, or not for you."))
    if found.stand is Stand.DEAD:
        deliveries.try_again([found], this_moment().received_at)
    return Done(url_for("notice_groups.undelivered"), found.site_id)


def _site_ids() -> frozenset[UUID]:
    return person().sites_with(Right.MANAGE_NOTICES)


def _sites() -> list[Site]:
    return list(database.scalars(select(Site).where(Site.id.in_(_site_ids())).order_by(Site.name)))


def _names() -> dict[UUID, str]:
    return {hook.id: hook.name for hook in hooks.hooks(_site_ids())}


def _secret() -> str:
    return str(current_app.config["SETTINGS"].secret_key)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Refused("bad-id", N_("This request is incomplete. Please load the page again.")) from error


def _me() -> Person:
    return database.get_one(Person, person().id)
