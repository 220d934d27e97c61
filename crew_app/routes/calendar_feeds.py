"""Calendars: rounds and deadlines for one's own calendar."""

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask_babel import force_locale, gettext

from crew_app.connections import calendars, feeds, ical
from crew_app.connections.calendars import Entry
from crew_app.connections.feeds import FeedScope
from crew_app.connections.models import CalendarFeed
from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.core.errors import Refused
from crew_app.core.ids import new_secret
from crew_app.core.words import N_
from crew_app.people.models import Person
from crew_app.people.rules import Right
from crew_app.web.access import public, signed_in
from crew_app.web.answers import Done
from crew_app.web.commands import command, online_only, this_moment
from crew_app.web.languages import in_chinese
from crew_app.web.once import show_next, shown_now
from crew_app.web.people import person

blueprint = Blueprint("calendar_feeds", __name__, url_prefix="/calendar")
CHINESE = "zh_Hans_CN"
LONGEST_SECRET = 64


@blueprint.get("")
@signed_in
def index() -> str:
    """The address of one's calendar: whether there is one, and a new one, once."""
    me, secret = person(), shown_now("calendar")
    return render_template(
        "calendars/index.html",
        feed=feeds.feed_of(me),
        address=_address(secret) if secret else "",
        wide=me.can(Right.VERIFY) or me.can(Right.WATCH_ROUNDS),
        at=now(),
    )


@blueprint.post("/feed")
@signed_in
@online_only("it makes a secret address, which must not be kept on the phone")
@command
def make() -> Done:
    """Make an address, or a new one in place of the old."""
    try:
        scope = FeedScope(request.form.get("scope", "mine"))
    except ValueError as error:
        raise Refused("bad-scope", N_("Please choose what the calendar shows.")) from error
    secret = new_secret()
    feeds.make(_me(), scope, secret, this_moment().received_at)
    show_next("calendar", secret)
    return Done(url_for("calendar_feeds.index"), status=201)


@blueprint.post("/feed/revocation")
@signed_in
@online_only("calendars must get nothing more at once")
@command
def revoke() -> Done:
    """End the address."""
    feeds.revoke(_me(), this_moment().received_at)
    return Done(url_for("calendar_feeds.index"))


@blueprint.get("/<secret>.ics")
@public
def show(secret: str) -> Response:
    """The calendar itself, for whoever has its address."""
    feed = feeds.recognise(secret[:LONGEST_SECRET])
    at = now()
    with force_locale(feed.person.locale or CHINESE):
        text = _written(feed)
    response = Response(text, mimetype="text/calendar", headers={"Cache-Control": "private, max-age=300"})
    response.headers["Content-Disposition"] = 'inline; filename="crew.ics"'
    response.add_etag()
    if feeds.is_to_be_noted(feed, at):
        feed_id = feed.id
        with write_transaction():
            session.get_one(CalendarFeed, feed_id).used_at = at
    response.make_conditional(request.environ)
    return response


def _written(feed: CalendarFeed) -> bytes:
    found = calendars.entries(feed.person, FeedScope(feed.scope), now())
    zone: ZoneInfo = feed.person.memberships[0].site.zone
    return ical.write(gettext("Hospital crew"), zone, [_line(entry) for entry in found])


def _line(entry: Entry) -> ical.Line:
    language = "zh" if in_chinese() else "en"
    words = {name: both[language] for name, both in entry.words.items()}
    url = _base() + entry.href if entry.href else ""
    host = _base().partition("://")[2]
    where = entry.where.get(language, "")
    text = gettext(entry.title) % words
    return ical.Line(f"{entry.uid}@{host}", text, entry.starts, entry.ends, entry.stamp, url, where)


def _address(secret: str) -> str:
    return _base() + url_for("calendar_feeds.show", secret=secret)


def _base() -> str:
    return str(current_app.config["SETTINGS"].public_url or request.host_url.rstrip("/"))


def _me() -> Person:
    return session.get_one(Person, person().id)
