"""The pages of an import: from the file to the last word, for whoever may, and for nobody else."""

import io
from urllib.parse import urlencode

import openpyxl
import pytest
from sqlalchemy import select

from crew_app.core.db import session
from crew_app.core.ids import new_id
from crew_app.imports import working
from crew_app.imports.models import ImportRun, Subject
from crew_app.people.models import Person
from crew_app.people.passwords import matches
from crew_app.web import importing
from tests.support.client import accepted, refused
from tests.support.lists import book
from tests.support.sheets import rows

PLACE = "/admin/imports"
PEOPLE = book(
    ["后勤人员花名册"],
    ["工号", "姓名", "岗位", "工种"],
    ["0801", "周大勇", "维修工", "电工、空调"],
    ["0802", "吴小妹", "库管员", ""],
)


@pytest.fixture
def work(app):
    """The worker's turn."""

    def turn():
        with app.app_context():
            working.work(importing.secret())

    return turn


@pytest.fixture
def administrator(sign_in):
    return sign_in("administrator")


def give(client, subject, data, name="名单.xlsx", **fields):
    form = {"run_id": str(new_id()), "subject": subject, "file": (io.BytesIO(data), name), **fields}
    return client.send(PLACE, form, content_type="multipart/form-data")


def brought_in(client, work, subject, data):
    """The page of an import that went through."""
    page = accepted(give(client, subject, data), 201)
    work()
    meaning = meaning_of(client.page(page))
    accepted(client.send(f"{page}/meaning", meaning))
    work()
    accepted(client.send(f"{page}/application"))
    work()
    return page


def meaning_of(page):
    """What the form would send as it stands."""
    chosen = {}
    for select_ in page.all("select"):
        name = select_.get("name") or ""
        if name.startswith("column-"):
            found = [one.get("value") for one in select_.iter("option") if "selected" in one.attrib]
            chosen[name] = found[0] if found else ""
    return chosen


def test_from_the_file_to_people_who_can_sign_in_once_with_a_password_that_is_shown_once(
    app, world, administrator, work, stranger
):
    page = brought_in(administrator, work, "people", PEOPLE)
    shown = administrator.page(page)
    assert f"{page}/password-list" in shown.actions
    assert administrator.get(f"{page}/passwords.xlsx").status_code == 404
    accepted(administrator.send(f"{page}/password-list"))
    listed = rows(administrator, f"{page}/passwords.xlsx")
    assert [row[:3] for row in listed] == [["0801", "周大勇", "0801"], ["0802", "吴小妹", "0802"]]
    refused(administrator.send(f"{page}/password-list"), 422, "passwords-shown")
    with app.app_context():
        person = session.scalars(select(Person).where(Person.staff_number == "0801")).one()
        assert person.must_change_password
        assert matches(listed[0][3], person.password_hash)
        assert {trade.value for trade in person.trade_set} == {"electrical", "hvac"}
        run = session.scalars(select(ImportRun)).one()
        assert listed[0][3] not in run.options + run.columns
    stranger.sign_in("0801", listed[0][3])
    assert stranger.get("/").headers["Location"] == "/password"


def test_who_opened_the_passwords_gets_them_and_nobody_else(app, world, administrator, work, sign_in):
    page = brought_in(administrator, work, "people", PEOPLE)
    accepted(administrator.send(f"{page}/password-list"))
    with app.app_context():
        other = session.scalars(select(ImportRun)).one()
        assert other.made_by_id == world.people["administrator"]
    assert sign_in("outsider").get(f"{page}/passwords.xlsx").status_code == 404


def test_a_second_import_of_people_adds_roles_and_makes_nobody_twice(app, world, administrator, work):
    brought_in(administrator, work, "people", PEOPLE)
    again = book(["工号", "姓名", "岗位"], ["0801", "周大勇", "班组长"], ["0802", "吴小妹", "库管员"])
    brought_in(administrator, work, "people", again)
    with app.app_context():
        person = session.scalars(select(Person).where(Person.staff_number == "0801")).one()
        assert {role.value for role in person.roles} == {"technician", "supervisor"}
        run = session.scalars(select(ImportRun).order_by(ImportRun.made_at.desc()).limit(1)).one()
        assert (run.made_count, run.changed_count, run.same_count) == (0, 1, 1)


