"""Counts of days say what the rows say: after any events, late ones, reopened, cancelled; and can be made anew."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from crew_app.core.clock import Moment, server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.errors import Refused
from crew_app.core.ids import id_of, new_id
from crew_app.reports import day_figures, tally
from crew_app.tickets import actions, followers, hearing, materials, queries, urgency
from crew_app.tickets.models import Ticket
from crew_app.tickets.rules import HoldReason, Priority, State
from tests.support.counting import one, sql
from tests.support.tickets import bring_to

ZONE = ZoneInfo("Asia/Shanghai")
STATES = ["open", "accepted", "on_hold", "finished", "verified", "cancelled"]
VERBS = ["accept", "hold", "resume", "finish", "send_back", "not_fixed", "cancel", "kind", "catch_up"]
OPENED = st.tuples(st.sampled_from(STATES), st.integers(0, 45), st.sampled_from(["lamp", "drain"]))
STEPS = st.lists(
    st.one_of(OPENED, st.tuples(st.sampled_from(VERBS), st.integers(0, 30), st.integers(1, 50))), max_size=14
)
SHORT = settings(max_examples=12)


@SHORT
@given(steps=STEPS)
def test_they_equal_a_direct_count_after_any_events(app, world, steps):
    with app.app_context():
        for step in steps:
            _take(world, step)
        day_figures.catch_up(_now())
    assert _kept(app, world) == _direct(app, world)
    assert _months(app) == _summed(app)


@SHORT
@given(steps=STEPS)
def test_made_anew_they_are_the_same(app, world, steps):
    with app.app_context():
        for step in steps:
            _take(world, step)
        day_figures.catch_up(_now())
        before = _kept(app, world)
        day_figures.recount(world.sites["north"], _now())
    assert _kept(app, world) == before


def _take(world, step):
    """Open a job some days ago, or do something with one (late by so many hours), or let the worker count."""
    if isinstance(step[2], str):
        state, days, kind = step
        with write_transaction():
            bring_to(world, State(state), at=_now() - timedelta(days=days, hours=1), job_kind=kind)
        return
    verb, which, hours = step
    if verb == "catch_up":
        day_figures.catch_up(_now())
        return
    try:
        with write_transaction():
            ids = list(session.query(Ticket.id).order_by(Ticket.id))
            if ids:
                _do(world, verb, session.get_one(Ticket, ids[which % len(ids)][0]), _late(hours))
    except Refused:
        pass


def _do(world, verb, ticket, at):
    technician, supervisor = world.person("technician"), world.person("supervisor")
    match verb:
        case "accept":
            actions.accept(ticket, by=technician, at=at)
        case "hold":
            actions.hold(ticket, HoldReason.MATERIAL, "缺灯管", by=technician, at=at)
        case "resume":
            actions.resume(ticket, by=technician, at=at)
        case "finish":
            actions.finish(ticket, by=technician, at=at)
        case "send_back":
            actions.send_back(ticket, "未修好", by=supervisor, at=at)
        case "not_fixed":
            voice = followers.voice_of(world.person("requester"), ticket)
            assert voice
            hearing.not_fixed(voice, "还在漏", at=at)
        case "cancel":
            actions.cancel(ticket, "误报", by=supervisor, at=at)
        case "kind":
            other = queries.job_kind("drain" if ticket.job_kind.code == "lamp" else "lamp")
            assert other
            urgency.change(ticket, urgency.Asked(Priority.NORMAL, other), by=supervisor, at=at)


def _now():
    return datetime.now(UTC)


def _late(hours):
    """Recorded on a phone so many hours ago, heard of now."""
    at = _now()
    return Moment(at=at - timedelta(hours=hours), received_at=at)


def _kept(app, world):
    """What is kept: {(day, measure, kind code or ""): amount}, of the dimensions that the direct count knows."""
    rows = sql(
        app,
        "SELECT day, measure, dimension, COALESCE(code, ''), amount FROM day_figures "
        "LEFT JOIN job_kinds ON REPLACE(member, '-', '') = REPLACE(job_kinds.id, '-', '') "
        "WHERE dimension IN ('', 'kind') AND measure <> 'cost'",
    )
    return {(str(day), measure, code): amount for day, measure, _, code, amount in rows}


def _direct(app, world):
    """The same from the rows, in the words of the definitions, sharing nothing with the application."""
    rows = sql(
        app,
        "SELECT t.id, k.code, t.state, t.opened_at, t.accepted_at, t.response_due_at, t.finished_at, "
        "t.resolution_due_at, t.paused_seconds, t.hold_since, t.sent_back_count, t.place_id, "
        "(SELECT COUNT(*) FROM ticket_events e WHERE e.ticket_id = t.id AND e.hold_reason = 'material') "
        "FROM tickets t JOIN job_kinds k ON k.id = t.job_kind_id WHERE t.state <> 'cancelled'",
    )
    found: Counter[tuple[object, ...]] = Counter()
    today = _now().astimezone(ZONE).date()
    for row in rows:
        day = _time(row[3]).astimezone(ZONE).date()
        if day < today:
            for measure in _true(row, rows):
                found[str(day), measure, ""] += 1
                found[str(day), measure, str(row[1])] += 1
    return dict(found)


def _true(row, rows):
    _, _, state, opened, accepted, answer_due, finished, due, paused, held, back, _, material = row
    opened, finished = _time(opened), _time(finished)
    is_done, waited = state in ("finished", "verified"), paused > 0 or held is not None
    yield "reported"
    if is_done:
        yield "done"
        if finished <= _time(due):
            yield "on_time"
    if accepted:
        yield "accepted"
    if accepted and _time(accepted) <= _time(answer_due):
        yield "answered"
    if back:
        yield "sent_back"
    if material and waited:
        yield "material"
    if any(_came_before(other, row) for other in rows):
        yield "repeat"


def _came_before(first, again):
    if first[0] == again[0] or first[1] != again[1] or first[11] != again[11]:
        return False
    if first[2] not in ("finished", "verified") or _time(first[3]) >= _time(again[3]):
        return False
    return timedelta(0) <= _time(again[3]) - _time(first[6]) <= timedelta(days=30)


def _time(value):
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if value else None


def _months(app):
    rows = sql(
        app,
        "SELECT SUBSTR(day, 1, 7), measure, SUBSTR(dimension, 3), member, amount "
        "FROM day_figures WHERE dimension LIKE 'm:%'",
    )
    return {row[:-1]: row[-1] for row in rows}


def _summed(app):
    rows = sql(
        app,
        "SELECT SUBSTR(day, 1, 7), measure, dimension, member, SUM(amount) "
        "FROM day_figures WHERE dimension NOT LIKE 'm:%' GROUP BY 1, 2, 3, 4",
    )
    return {row[:-1]: row[-1] for row in rows}


def test_a_late_finish_changes_the_day_on_which_the_job_was_opened(app, world):
    with app.app_context():
        with write_transaction():
            ticket_id = bring_to(world, State.ACCEPTED, at=_now() - timedelta(days=3)).id
        day_figures.catch_up(_now())
        assert ("done", "") not in {key[1:] for key in _kept(app, world)}
        with write_transaction():
            ticket = session.get_one(Ticket, ticket_id)
            actions.finish(ticket, by=world.person("technician"), at=_late(50))
        day_figures.catch_up(_now())
    assert {(key[1:], amount) for key, amount in _kept(app, world).items()} >= {(("done", ""), 1)}
    assert _kept(app, world) == _direct(app, world)


def test_sabotage_without_looking_for_what_changed_it_stays_wrong(app, world, monkeypatch):
    monkeypatch.setattr(day_figures, "touched_days", lambda _site, _since: set())
    with app.app_context():
        with write_transaction():
            ticket_id = bring_to(world, State.ACCEPTED, at=_now() - timedelta(days=9)).id
        day_figures.catch_up(_now())
        with write_transaction():
            actions.finish(session.get_one(Ticket, ticket_id), by=world.person("technician"), at=_late(2))
        day_figures.catch_up(_now())
    assert _kept(app, world) != _direct(app, world)


def test_cost_is_counted_on_the_day_of_the_books_and_by_the_kind_that_the_job_is_now(app, world):
    with app.app_context():
        with write_transaction():
            ticket = bring_to(world, State.ACCEPTED, at=_now() - timedelta(days=2))
            bag, tube = world.account("bag"), world.item("tube")
            materials.log_material(
                ticket, tube, Decimal(2), bag, new_id(), by=world.person("technician"), at=server_moment(_now())
            )
        tomorrow = _now() + timedelta(days=1)
        day_figures.catch_up(tomorrow)
    kept = "SELECT SUM(amount) FROM day_figures WHERE measure = 'cost' AND dimension = :d"
    assert [one(app, kept, d=name) for name in ("", "kind", "item", "place")] == [250_000] * 4


def test_another_site_is_not_counted(app, world):
    with app.app_context():
        with write_transaction():
            bring_to(world, State.OPEN, at=_now() - timedelta(days=3))
        day_figures.catch_up(_now())
    rows = sql(
        app, "SELECT DISTINCT s.code FROM day_figures f JOIN sites s ON s.id = f.site_id WHERE measure <> 'cost'"
    )
    assert rows == [("north",)]


def test_on_both_databases(any_app, any_world):
    with any_app.app_context():
        with write_transaction():
            for days in (1, 2, 40):
                bring_to(any_world, State.VERIFIED, at=_now() - timedelta(days=days))
        assert day_figures.catch_up(_now()) >= 40
        assert day_figures.catch_up(_now()) <= 45
    assert one(any_app, "SELECT SUM(amount) FROM day_figures WHERE measure='done' AND dimension=''") == 3
    assert one(any_app, "SELECT SUM(amount) FROM day_figures WHERE measure='done' AND dimension='m:'") == 3


@given(st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1)))  # noqa: DTZ001 - hypothesis adds the zone
def test_ids_made_later_are_above_the_lowest_of_a_moment(at):
    moment = at.replace(tzinfo=UTC)
    assert id_of(moment) <= id_of(moment + timedelta(milliseconds=1))
    assert id_of(_now() - timedelta(seconds=1)) < new_id() < id_of(_now() + timedelta(seconds=1))


def test_a_job_counts_in_every_dimension_it_has():
    job = tally.Job(_now(), new_id(), new_id(), new_id(), new_id(), ("done",), respond=30, repair=3600)
    counts = tally.by_day([job], ZONE)[_now().astimezone(ZONE).date()]
    dimensions = {key.dimension for key in counts if key.measure == "done"}
    assert dimensions == {"", "kind", "place", "asset", "person"}
    assert max(len(key.member) for key in counts) <= 40
