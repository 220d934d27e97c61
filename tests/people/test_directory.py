"""The list of people: looked for, page by page, many at once; each change with its old and new value."""

import re

import pytest

from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.people import administering
from crew_app.people.directory import PAGE
from crew_app.people.models import Membership, Person
from crew_app.people.rules import Role
from tests.support.client import accepted, refused, unseen
from tests.support.counting import one, sql, statements


@pytest.fixture
def administrator(sign_in):
    return sign_in("administrator")


@pytest.fixture
def crowd(app, world):
    """Two thousand people more, as a large hospital has them."""
    with app.app_context(), write_transaction():
        for number in range(2000):
            login, staff = f"p{number:04}", f"G{number:05}"
            person = Person(login=login, name=f"员工{number}", staff_number=staff, password_hash="", created_at=now())
            person.memberships = [Membership(site_id=world.sites["north"], role=Role.REQUESTER)]
            session.add(person)


def names(page):
    """The people in the list, by their pages."""
    found = [link.get("href") or "" for link in page.all("a")]
    return [href for href in found if re.fullmatch(r"/people/[0-9a-f-]{36}", href)]


def chosen(world, *logins, **more):
    fields = {"people": [str(world.people[login]) for login in logins], "site_id": str(world.sites["north"])}
    return fields | more


def noted(app, field):
    query = "SELECT name, before, after, how FROM changes WHERE field = :field ORDER BY name"
    return sql(app, query, field=field)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=guard", {"guard"}),
        ("q=员工guard", {"guard"}),
        ("q=GUARD", {"guard"}),
        ("q=N-77", {"second"}),
        ("role=supervisor", {"supervisor", "foreman"}),
        ("trade=plumbing", {"second"}),
        ("role=supervisor&q=fore", {"foreman"}),
        ("state=shut-out", {"desk"}),
        ("q=outsider", set()),
        ("q=%25", set()),
        ("role=nonsense&q=guard", {"guard"}),
    ],
)
def test_people_are_looked_for(app, world, administrator, query, found):
    with app.app_context(), write_transaction():
        world.person("second").staff_number = "N-77"
        world.person("desk").active = False
    page = administrator.page(f"/people?{query}")
    assert set(names(page)) == {f"/people/{world.people[login]}" for login in found}


def test_two_thousand_people_come_page_by_page(crowd, administrator):
    seen: set[str] = set()
    path: str | None = "/people"
    pages = 0
    while path:
        page = administrator.page(path)
        rows = names(page)
        assert len(rows) <= PAGE
        assert not seen & set(rows)
        seen |= set(rows)
        path = next((link.get("href") for link in page.all("a") if "after=" in (link.get("href") or "")), None)
        pages += 1
    assert len(seen) == 2000 + 11
    assert pages == 41


def test_a_page_asks_no_more_of_the_database_with_more_people(app, administrator, crowd):
    administrator.get("/people")
    with statements(app) as few:
        administrator.get("/people?q=guard")
    with statements(app) as many:
        administrator.get("/people")
    assert len(many) <= len(few) + 1


def test_many_are_given_a_role_and_it_is_taken_again(app, world, administrator):
    fields = chosen(world, "technician", "guard", role="storekeeper")
    accepted(administrator.send("/people/chosen/roles", fields | {"verb": "give"}))
    assert noted(app, "roles") == [
        ("员工guard", "guard", "guard, storekeeper", "page"),
        ("员工technician", "technician", "storekeeper, technician", "page"),
    ]
    accepted(administrator.send("/people/chosen/roles", fields | {"verb": "take"}))
    held = sql(app, "SELECT role FROM memberships m JOIN people p ON p.id = person_id WHERE login = 'guard'")
    assert held == [("guard",)]


def test_either_all_of_it_or_nothing(app, world, administrator):
    fields = chosen(world, "foreman", "technician", role="technician", verb="take")
    words = refused(administrator.send("/people/chosen/roles", fields), 422, "roles-missing")
    assert "员工technician" in words
    assert noted(app, "roles") == []
    assert one(app, "SELECT COUNT(*) FROM memberships m JOIN people p ON p.id = person_id WHERE login = 'foreman'") == 2


def test_many_are_shut_out_at_once(app, world, administrator, sign_in):
    inside = sign_in("technician")
    accepted(administrator.send("/people/chosen/suspension", chosen(world, "technician", "guard")))
    assert inside.get("/").status_code == 302
    assert noted(app, "active") == [("员工guard", "yes", "no", "page"), ("员工technician", "yes", "no", "page")]


