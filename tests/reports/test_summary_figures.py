"""A summary of the demo year: every figure again in plain SQL, and as many rows behind each link as the figure says."""

import re
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from crew_app.core.db import session
from crew_app.people.models import Person, Site
from crew_app.reports import summary_rows, ticket_lists
from crew_app.reports.figures import Form, Scope
from crew_app.reports.periods import Period
from crew_app.reports.summary_facts import facts
from tests.reports.plain_sql import COUNTS, LIVE, asking, percent, yuan
from tests.support.counting import statements

pytestmark = pytest.mark.xdist_group("demo")

NOW = datetime(2026, 11, 24, 7, 20, tzinfo=UTC)
SPANS = {
    "year": (date(2026, 1, 1), date(2026, 12, 31)),
    "half": (date(2026, 1, 1), date(2026, 6, 30)),
    "month": (date(2026, 10, 1), date(2026, 10, 31)),
}


@pytest.fixture(scope="module", params=list(SPANS))
def counted(request, demo_hospital):
    """The figures of a span, and plain SQL about it."""
    first, last = SPANS[request.param]
    with demo_hospital.app_context():
        scope = scope_of(first, last)
        found = facts(scope, NOW, {})
        session.remove()
    with asking(demo_hospital.config["SETTINGS"].data / "crew.db", "main", first, last) as sql:
        sql.values["now"] = NOW.strftime("%Y-%m-%d %H:%M:%S.%f")
        yield found, sql


def scope_of(first, last):
    site = session.scalars(select(Site).filter_by(code="main")).one()
    return Scope(site, Period(first, last, site.zone))


def value(found, key):
    return found[key].value


@pytest.mark.parametrize("key", COUNTS)
def test_jobs(counted, key):
    found, sql = counted
    assert value(found, key) == sql.jobs(COUNTS[key])


def test_repeat_faults(counted):
    """Neighbours in time at the same thing, instead of asking for each job whether there was one before."""
    found, sql = counted
    history = sql.rows(
        "SELECT id, place_id, asset_id, job_kind_id, opened_at, finished_at, state FROM tickets "
        "WHERE state <> 'cancelled' AND kind IN ('repair', 'incident', 'hazard') ORDER BY opened_at"
    )
    same: dict[tuple[bytes, bytes], list[datetime]] = defaultdict(list)
    repeats = set()
    for row in history:
        thing = (row["asset_id"] or row["place_id"], row["job_kind_id"])
        opened = datetime.fromisoformat(row["opened_at"])
        if any(opened - timedelta(days=30) <= done <= opened for done in same[thing]):
            repeats.add(row["id"])
        if row["state"] in ("finished", "verified"):
            same[thing].append(datetime.fromisoformat(row["finished_at"]))
    here = {row["id"] for row in sql.rows(LIVE)}
    assert value(found, "repeat") == len(repeats & here)
    assert len(repeats & here) > 0


def test_rates_and_times(counted):
    found, sql = counted
    on_time, late = sql.jobs(COUNTS["on_time"]), sql.jobs(COUNTS["late"])
    assert value(found, "on_time_rate") == percent(on_time, on_time + late)
    answered, tardy = sql.jobs(COUNTS["answered"]), sql.jobs(COUNTS["answered_late"])
    assert value(found, "answered_rate") == percent(answered, answered + tardy)
    assert value(found, "rectified_rate") == percent(sql.jobs(COUNTS["rectified"]), sql.jobs(COUNTS["hazards"]))
    assert value(found, "at_once_rate") == percent(sql.jobs(COUNTS["at_once"]), sql.jobs(COUNTS["reported"]))
    rows = sql.rows(f"SELECT * FROM ({LIVE}) WHERE {COUNTS['reported']}")
    respond = [whole(row["opened_at"], row["accepted_at"]) for row in rows if row["accepted_at"]]
    repair = [
        whole(row["opened_at"], row["finished_at"]) - row["paused_seconds"]
        for row in rows
        if row["state"] in ("finished", "verified")
    ]
    assert value(found, "respond_minutes") == minutes(respond)
    assert value(found, "repair_minutes") == minutes(repair)


