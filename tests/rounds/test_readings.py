"""Readings as people see them: the list, a series, what was used; all of it filled by visits alone."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import insert

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.people.models import Site
from crew_app.people.rules import Trade
from crew_app.rounds import meter_use, series, visits
from crew_app.rounds.answers import parse
from crew_app.rounds.models import Answer, RoundTemplate, RunStop
from crew_app.rounds.series_models import ReadingSeries
from crew_app.rounds.visits import Seen
from tests.support.client import UNKNOWN_ID, accepted, unseen
from tests.support.lint import SVG
from tests.support.rounds import document, make_run


def meters(**changes):
    """A template that reads one meter in the room."""
    check = {"key": "kwh", "kind": "meter", "label": {"zh": "电表读数", "en": "Power meter"}, "unit": "kWh", **changes}
    stop = {"key": "room", "title": {"zh": "机房", "en": "Room"}, "where": {"place": "north-B1-701"}, "checks": [check]}
    return document(code="meters", category="meters", name={"zh": "抄表", "en": "Meters"}, stops=[stop])


def read(app, world, stop_id, key, number, at):
    """Somebody read a number at a moment in the past."""
    with app.app_context(), write_transaction():
        stop = session.get_one(RunStop, stop_id)
        given = parse(stop.plan, {f"c-{key}": str(number), f"sure-{key}": "1", f"n-{key}": "-"}, {})
        seen = Seen(new_id(), given, reason="补录")
        visits.check_in(stop, seen, by=world.person("technician"), at=server_moment(at))


@pytest.fixture
def pump(app, world, sign_in):
    """A pump with readings every hour, one of them wild and one outside the limits."""
    ids, now = make_run(app, world), datetime.now(UTC)
    for hour in range(30, 0, -1):
        number = "0.79" if hour == 2 else "0.5"
        read(app, world, ids["pump"], "pressure", number, now - timedelta(hours=hour))
    send = {"visit_id": str(new_id()), "c-pressure": "0.95", "sure-pressure": "1", "n-pressure": "-"}
    accepted(sign_in("technician").send(f"/rounds/stops/{ids['pump']}/visits", send), 201)
    return path_of(app, "pressure")


def path_of(app, key):
    with app.app_context():
        return f"/rounds/readings/{session.query(ReadingSeries).filter_by(check_key=key).one().id}"


def test_what_lies_outside_the_limits_stands_first(app, pump, sign_in):
    page = sign_in("supervisor").page("/rounds/readings")
    assert page.text.index("近七天超限") < page.text.index("水泵巡查")
    assert "0.95 MPa" in page.text
    assert "增压泵" in sign_in("supervisor").page("/rounds/readings?q=增压 压力").text
    assert "增压泵" not in sign_in("supervisor").page("/rounds/readings?q=没有这个").text


def test_an_alarm_is_heard_by_who_watches_and_until_the_next_value_is_right(app, world, pump, sign_in):
    boss, worker = sign_in("supervisor"), sign_in("technician")
    for path in ("/", "/rounds"):
        assert "读数超限" in boss.page(path).text
        assert "0.95 MPa" in boss.page(path).text
        assert "读数超限" not in worker.page(path).text, "a round of no trade"
    assert "0.95 MPa" not in sign_in("southerner").page("/rounds").text
    with app.app_context(), write_transaction():
        session.query(RoundTemplate).one().trade = Trade.ELECTRICAL
    assert "读数超限" in worker.page("/").text
    with app.app_context():
        stop = session.query(RunStop).filter_by(key="pump").one().id
    read(app, world, stop, "pressure", "0.6", datetime.now(UTC))
    assert "读数超限" not in boss.page("/").text


def test_a_series_shows_chart_figures_and_who(app, pump, sign_in):
    client = sign_in("technician")
    page = client.page(f"{pump}?view=week")
    marks = [dot.get("data-mark") for dot in page.all(f"{SVG}circle")]
    assert (len(marks), marks.count("odd"), marks.count("beyond")) == (31, 1, 1)
    assert "员工technician" in page.text
    for view in ("day", "month", "year", "nonsense"):
        assert client.get(f"{pump}?view={view}").status_code == 200
    assert client.get(f"{pump}?view=day&day=2020-01-01").status_code == 200
    assert client.get(f"{pump}/list.xlsx?view=year").mimetype.endswith("sheet")


def test_what_arrives_late_does_not_become_the_newest(app, world, sign_in):
    ids, now = make_run(app, world), datetime.now(UTC)
    read(app, world, ids["pump"], "pressure", "0.5", now)
    read(app, world, ids["pump"], "pressure", "0.9", now - timedelta(hours=1))
    with app.app_context():
        one = session.query(ReadingSeries).one()
        assert (one.last_number, one.alarm_number, one.unit) == (Decimal("0.5"), Decimal("0.9"), "MPa")


def test_whoever_may_not_see(app, pump, sign_in):
    for path in (pump, f"{pump}/list.xlsx"):
        unseen(sign_in("outsider").get(path))
        assert sign_in("requester").get(path).status_code == 403
    unseen(sign_in("technician").get(f"/rounds/readings/{UNKNOWN_ID}"))
    assert "增压泵" not in sign_in("outsider").page("/rounds/readings").text
    assert sign_in("technician").get(f"/rounds/readings?after={UNKNOWN_ID}").status_code == 200


def test_what_a_meter_counted_by_month_and_by_department(app, world, sign_in):
    ids, now = make_run(app, world, **meters()), datetime.now(UTC)
    for days, number in ((70, "1000"), (40, "1300"), (10, "1600"), (0, "1700")):
        read(app, world, ids["room"], "kwh", number, now - timedelta(days=days, minutes=1))
    client, path = sign_in("manager"), path_of(app, "kwh")
    assert "每月用量" in client.page(path).text
    page = client.page("/rounds/readings/consumption")
    assert "七病区" in page.text
    assert "kWh" in page.text
    month = (now - timedelta(days=32)).strftime("%Y-%m")
    assert "估算" in client.page(f"/rounds/readings/consumption?month={month}").text
    assert client.get(f"/rounds/readings/consumption.xlsx?month={month}").status_code == 200
    read(app, world, ids["room"], "kwh", "12", now)
    assert "新表" in client.page(path).text
    unseen(client.get(f"/rounds/readings/consumption?site_id={world.sites['south']}"))


def test_however_often_one_meter_is_read_no_other_is_forgotten(app, world):
    now = datetime.now(UTC)
    ids = make_run(app, world, **meters())
    other = make_run(app, world, **(meters(key="water", unit="m3") | {"code": "water"}))
    for days, number in ((20, "1000"), (10, "1300")):
        read(app, world, ids["room"], "kwh", number, now - timedelta(days=days))
        read(app, world, other["room"], "water", str(int(number) * 2), now - timedelta(days=days))
    with app.app_context():
        first = session.query(Answer).filter_by(check_key="kwh").order_by(Answer.at).first()
        as_it_is = {column.key: getattr(first, column.key) for column in Answer.__table__.columns}
        again = [as_it_is | {"id": new_id(), "position": 1000 + number} for number in range(40_001)]
        session.execute(insert(Answer), again)
        session.commit()
        site = session.get_one(Site, world.sites["north"])
        used = meter_use.in_spans(site, [now - timedelta(days=30), now])
        by_key = {one.check_key: used[one.id][0].amount for one in session.query(ReadingSeries)}
    assert by_key == {"kwh": Decimal(300), "water": Decimal(600)}


def test_readings_are_found_by_their_index(app, world, pump):
    """However long the history is: SQLite says how it looks for the rows."""
    with app.app_context():
        one = session.query(ReadingSeries).filter_by(check_key="pressure").one()
        query = series._readings(one)  # noqa: SLF001 - the query that everything else is made of
        query = query.where(Answer.at >= one.last_at).order_by(Answer.at.desc())
        asked = str(query.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
        plan = " ".join(str(row) for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}"))
        assert "ix_answers_subject_id_check_key_at" in plan
        assert "TEMP B-TREE" not in plan
