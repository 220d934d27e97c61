"""Contractors: scored runs, findings that their people answer, deductions and rewards, the statement."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from crew_app.core.db import db, session
from crew_app.core.ids import new_id
from crew_app.rounds.contractor_models import ContractorEntry, ContractorFinding, RunContractor
from tests.support.client import UNKNOWN_ID, accepted, refused, unseen
from tests.support.contractors import engage, scored
from tests.support.pictures import announcement, jpeg
from tests.support.rounds import make_run

TOMORROW = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
MINE = "/rounds/contractors/mine"


@pytest.fixture
def boss(sign_in):
    return sign_in("supervisor")


@pytest.fixture
def firm(app, world, boss):
    """A cleaning firm with its person and one scored template, and the ids of a run of it."""
    ids = make_run(app, world, **scored())
    return engage(boss, world, ids)


def walk(client, firm, floor="8", waste="5", **fields):
    given = {"visit_id": str(new_id()), "c-floor": floor, "c-waste": waste, **fields}
    return accepted(client.send(f"/rounds/stops/{firm['room']}/visits", given), 201)


def find(client, firm, **fields):
    given = {"finding_id": str(new_id()), "note": "三楼走廊有积水", "due": TOMORROW, **fields}
    accepted(client.send(f"{firm['path']}/findings", given), 201)
    return given["finding_id"]


def book(client, firm, kind="deduction", amount="600", **fields):
    given = {"amount_id": str(new_id()), "kind": kind, "amount": amount, "note": "保洁不到位", **fields}
    given.setdefault("day", datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat())
    return given["amount_id"], client.send(f"{firm['path']}/entries", given)


def answer(client, finding, **fields):
    given = {"answer_id": str(new_id()), "note": "已清理", **fields}
    return client.send(f"/rounds/contractors/findings/{finding}/answers", given)


def decide(client, finding, decision="accepted", note=""):
    given = {"answer_id": str(new_id()), "decision": decision, "note": note}
    return client.send(f"/rounds/contractors/findings/{finding}/decisions", given)


def test_points_of_a_run_become_the_score_of_the_month(app, firm, boss):
    walk(boss, firm)
    with app.app_context():
        link = session.query(RunContractor).one()
        assert (link.points, link.most) == (Decimal(13), Decimal(15))
    assert "86.7 %" in boss.page(firm["path"]).text
    walk(boss, firm, floor="10")  # the newest visit of a stop counts
    assert "100 %" in boss.page(firm["path"]).text
    assert "100 %" in boss.page("/rounds/contractors").text


def test_runs_of_this_month_count_when_the_template_is_linked_later(app, world, boss):
    ids = make_run(app, world, **scored())
    walk(boss, ids)
    firm = engage(boss, world, ids)
    assert "86.7 %" in boss.page(firm["path"]).text


def test_a_fault_of_a_scored_run_is_answered_by_the_firm_and_settled(app, firm, boss, sign_in):
    walk(boss, firm, floor="2", **{"n-floor": "走廊积灰"})
    worker = sign_in("contractor")
    page = worker.page(MINE)
    assert "地面：2/10" in page.text
    assert "走廊积灰" in page.text
    with app.app_context():
        finding = session.query(ContractorFinding).one().id
    refused(answer(worker, finding, note=""), 422, "words-missing")
    accepted(answer(worker, finding), 201)
    assert "已清理" in boss.page(firm["path"]).text
    refused(decide(boss, finding, "returned"), 422, "words-missing")
    accepted(decide(boss, finding, "returned", "墙角还有"))
    assert "墙角还有" in worker.page(MINE).text
    accepted(answer(worker, finding, note="墙角也清了"), 201)
    accepted(decide(boss, finding))
    assert "没有要整改的" in worker.page(MINE).text
    refused(decide(boss, finding), 422, "wrong-state")


def test_a_photo_answers_and_is_seen_by_both_sides_only(firm, boss, sign_in):
    worker, finding, data = sign_in("contractor"), find(boss, firm), jpeg()
    shot = announcement(data)
    accepted(answer(worker, finding, note="", **shot), 201)
    assert worker.send(f"/photos/{shot['photo_id']}/original", body=data).status_code == 200
    for client in (worker, boss):
        assert client.get(f"/photos/{shot['photo_id']}/thumb").status_code == 200
    for login in ("outsider", "technician", "requester"):
        unseen(sign_in(login).get(f"/photos/{shot['photo_id']}/thumb"))


def test_what_is_past_its_time_is_marked(firm, boss, sign_in):
    find(boss, firm, due="2026-01-05")
    assert "已超期" in boss.page(firm["path"]).text
    assert "已超期" in sign_in("contractor").page(MINE).text


def test_people_of_another_firm_see_and_answer_nothing(app, world, firm, boss, sign_in):
    finding = find(boss, firm)
    accepted(boss.send(f"{firm['path']}/details", {"name": "洁美保洁", "active": "1"}))  # nobody answers for it now
    worker = sign_in("contractor")
    assert "三楼走廊有积水" not in worker.page(MINE).text
    unseen(answer(worker, finding))
    unseen(answer(sign_in("outsider"), finding))
    for path in ("", "/statement", "/statement.xlsx"):
        assert worker.get(firm["path"] + path).status_code == 403
        unseen(sign_in("outsider").get(firm["path"] + path))
    unseen(decide(sign_in("outsider"), finding))


def test_deductions_and_rewards_add_up_and_are_taken_back_once(app, firm, boss):
    entry, response = book(boss, firm)
    accepted(response, 201)
    accepted(book(boss, firm, "reward", "5120")[1], 201)
    assert "扣款 ¥600.00 · 奖励 ¥5,120.00" in boss.page(firm["path"]).text
    path = f"/rounds/contractors/entries/{entry}/reversal"
    accepted(boss.send(path, {"reversal_id": str(new_id()), "note": "误扣"}))
    refused(boss.send(path, {"reversal_id": str(new_id()), "note": "误扣"}), 422, "reversed")
    assert "扣款 ¥0.00 · 奖励 ¥5,120.00" in boss.page(firm["path"]).text
    with app.app_context():
        assert sum(one.effect for one in session.query(ContractorEntry)) == 5120


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"amount": "0"}, "price"),
        ({"amount": "-5"}, "price"),
        ({"amount": "1e9"}, "price"),
        ({"kind": "gift"}, "choice-missing"),
        ({"day": "2090-01-01"}, "day"),
        ({"day": "soon"}, "day"),
        ({"note": " "}, "words-missing"),
    ],
)
def test_what_makes_no_sense_is_refused(firm, boss, fields, code):
    refused(book(boss, firm, **fields)[1], 422, code)


def test_only_those_who_plan_decide_about_money(firm, sign_in):
    for login in ("technician", "contractor", "requester"):
        refused(book(sign_in(login), firm)[1], 403, "may-not")
    unseen(book(sign_in("outsider"), firm)[1])


def test_the_statement_holds_the_month(firm, boss):
    walk(boss, firm, floor="2")
    accepted(book(boss, firm)[1], 201)
    page = boss.page(f"{firm['path']}/statement")
    for words in ("保洁考核", "7/15", "地面：2/10", "保洁不到位", "−¥600.00", "洁美保洁"):
        assert words in page.text, words
    assert boss.get(f"{firm['path']}/statement.xlsx").mimetype.endswith("sheet")
    assert "46.7 %" not in boss.page(f"{firm['path']}/statement?month=2026-01").text


def test_a_template_is_about_one_firm_only(world, firm, boss):
    other = {"contractor_id": str(new_id()), "site_id": str(world.sites["north"]), "name": "另一家"}
    path = accepted(boss.send("/rounds/contractors", other), 201)
    fields = {"score_template": str(firm["template"]), "weight": "1"}
    refused(boss.send(f"{path}/templates", fields), 422, "template-taken")
    refused(boss.send(f"{path}/templates", {**fields, "score_template": UNKNOWN_ID}), 422, "unknown-template")
    refused(boss.send(f"{path}/templates", {**fields, "weight": "500"}), 422, "weight")
    stranger = {"name": "另一家", "people": str(world.people["technician"])}
    refused(boss.send(f"{path}/details", stranger), 422, "not-contractor")


@pytest.mark.parametrize("table", ["contractor_findings", "contractor_answers", "contractor_entries"])
def test_history_of_contractors_cannot_be_changed(app, firm, boss, sign_in, table):
    accepted(answer(sign_in("contractor"), find(boss, firm)), 201)
    accepted(book(boss, firm)[1], 201)
    for statement in (f"UPDATE {table} SET at = at", f"DELETE FROM {table}"):
        with app.app_context(), pytest.raises(DBAPIError, match="append-only"), db.engine.begin() as connection:
            connection.execute(sql(statement))