def whole(start, end):
    """Seconds between two moments of the database, each without its fraction."""
    return int((datetime.fromisoformat(end[:19]) - datetime.fromisoformat(start[:19])).total_seconds())


def minutes(seconds):
    return (Decimal(str(sum(seconds) / len(seconds))) / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)


def test_kinds_of_jobs(counted):
    found, sql = counted
    rows = sql.rows(
        f"SELECT kind_code, COUNT(*), SUM(state IN ('finished', 'verified')) FROM ({LIVE}) GROUP BY kind_code"
    )
    expected = sorted((Decimal(number), Decimal(done)) for _, number, done in rows)
    assert sorted((row.cells[0].value, row.cells[1].value) for row in found.rows["kinds"]) == expected
    assert sum(row.cells[0].value for row in found.rows["kinds"]) == value(found, "all")
    assert sum(row.cells[2].value for row in found.rows["kinds"]) == value(found, "repeat")


def test_what_jobs_waited_for(counted):
    found, sql = counted
    rows = sql.rows(
        f"SELECT COUNT(DISTINCT d.ticket_id), SUM(d.quantity) FROM demands d JOIN ({LIVE}) t ON t.id = d.ticket_id "
        "GROUP BY d.item_id ORDER BY 1 DESC, (SELECT code FROM items WHERE id = d.item_id) LIMIT 10"
    )
    expected = [(Decimal(jobs), Decimal(quantity) / 1000) for jobs, quantity in rows]
    assert [(row.cells[0].value, row.cells[1].value) for row in found.rows["awaited"]] == expected


def test_rounds(counted):
    found, sql = counted
    rows = sql.rows(
        "SELECT t.category, COUNT(*), SUM(r.state IN ('done', 'ended')), SUM(r.visited_count) FROM runs r "
        "JOIN round_templates t ON t.id = r.template_id WHERE r.site_id = :site AND r.opens_at >= :start "
        "AND r.opens_at < :end AND r.state IN ('done', 'ended', 'missed', 'incomplete') GROUP BY t.category"
    )
    expected = sorted((Decimal(due), Decimal(done), Decimal(due - done), Decimal(seen)) for _, due, done, seen in rows)
    cells = [row.cells for row in found.rows["rounds"]]
    assert sorted((due.value, done.value, missed.value, seen.value) for due, done, missed, _, seen in cells) == expected
    assert all(share.value == percent(done.value, due.value) for due, done, _, share, _ in cells)
    missed = sum(row.cells[2].value for row in found.rows["rounds"])
    assert sum(row.cells[0].value for row in found.rows["missed"]) <= missed


def test_training_drills_and_papers(counted):
    found, sql = counted
    for kind in ("drill", "training", "test", "briefing"):
        rows = sql.rows(
            "SELECT t.id, r.headcount FROM trainings t JOIN training_records r ON r.training_id = t.id "
            "WHERE t.site_id = :site AND t.kind = :kind AND t.held_on BETWEEN :first AND :last ORDER BY r.id",
            kind=kind,
        )
        latest = {row["id"]: row["headcount"] for row in rows}
        assert value(found, f"{kind}s") == len(latest)
        assert value(found, f"{kind}_people") == sum(latest.values())
    rows = sql.rows(
        "SELECT COUNT(*) FROM credentials WHERE site_id = :site AND withdrawn_at IS NULL "
        "AND issued_on BETWEEN :first AND :last GROUP BY kind_id"
    )
    assert sorted(row.cells[0].value for row in found.rows["papers"]) == sorted(Decimal(row[0]) for row in rows)


