"""What reaches somebody, how and when; the phones where they asked for it."""

from uuid import UUID

from flask import Blueprint, current_app, render_template, request, url_for

from crew_app.core.clock import now
from crew_app.core.db import session as database
from crew_app.core.db import write_transaction
from crew_app.core.errors import Refused
from crew_app.core.words import N_
from crew_app.notifications import deliveries, habits, push
from crew_app.notifications.actions import Message, tell
from crew_app.notifications.forms import parse_wish
from crew_app.notifications.models import Notice
from crew_app.notifications.rules import PERSONAL, Channel, Topic
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.web.access import signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only, this_moment, without_receipt
from crew_app.web.people import person
from crew_app.web.phones import own_device, this_device

blueprint = Blueprint("notice_settings", __name__, url_prefix="/notices")


@blueprint.get("/settings")
@signed_in
def show() -> str:
    """The page of settings."""
    me, device = person(), this_device()
    phones = habits.subscriptions(me)
    return render_template(
        "notices/settings.html",
        habit=habits.habit_of(me.id),
        choices=habits.choices([me.id])[me.id],
        topics=[topic for topic in Topic if topic is not Topic.AUDIT or me.can(Right.KEEP_EVIDENCE)],
        channels=[one for one in PERSONAL if one is Channel.PUSH or current_app.config["SETTINGS"].smtp_url],
        phones=len(phones),
        here=device is not None and any(one.device_id == device.id for one in phones),
        public_key=_public_key(),
    )


@blueprint.post("/settings")
@signed_in
@command
def save() -> Done:
    """Keep what one wants to be told."""
    habits.choose(_me(), parse_wish(request.form))
    return Done(url_for("notice_settings.show"))


@blueprint.post("/subscriptions")
@signed_in
@online_only("a browser gets its address for notices from a service outside")
@without_receipt("the last one counts")
def subscribe() -> tuple[str, int]:
    """Push to this phone from now on."""
    form = request.form
    if not isinstance(form.get("endpoint"), str):
        raise Refused("bad-subscription", N_("This browser gave no usable address for notices."))
    with write_transaction():
        device = own_device()
        habits.subscribe(_me(), form["endpoint"], form.to_dict(), device.id, now())
    return "", 204


@blueprint.post("/subscriptions/removal")
@signed_in
@online_only("the server must know that nothing is to be sent here any more")
@without_receipt("doing it again changes nothing")
def unsubscribe() -> tuple[str, int]:
    """Push nothing more to this phone."""
    device = this_device()
    if device:
        with write_transaction():
            habits.unsubscribe(_me(), device.id)
    return "", 204


@blueprint.post("/tests")
@signed_in
@online_only("whether a notice arrives is to be seen at once")
@command
def try_out() -> Done:
    """Send oneself a notice by every way there is."""
    me, at = _me(), this_moment()
    notice = test_notice(me, me.memberships[0].site_id, f"test {at.receipt}")
    for phone in habits.subscriptions(me):
        deliveries.send_to(notice, Channel.PUSH, phone.id, at.received_at)
    if habits.habit_of(me.id).mail:
        deliveries.send_to(notice, Channel.MAIL, me.id, at.received_at)
    return Done(url_for("notices.index"), notice.site_id, 201)


def test_notice(me: Person, site_id: UUID, key: str) -> Notice:
    """A notice that says only that it arrived."""
    message = Message(
        site_id=site_id,
        topic=Topic.JOB,
        title=N_("This is a test: notices reach you here."),
        href="/notices/settings",
        urgent=True,
    )
    return tell([me], message, key=key, at=now())[0]


def _public_key() -> str:
    found = push.keys()
    if found is None:
        with write_transaction():
            found = push.make_keys(now())
    return found.public


def _me() -> Person:
    return database.get_one(Person, person().id)