@pytest.mark.parametrize("path", ["/people/chosen/roles", "/people/chosen/suspension"])
def test_what_may_not_be_done_to_one_is_not_done_to_many(app, world, administrator, path):
    more = {"role": "guard", "verb": "give"}
    refused(administrator.send(path, chosen(world, "guard", "administrator", **more)), 422, "oneself")
    unseen(administrator.send(path, chosen(world, "guard", "southerner", **more)))
    refused(administrator.send(path, chosen(world, **more)), 422, "nobody-chosen")
    assert one(app, "SELECT COUNT(*) FROM changes") == 0


def test_no_role_is_given_to_many_at_another_site(world, administrator):
    fields = chosen(world, "guard", role="guard", verb="give") | {"site_id": str(world.sites["south"])}
    refused(administrator.send("/people/chosen/roles", fields), 422, "unknown-site")


def test_names_number_and_trades_are_changed_and_both_values_stand_there(app, world, administrator):
    path = f"/people/{world.people['technician']}"
    fields = {"login": "Wang", "name": "王建国", "name_en": "Wang Jianguo", "staff_number": "0815", "trades": ["lift"]}
    accepted(administrator.send(f"{path}/details", fields))
    text = administrator.page(path).text
    assert "0815" in text
    assert "王建国" in text
    assert noted(app, "trades") == [("王建国", "electrical", "lift", "page")]
    assert noted(app, "login") == [("员工technician", "technician", "wang", "page")]
    accepted(administrator.send(f"{path}/details", fields))
    assert one(app, "SELECT COUNT(*) FROM changes") == 5, "the same again is no change"


def test_a_number_belongs_to_one_person(app, world, administrator):
    fields = {"login": "guard", "name": "保安", "staff_number": "0815"}
    accepted(administrator.send(f"/people/{world.people['guard']}/details", fields))
    other = {"login": "second", "name": "二", "staff_number": "0815"}
    refused(administrator.send(f"/people/{world.people['second']}/details", other), 422, "login-taken")


def test_a_newcomer_is_written_down(app, world, administrator):
    fields = {"login": "wang", "name": "王芳", "password": "neues-Rad-2026", "site_id": str(world.sites["north"])}
    accepted(administrator.send("/people", fields | {"roles": ["guard"], "staff_number": "77"}))
    assert ("王芳", "", "wang", "page") in noted(app, "new")
    assert ("王芳", "", "guard", "page") in noted(app, "roles")


def test_sign_ins_are_seen_with_their_phone_and_ended_one_or_all(app, world, administrator, sign_in):
    first, second = sign_in("technician"), sign_in("technician")
    path = f"/people/{world.people['technician']}"
    page = administrator.page(path)
    ends = [form.get("action") for form in page.all("form") if "/sign-ins/" in (form.get("action") or "")]
    assert len(ends) == 3
    accepted(administrator.send(ends[0]))
    assert [client.get("/").status_code for client in (first, second)] == [200, 302], "the newest stands first"
    unseen(administrator.send(ends[0], key=new_id()))
    accepted(administrator.send(f"{path}/sign-ins/removal"))
    assert first.get("/").status_code == 302
    assert len(noted(app, "sign_ins")) == 2


def test_it_says_when_a_phone_was_last_used(app, administrator, sign_in, world):
    sign_in("technician").post("/sync/contact", data={"unsent": "0"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert "最近使用" in administrator.page(f"/people/{world.people['technician']}").text


@pytest.mark.parametrize(
    "action", ["details", "links", "sign-ins/removal", "second-factor/removal", "suspension", "password"]
)
def test_whoever_works_elsewhere_too_is_not_changed_as_a_whole(app, world, administrator, action):
    with app.app_context(), write_transaction():
        helper = world.person("outsider")
        helper.memberships.append(Membership(site_id=world.sites["north"], role=Role.GUARD))
    path = f"/people/{world.people['outsider']}"
    fields = {"login": "x", "name": "x", "provider": "oidc", "subject": "u", "password": "neues-Rad-2026"}
    refused(administrator.send(f"{path}/{action}", fields), 403)
    assert f"{path}/{action}" not in administrator.page(path).html


def test_sabotage_without_the_look_at_oneself(app, world, administrator, monkeypatch):
    monkeypatch.setattr(
        administering, "chosen", lambda _by, ids: [session.get_one(Person, person_id) for person_id in ids]
    )
    fields = chosen(world, "administrator", role="manager", verb="give")
    accepted(administrator.send("/people/chosen/roles", fields))
    assert one(app, "SELECT COUNT(*) FROM memberships WHERE role = 'manager'") == 3
