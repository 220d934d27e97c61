"""Surveys: anybody at the ward answers once a month without a trace; managers see results, and no ward of two."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import inspect

from crew_app.core.db import Base, db, session, write_transaction
from crew_app.surveys import actions, queries
from crew_app.surveys.models import SurveyAddress, SurveyAnswer
from tests.support.client import SAME_ORIGIN, accepted, refused
from tests.support.counting import counts, one, sql
from tests.support.strangers import other_phone

NAMES = {"name": ["维修", "膳食", ""], "name_en": ["Repairs", "Meals", ""], "site": "north"}


@pytest.fixture
def address(app, world, sign_in):
    """The secret address of the ward."""
    accepted(sign_in("manager").send("/surveys/questions", NAMES))
    return f"/s/{one(app, 'SELECT code FROM survey_addresses')}"


def filled(client, address, mark="5", **more):
    """The form of the page, with this mark everywhere."""
    page = client.page(address).html
    fields = dict.fromkeys(re.findall(r'name="(score-[0-9a-f-]+)"', page), mark)
    answer_id = re.search(r'name="answer_id" value="([^"]+)"', page)
    return fields | {"answer_id": answer_id.group(1) if answer_id else ""} | more


def answer(client, address, fields):
    return client.post(f"{address}/answers", data=fields, headers=SAME_ORIGIN)


def test_a_ward_answers_and_the_page_says_thanks(app, address, stranger):
    assert answer(stranger, address, filled(stranger, address, words="饭菜凉了")).status_code == 302
    assert "谢谢" in stranger.page(address).text
    assert sql(app, "SELECT score FROM survey_scores") == [(5,), (5,)]


def test_one_browser_answers_once_a_month_and_sending_twice_is_one(app, address, stranger):
    first = filled(stranger, address)
    other = other_phone(app)
    for client in (stranger, stranger, other):
        answer(client, address, first)
    answer(stranger, address, first | {"answer_id": "5e3c2a4e-8f3a-4d2e-9a7b-111111111111"})
    assert one(app, "SELECT COUNT(*) FROM survey_answers") == 1
    answer(other_phone(app), address, filled(other_phone(app), address, "1"))
    assert one(app, "SELECT COUNT(*) FROM survey_answers") == 2


def rows(app):
    return {table: one(app, f"SELECT COUNT(*) FROM {table}") for table in Base.metadata.tables}


def test_nothing_beside_an_answer_says_who_gave_it_or_when(app, address, sign_in):
    """Also of somebody who is signed in: no receipt, no person, no device, no time, and an id that tells none."""
    nurse = sign_in("requester")
    before = rows(app)
    answer(nurse, address, filled(nurse, address))
    changed = {table for table, number in rows(app).items() if number != before[table]}
    assert changed == {"survey_answers", "survey_scores"}
    with app.app_context():
        columns = {column["name"] for column in inspect(db.engine).get_columns("survey_answers")}
        assert columns == {"id", "site_id", "department_id", "month", "words"}
        assert session.query(SurveyAnswer).one().id.version == 4
        session.rollback()


@pytest.mark.parametrize("change", ["empty", "foreign", "mark", "no id"])
def test_nonsense_is_told_and_what_was_typed_is_kept(app, address, stranger, change):
    fields = filled(stranger, address, words="太吵")
    scores = [name for name in fields if name.startswith("score-")]
    if change in ("empty", "foreign"):
        fields = {name: value for name, value in fields.items() if name not in scores}
    if change == "foreign":
        fields["score-01900000-0000-7000-8000-000000000000"] = "5"
    if change == "mark":
        fields |= dict.fromkeys(scores, "6")
    if change == "no id":
        fields["answer_id"] = ""
    before = counts(app)
    response = answer(stranger, address, fields)
    assert response.status_code == 422
    assert "太吵" in response.get_data(as_text=True)
    assert counts(app) == before


def test_results_by_ward_from_three_answers_on(app, world, address, stranger, sign_in):
    manager = sign_in("manager")
    for number, mark in enumerate(("5", "4", "1"), 1):
        client = other_phone(app)
        answer(client, address, filled(client, address, mark, words="<b>冷</b>" if number == 1 else ""))
        page = manager.page("/surveys")
        assert ("七病区" in page.text, "66.7" in page.text) == (True, number == 3)
        assert ("<b>冷" in page.text) is (number == 3)
        assert ("太少" in page.text) is (number < 3)
    assert manager.page("/surveys?month=2020-01&site=north")
    assert sign_in("requester").get("/surveys").status_code == 403
    assert manager.get("/surveys?site=south").status_code == 404


def test_sheets_and_questions_belong_to_those_who_keep_them(app, world, address, sign_in):
    manager, ward = sign_in("manager"), UUID(str(one(app, "SELECT department_id FROM survey_addresses")))
    assert "七病区" in manager.page("/surveys/sheets").text
    assert manager.get(f"/surveys/sheets/{ward}/qr.svg").mimetype == "image/svg+xml"
    accepted(manager.send("/surveys/questions", {"name": ["膳食"], "name_en": [""], "site": "north"}))
    assert sql(app, "SELECT name, asked FROM survey_questions ORDER BY name") == [("维修", 0), ("膳食", 1)]
    refused(
        manager.send("/surveys/questions", {"name": [""], "name_en": [""], "site": "north"}), 422, "questions-missing"
    )
    accepted(manager.send(f"/surveys/sheets/{ward}/renewal"))
    assert other_phone(app).get(address).status_code == 404
    assert sign_in("technician").get("/surveys/sheets").status_code == 403
    assert sign_in("outsider").send(f"/surveys/sheets/{ward}/renewal").status_code == 404


def test_the_ward_is_full_at_some_point(app, address, stranger, monkeypatch):
    monkeypatch.setattr(actions, "MOST_A_MONTH", 1)
    answer(stranger, address, filled(stranger, address))
    other = other_phone(app)
    assert answer(other, address, filled(other, address)).status_code == 429


def test_on_both_databases_the_same(any_app, any_world):
    with any_app.app_context(), write_transaction():
        site = any_world.sites["north"]
        actions.prepare(site)
        where = session.query(SurveyAddress).filter_by(department_id=any_world.departments["ward"]).one()
        question = queries.asked(site)[0]
        for number in range(3):
            made = actions.Filled(type(site)(int=number + 1), {question.id: number + 3}, "w")
            actions.answer(where, made, at=datetime(2026, 11, 5, 3, tzinfo=UTC))
        results = queries.wards(site, date(2026, 11, 1))
        assert [(one.answers, one.whole.mean) for one in results] == [(3, Decimal("4.0"))]
        assert queries.trend(site, [date(2026, 11, 1)])[date(2026, 11, 1)].number == 3
        assert len(queries.words(site, date(2026, 11, 1), {where.department_id})) == 3