def test_materials(counted):
    """Each move is worth its quantity times its price, rounded by itself, in whole numbers."""
    found, sql = counted
    rows = sql.rows(
        "SELECT m.quantity, m.unit_cost, m.item_id, a.kind AS source, b.kind AS target FROM moves m "
        "JOIN ledger_entries e ON e.posting_id = m.posting_id JOIN accounts a ON a.id = m.from_account_id "
        "JOIN accounts b ON b.id = m.to_account_id "
        "WHERE m.site_id = :site AND e.posted_at >= :start AND e.posted_at < :end"
    )
    used = bought = Decimal(0)
    by_item: dict[bytes, Decimal] = defaultdict(Decimal)
    for row in rows:
        worth = (Decimal(row["quantity"]) * row["unit_cost"] / 1000).quantize(Decimal(1), ROUND_HALF_UP)
        spent = {"ticket", "department"}
        signed = worth * ((row["target"] in spent) - (row["source"] in spent))
        used += signed
        by_item[row["item_id"]] += signed
        bought += worth * ((row["source"] == "supplier") - (row["target"] == "supplier"))
    assert value(found, "used") == yuan(used)
    assert value(found, "bought") == yuan(bought)
    dearest = sorted((yuan(amount) for amount in by_item.values()), reverse=True)[:10]
    assert [row.cells[1].value for row in found.rows["items"]] == dearest


def test_energy(counted):
    """The year as one piece, with straight lines between readings, instead of month by month."""
    found, sql = counted
    used: dict[str, float] = defaultdict(float)
    start, end = (datetime.fromisoformat(sql.values[key]) for key in ("start", "end"))
    for series in sql.rows(
        "SELECT s.* FROM reading_series s JOIN round_templates t ON t.id = s.template_id "
        "WHERE s.site_id = :site AND s.kind = 'meter' AND t.category = 'meters'"
    ):
        readings = [
            (datetime.fromisoformat(row["at"]), row["number"] / 10_000)
            for row in sql.rows(
                "SELECT at, number FROM answers WHERE subject_id = :subject AND check_key = :key ORDER BY at",
                subject=series["subject_id"],
                key=series["check_key"],
            )
        ]
        used[series["unit"]] += line(readings, end) - line(readings, start)
    shown = {row.cells[0].unit: row.cells[0].value for row in found.rows["media"]}
    assert set(shown) == {unit for unit, amount in used.items() if amount > 0}
    for unit, amount in shown.items():
        assert float(amount) == pytest.approx(used[unit], abs=0.05)


def line(readings, at):
    """What a meter would have shown at a moment."""
    before = [one for one in readings if one[0] <= at]
    later = [one for one in readings if one[0] > at]
    if not before or not later:
        return (before[-1] if before else later[0])[1]
    (start, low), (end, high) = before[-1], later[0]
    return low + (high - low) * ((at - start) / (end - start))


def test_contractors(counted):
    found, sql = counted
    rows = sql.rows("SELECT id, name FROM contractors WHERE site_id = :site")
    expected = {}
    for firm in rows:
        runs = sql.rows(
            "SELECT points * 1.0 / most AS share, weight FROM run_contractors WHERE contractor_id = :firm "
            "AND most > 0 AND opens_at >= :start AND opens_at < :end",
            firm=firm["id"],
        )
        weight = sum(run["weight"] for run in runs)
        score = round(sum(run["share"] * run["weight"] for run in runs) / weight * 100, 2) if weight else None
        booked = [
            sql.one(
                "SELECT SUM(CASE WHEN reverses_id IS NULL THEN amount ELSE -amount END) FROM contractor_entries "
                "WHERE contractor_id = :firm AND kind = :kind AND day BETWEEN :first AND :last",
                firm=firm["id"],
                kind=kind,
            )
            for kind in ("deduction", "reward")
        ]
        findings = sql.one(
            "SELECT COUNT(*) FROM contractor_findings WHERE contractor_id = :firm AND at >= :start AND at < :end",
            firm=firm["id"],
        )
        if runs or findings or any(booked):
            expected[firm["name"]] = (score, len(runs), findings, *map(yuan, booked))
    shown = {
        row.name: (None if row.cells[0].value is None else float(row.cells[0].value), *(c.value for c in row.cells[1:]))
        for row in found.rows["contractors"]
    }
    assert shown == expected