def test_somebody_of_another_site_is_left_alone(app, world, administrator, work):
    page = accepted(
        give(administrator, "people", book(["姓名", "登录名", "岗位"], ["换名", "southerner", "管理员"])), 201
    )
    work()
    accepted(administrator.send(f"{page}/meaning", meaning_of(administrator.page(page))))
    work()
    assert "B2" in administrator.page(page).text
    refused(administrator.send(f"{page}/application"), 422, "import-faults")


def test_a_person_corrects_the_guess_and_it_is_remembered(app, world, administrator, work):
    data = book(["甲", "乙", "丙"], ["ICU", "重症医学科", "Intensive"])
    page = accepted(give(administrator, "departments", data), 201)
    work()
    assert "甲" in administrator.page(page).text
    refused(administrator.send(f"{page}/meaning", {"column-0": "code"}), 422, "meaning-missing")
    refused(administrator.send(f"{page}/meaning", {"column-0": "code", "column-1": "code"}), 422, "meaning-twice")
    accepted(administrator.send(f"{page}/meaning", {"column-0": "code", "column-1": "name", "column-2": "name_en"}))
    work()
    accepted(administrator.send(f"{page}/application"))
    work()
    again = accepted(give(administrator, "departments", data), 201)
    work()
    assert meaning_of(administrator.page(again)) == {"column-0": "code", "column-1": "name", "column-2": "name_en"}


def test_wrong_cells_are_named_and_come_as_a_spreadsheet(administrator, work):
    data = book(["编码", "名称", "单位", "单价"], ["A-1", "灯管", "支", "十二"], ["A-1", "灯管", "支", "3"])
    page = accepted(give(administrator, "items", data), 201)
    work()
    accepted(administrator.send(f"{page}/meaning", meaning_of(administrator.page(page))))
    work()
    assert "D2" in administrator.page(page).text
    listed = rows(administrator, f"{page}/faults.xlsx")
    assert [row[:4] for row in listed] == [["D2", 2, "单价", "十二"], ["A3", 3, "编码", "A-1"]]
    csv = administrator.get(f"{page}/faults.csv")
    assert csv.get_data().startswith(b"\xef\xbb\xbf")


def test_a_cancelled_import_changes_nothing(administrator, work):
    page = accepted(give(administrator, "departments", book(["编码", "名称"], ["X", "新科"])), 201)
    accepted(administrator.send(f"{page}/cancellation"))
    work()
    refused(administrator.send(f"{page}/application"), 422, "import-state")
    refused(administrator.send(f"{page}/cancellation"), 422, "import-over")


def test_the_same_request_again_makes_one_import(administrator, app):
    key, form = new_id(), {"run_id": str(new_id()), "subject": "items"}
    for _ in range(2):
        fields = {**form, "file": (io.BytesIO(b"a,b\n1,2\n"), "a.csv")}
        accepted(administrator.send(PLACE, fields, key=key, content_type="multipart/form-data"), 201)
    with app.app_context():
        assert len(session.scalars(select(ImportRun)).all()) == 1


@pytest.mark.parametrize("login", ["technician", "manager", "storekeeper"])
def test_without_the_right_nothing_is_taken(sign_in, login):
    client = sign_in(login)
    assert client.get(PLACE).status_code == 403
    assert give(client, "items", b"a,b").status_code == 403


def test_somebody_of_another_site_sees_no_import(administrator, sign_in, world, work):
    page = accepted(give(administrator, "departments", book(["编码", "名称"], ["X", "新科"])), 201)
    work()
    other = sign_in("outsider")
    assert other.get(page).status_code == 404
    assert other.send(f"{page}/cancellation").status_code == 404
    fields = {"site_id": str(world.sites["south"])}
    refused(give(administrator, "items", b"a,b\n1,2", **fields), 422, "unknown-site")


@pytest.mark.parametrize("subject", list(Subject))
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_sample_is_understood_as_it_is(sign_in, work, subject, language):
    client = sign_in("administrator", language=language)
    response = client.get(f"{PLACE}/sample.xlsx?{urlencode({'subject': subject})}")
    data = response.get_data()
    assert len(openpyxl.load_workbook(io.BytesIO(data)).sheetnames) == 2
    page = accepted(give(client, subject, data), 201)
    work()
    shown = client.page(page)
    meaning = meaning_of(shown)
    assert all(meaning.values()), (subject, meaning)
    assert len(set(meaning.values())) == len(meaning)
    client.page(f"{PLACE}/new?subject={subject}")
    client.page(PLACE)
