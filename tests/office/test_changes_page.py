"""What was changed, on one page: settings leave their trace by themselves, with both values, for who may see it."""

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from crew_app.core.chain_checks import faults
from crew_app.web import trail
from tests.support.client import accepted
from tests.support.counting import sql, statements
from tests.support.sheets import rows

RULE = {"care": "theatre", "priority": "2", "response": "10", "resolution": "60"}


def trailed(app, kind):
    query = "SELECT field, before, after FROM changes WHERE kind = :kind ORDER BY at, id"
    return sql(app, query, kind=kind)


def test_a_setting_leaves_its_trace_when_it_is_made_changed_and_removed(app, world, sign_in):
    boss = sign_in("manager")
    accepted(boss.send("/desk/targets", RULE))
    accepted(boss.send("/desk/targets", {**RULE, "response": "15"}))
    accepted(boss.send("/desk/targets/removal", {"care": "theatre", "priority": "2"}))
    fields = [row[0] for row in trailed(app, "target_rules")]
    assert fields == ["new", "response_minutes", "removed"]
    assert trailed(app, "target_rules")[1][1:] == ("10", "15")
    with app.app_context():
        assert list(faults()) == []


def test_the_same_value_again_leaves_none(app, world, sign_in):
    boss = sign_in("manager")
    accepted(boss.send("/desk/targets", RULE))
    accepted(boss.send("/desk/targets", RULE))
    assert len(trailed(app, "target_rules")) == 1


def test_a_refused_command_leaves_none(app, world, sign_in):
    sign_in("manager").send("/desk/targets", {**RULE, "response": "90"})
    assert trailed(app, "target_rules") == []


def test_without_the_trail_nothing_would_be_seen(app, world, sign_in):
    """The sabotage: the tests above can fail."""
    event.remove(Session, "before_flush", trail._write_down)  # noqa: SLF001 - it is what is taken away
    try:
        accepted(sign_in("manager").send("/desk/targets", RULE))
        assert trailed(app, "target_rules") == []
    finally:
        trail.start()


def test_what_is_newly_made_says_its_values(app, world, sign_in):
    accepted(sign_in("manager").send("/shot-rules", {"after-all": "1", "before-all": ""}))
    client = sign_in("administrator")
    client.language = "en"
    assert "Newly made: Before: 0; After: 1" in client.page("/admin/changes").text


def test_who_may_ask_for_a_department_is_written_as_names(app, world, sign_in):
    path = f"/stock/departments/{world.departments['ward']}/people"
    accepted(sign_in("manager").send(path, {"people": str(world.people["technician"])}))
    found = trailed(app, "department_people")
    assert ("new", "", "person_id: 员工technician") in found
    assert ("removed", "person_id: 员工requester", "") in found


def test_the_page_says_who_changed_what(app, world, sign_in):
    accepted(sign_in("manager").send("/desk/targets", RULE))
    accepted(sign_in("manager").send("/desk/targets", {**RULE, "response": "15"}))
    client = sign_in("administrator")
    client.language = "en"
    page = client.page("/admin/changes")
    assert "Answered within minutes" in page.text
    assert "10" in page.text
    assert "15" in page.text
    assert "Manager" in page.text


def test_it_is_filtered_by_kind_and_person(app, world, sign_in):
    accepted(sign_in("manager").send("/desk/targets", RULE))
    client = sign_in("administrator")
    assert "theatre" in client.page("/admin/changes?kind=target_rules").text
    assert "theatre" not in client.page("/admin/changes?kind=places").text
    assert "theatre" in client.page(f"/admin/changes?person_id={world.people['manager']}").text
    assert "theatre" not in client.page(f"/admin/changes?person_id={world.people['guard']}").text


def test_another_site_sees_nothing_of_it(app, world, sign_in):
    accepted(sign_in("manager").send("/desk/targets", RULE))
    assert "theatre" not in sign_in("outsider").page("/admin/changes").text


@pytest.mark.parametrize("login", ["manager", "supervisor", "technician"])
def test_who_does_not_configure_sees_none(app, world, sign_in, login):
    assert sign_in(login).get("/admin/changes").status_code == 403
    assert sign_in(login).get("/admin/changes.xlsx").status_code == 403


def test_as_a_spreadsheet(app, world, sign_in):
    accepted(sign_in("manager").send("/desk/targets", RULE))
    [row] = rows(sign_in("administrator"), "/admin/changes.xlsx")
    assert "theatre" in row[2]


def test_many_changes_take_no_more_questions_than_one(app, world, sign_in):
    boss, client = sign_in("manager"), sign_in("administrator")
    accepted(boss.send("/desk/targets", RULE))
    client.page("/admin/changes")
    with statements(app) as few:
        client.page("/admin/changes")
    for minutes in range(11, 40):
        accepted(boss.send("/desk/targets", {**RULE, "response": str(minutes)}))
    with statements(app) as many:
        client.page("/admin/changes")
    assert len(many) == len(few)