def test_satisfaction(counted):
    found, sql = counted
    rows = sql.rows(
        "SELECT ticket_id, voice, quality, service FROM ticket_ratings "
        "WHERE site_id = :site AND made_at >= :start AND made_at < :end ORDER BY number"
    )
    last = {(row["ticket_id"], row["voice"]): (row["quality"], row["service"]) for row in rows}
    marks = [mark for pair in last.values() for mark in pair]
    good = Decimal(100 * sum(mark >= 4 for mark in marks)) / len(marks)
    assert value(found, "ratings") == len(last)
    assert value(found, "rating_rate") == good.quantize(Decimal("0.1"), ROUND_HALF_UP)
    surveys = "FROM survey_answers a WHERE a.site_id = :site AND a.month BETWEEN :first AND :last"
    assert value(found, "surveys") == sql.one(f"SELECT COUNT(*) {surveys}")
    scores = f"FROM survey_scores s WHERE s.answer_id IN (SELECT a.id {surveys})"
    rate = sql.one(f"SELECT COUNT(*) {scores} AND s.score >= 4") * 100 / sql.one(f"SELECT COUNT(*) {scores}")
    assert value(found, "survey_rate") == rate.quantize(Decimal("0.1"), ROUND_HALF_UP)


def test_own_works(counted):
    found, sql = counted
    quotes = sql.rows(
        "SELECT q.amount FROM works_quotes q JOIN tickets t ON t.id = q.ticket_id WHERE q.site_id = :site "
        "AND t.state IN ('finished', 'verified') AND t.finished_at >= :start AND t.finished_at < :end"
    )
    assert value(found, "works") == len(quotes)
    assert value(found, "quoted") == yuan(Decimal(sum(row["amount"] for row in quotes)))
    assert value(found, "saved") == value(found, "quoted") - value(found, "spent")


def test_no_figure_is_left_unchecked(counted):
    """Whoever adds a figure adds its SQL."""
    found, _ = counted
    others = {
        *("repeat", "on_time_rate", "answered_rate", "rectified_rate", "at_once_rate", "respond_minutes"),
        *("repair_minutes", "used", "bought", "ratings", "rating_rate", "surveys", "survey_rate"),
        *(f"{kind}{ending}" for kind in ("drill", "training", "test", "briefing") for ending in ("s", "_people")),
        *("works", "quoted", "spent", "saved"),
        *("sent_back_rate", "repeat_rate"),
    }
    assert set(found.one) == set(COUNTS) | others
    assert value(found, "sent_back_rate") == percent(value(found, "sent_back"), value(found, "done"))
    assert value(found, "repeat_rate") == percent(value(found, "repeat"), value(found, "all"))


def test_as_many_rows_behind_each_link_as_the_figure_says(counted, demo_hospital):
    found, _ = counted
    figures = [*found.one.values(), *(cell for rows in found.rows.values() for row in rows for cell in row.cells)]
    seen = 0
    with demo_hospital.app_context():
        boss = session.scalars(select(Person).filter_by(login="li")).one()
        for figure in figures:
            if figure.link and figure.form in (Form.COUNT, Form.MONEY) and figure.value is not None:
                seen += rows_behind(boss, figure)
    assert seen > 60


def rows_behind(boss, figure):
    """Whether a link leads to rows that are counted, or summed up, to the same figure."""
    parts = urlsplit(figure.link)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if parts.path == "/tickets":
        jobs = ticket_lists.behind(boss, asked, NOW)
        assert jobs is not None
        assert jobs.count(NOW) == figure.value, figure.link
        return 1
    if parts.path != "/reports/summaries/rows":
        return 0
    scope = scope_of(*(date.fromisoformat(asked[name]) for name in ("from", "to")))
    behind = summary_rows.rows(scope, asked["figure"], asked.get("of", ""), 0)
    assert behind is not None
    heads = sum((one.figure.value or Decimal(0) for one in behind.lines if one.figure), Decimal(0))
    total = (behind.total.value or Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP) if behind.total else heads
    assert figure.value in (Decimal(behind.number), heads, total), figure.link
    return 1


def test_few_statements_whatever_the_span(demo_hospital):
    with demo_hospital.app_context():
        scope = scope_of(*SPANS["year"])
        with statements(demo_hospital) as ran:
            facts(scope, NOW, {})
    assert len(ran) <= 125  # about four for each month: meters are read month by month, and so are their prices
    scans = [one for one in ran if re.search(r"FROM tickets\s+WHERE", one) and "opened_at" not in one]
    assert scans == []
