"""People, for the administrator of a site: adding, roles, shutting out, a new password; never across sites."""

import pytest

from crew_app.core.db import write_transaction
from crew_app.core.ids import new_id
from crew_app.people.models import Membership
from crew_app.people.rules import Role
from tests.support.client import accepted, path_of, refused, some_id, unseen
from tests.support.counting import one, sql
from tests.support.people import PASSWORD

NEW = "neues-Rad-2026"


@pytest.fixture
def administrator(sign_in):
    return sign_in("administrator")


@pytest.fixture
def guard(world):
    """The address of somebody at the administrator's site."""
    return f"/people/{world.people['guard']}"


def newcomer(world, **changes):
    fields = {"login": "wang", "name": "王芳", "password": NEW, "site_id": str(world.sites["north"])}
    return fields | {"roles": ["technician", "guard"], "trades": ["plumbing"]} | changes


def test_somebody_new_is_added_and_must_choose_a_password(app, world, administrator, stranger):
    location = accepted(administrator.send("/people", newcomer(world)))
    assert "王芳" in administrator.page(location).text
    response = stranger.sign_in("wang", NEW)
    assert path_of(response) == "/"
    assert path_of(stranger.get("/")) == "/password"
    held = {
        row[0]
        for row in sql(app, "SELECT role FROM memberships JOIN people p ON p.id = person_id WHERE login = 'wang'")
    }
    assert held == {"technician", "guard"}


def test_the_list_shows_the_people_of_ones_own_site(administrator):
    text = administrator.page("/people").text
    assert "员工technician" in text
    assert "员工outsider" not in text


def test_a_login_name_is_given_once(app, world, administrator):
    refused(administrator.send("/people", newcomer(world, login="Guard")), 422, "login-taken")
    assert one(app, "SELECT COUNT(*) FROM people WHERE login = 'guard'") == 1


@pytest.mark.parametrize(
    "change",
    [{"login": ""}, {"login": "x" * 61}, {"password": "short"}, {"password": "wang-wang-wang"}],
    ids=["no-name", "long-name", "short-password", "name-in-password"],
)
def test_what_is_missing_or_weak_is_refused(app, world, administrator, change):
    before = one(app, "SELECT COUNT(*) FROM people")
    refused(administrator.send("/people", newcomer(world, **change)), 422)
    assert one(app, "SELECT COUNT(*) FROM people") == before


@pytest.mark.parametrize("roles", [[], ["emperor"]])
def test_nobody_is_added_without_a_role(app, world, administrator, roles):
    """They would belong to no site, so that nobody could ever see or change them again."""
    refused(administrator.send("/people", newcomer(world, roles=roles)), 422)
    assert one(app, "SELECT COUNT(*) FROM people WHERE login = 'wang'") == 0


def test_roles_are_set_exactly(app, world, administrator, guard):
    fields = {"site_id": str(world.sites["north"]), "roles": ["supervisor", "storekeeper"]}
    accepted(administrator.send(f"{guard}/roles", fields))
    held = {
        row[0]
        for row in sql(app, "SELECT role FROM memberships JOIN people p ON p.id = person_id WHERE login = 'guard'")
    }
    assert held == {"supervisor", "storekeeper"}


def test_the_last_role_is_not_taken_away(world, administrator, guard):
    """Suspension shuts somebody out; without any role nobody could let them in again."""
    refused(administrator.send(f"{guard}/roles", {"site_id": str(world.sites["north"])}), 422)
    assert administrator.page(guard)


def test_suspension_shuts_out_and_reinstatement_lets_in(administrator, guard, sign_in, stranger):
    accepted(administrator.send(f"{guard}/suspension"))
    assert stranger.post("/login", data={"login": "guard", "password": PASSWORD}).status_code == 422
    accepted(administrator.send(f"{guard}/reinstatement"))
    assert sign_in("guard").get("/").status_code == 200


def test_a_new_password_is_a_temporary_one(administrator, guard, stranger):
    accepted(administrator.send(f"{guard}/password", {"password": NEW}))
    stranger.sign_in("guard", NEW)
    assert path_of(stranger.get("/")) == "/password"


def test_passwords_are_in_no_fingerprint(app, administrator, guard):
    """The receipt of two different passwords under one key is the same: it does not depend on them."""
    key = new_id()
    accepted(administrator.send(f"{guard}/password", {"password": NEW}, key=key))
    accepted(administrator.send(f"{guard}/password", {"password": "etwas-anderes-9"}, key=key))
    assert one(app, "SELECT COUNT(*) FROM receipts") == 1


@pytest.mark.parametrize("action", ["roles", "suspension", "reinstatement", "password"])
def test_nobody_changes_their_own_rights(world, administrator, action):
    fields = {"site_id": str(world.sites["north"]), "roles": ["supervisor"], "password": NEW}
    path = f"/people/{world.people['administrator']}/{action}"
    refused(administrator.send(path, fields), 422, "oneself")


@pytest.mark.parametrize("action", ["roles", "suspension", "reinstatement", "password"])
def test_people_of_another_site_do_not_exist_here(app, world, administrator, action):
    fields = {"site_id": str(world.sites["north"]), "roles": ["supervisor"], "password": NEW}
    unseen(administrator.send(f"/people/{world.people['southerner']}/{action}", fields))
    assert one(app, "SELECT active FROM people WHERE login = 'southerner'")


def test_the_page_of_somebody_of_another_site_does_not_exist(world, administrator, sign_in):
    unseen(administrator.get(f"/people/{world.people['southerner']}"))
    unseen(sign_in("outsider").get(f"/people/{world.people['guard']}"))
    unseen(administrator.get(f"/people/{some_id()}"))


@pytest.mark.parametrize("path", ["", "/roles"])
def test_no_rights_are_given_at_another_site(world, administrator, guard, path):
    target = f"{guard}/roles" if path else "/people"
    refused(administrator.send(target, newcomer(world, site_id=str(world.sites["south"]))), 422, "unknown-site")


@pytest.mark.parametrize("action", ["suspension", "password"])
def test_an_administrator_of_one_site_has_no_power_over_one_of_another(app, world, administrator, action):
    """Somebody who helps out in the north and administers the south: setting their password would be taking over."""
    with app.app_context(), write_transaction():
        helper = world.person("outsider")
        helper.memberships.append(Membership(site_id=world.sites["north"], role=Role.GUARD))
    path = f"/people/{world.people['outsider']}/{action}"
    assert administrator.send(path, {"password": NEW}).status_code in (403, 422)
    assert one(app, "SELECT active FROM people WHERE login = 'outsider'")


@pytest.mark.parametrize("login", ["technician", "supervisor", "manager", "storekeeper", "requester"])
def test_only_administrators_manage_people(app, world, sign_in, guard, login):
    client = sign_in(login)
    assert client.get("/people").status_code == client.get(guard).status_code == 403
    refused(client.send("/people", newcomer(world)), 403)
    refused(client.send(f"{guard}/suspension"), 403)


@pytest.mark.parametrize("action", ["roles", "suspension", "reinstatement", "password"])
def test_looking_is_not_changing(administrator, guard, action):
    assert administrator.get(f"{guard}/{action}").status_code == 405
    assert administrator.post(f"{guard[:-1]}x/{action}").status_code == 404


def test_the_same_request_again_adds_nobody_twice(app, world, administrator):
    key, fields = new_id(), newcomer(world)
    first = accepted(administrator.send("/people", fields, key=key))
    assert accepted(administrator.send("/people", fields, key=key)) == first
    assert one(app, "SELECT COUNT(*) FROM people WHERE login = 'wang'") == 1
