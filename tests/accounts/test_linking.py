"""Accounts and people: linking them, rules that give and take roles, and what is noted of it."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest

from crew_app.core.db import session, write_transaction
from crew_app.people import account_rules
from crew_app.people.identity_models import AccountRule
from crew_app.people.rules import Role
from tests.support.accounts import come, number, rule
from tests.support.client import accepted, path_of, refused, some_id, unseen
from tests.support.counting import one, sql


@pytest.fixture
def known(app, world):
    """The technician has the staff number of the account."""
    number(app, world.people["technician"], "S-100")


def roles(app, login):
    query = (
        "SELECT s.code, m.role FROM memberships m JOIN people p ON p.id = m.person_id JOIN sites s ON s.id = m.site_id"
    )
    return {(site, role) for site, role in sql(app, f"{query} WHERE p.login = :login", login=login)}


def noted(app, field):
    return sql(app, "SELECT before, after, how FROM changes WHERE field = :field ORDER BY id", field=field)


def test_whoever_is_signed_in_links_their_own_account_after_looking_at_it(app, world, sign_in):
    client = sign_in("guard")
    assert path_of(come(client)) == "/account/links/new"
    assert "hua" in client.page("/account/links/new").text
    accepted(client.send("/account/links"))
    client.post("/sign-out")
    come(client)
    assert client.get("/").headers["Crew-Person"] == str(world.people["guard"])


def test_nothing_is_linked_before_it_was_confirmed(app, sign_in):
    come(sign_in("guard"))
    assert one(app, "SELECT COUNT(*) FROM identities") == 0


def test_an_account_that_was_offered_here_is_linked_nowhere_else(app, sign_in):
    come(sign_in("guard"))
    refused(sign_in("second").send("/account/links"), 422, "nothing-to-link")


def test_an_account_with_somebody_elses_staff_number_is_not_linked(app, known, sign_in):
    client = sign_in("guard")
    come(client)
    refused(client.send("/account/links"), 422, "account-of-another")


def test_an_account_of_somebody_else_does_not_change_who_is_signed_in(app, world, known, stranger, sign_in):
    come(stranger)
    client = sign_in("guard")
    assert come(client).status_code == 422
    assert client.get("/").headers["Crew-Person"] == str(world.people["guard"])


def test_ways_to_sign_in_are_changed_only_by_whoever_proved_it_just_now(app, world, sign_in, monkeypatch):
    client = sign_in("guard")
    come(client)
    monkeypatch.setattr("crew_app.web.people.FRESH", timedelta())
    refused(client.send("/account/links"), 403, "prove-again")
    assert "/login/again" in client.page("/account").html


def test_a_link_is_taken_back_by_its_person_and_by_an_administrator(app, world, known, stranger, sign_in):
    come(stranger)
    stranger.person_id = world.people["technician"]
    link = UUID(str(one(app, "SELECT id FROM identities")))
    unseen(sign_in("guard").send(f"/account/links/{link}/removal"))
    accepted(stranger.send(f"/account/links/{link}/removal"))
    assert stranger.get("/").status_code == 200, "the sign-in that did it goes on"
    come(stranger.application.test_client())
    link = UUID(str(one(app, "SELECT id FROM identities")))
    accepted(sign_in("administrator").send(f"/people/{world.people['technician']}/links/{link}/removal"))
    assert stranger.get("/").status_code == 302
    assert noted(app, "account")[-1][:2] == ("oidc hua", "")


def test_an_administrator_links_by_what_the_provider_calls_it(app, world, sign_in, stranger):
    path = f"/people/{world.people['guard']}/links"
    accepted(sign_in("administrator").send(path, {"provider": "oidc", "subject": "u-1"}))
    come(stranger)
    assert stranger.get("/").headers["Crew-Person"] == str(world.people["guard"])
    other = f"/people/{world.people['second']}/links"
    refused(sign_in("administrator").send(other, {"provider": "oidc", "subject": "u-1"}), 422, "account-taken")


def test_rules_give_and_take_their_roles_and_leave_the_others(app, world, known, stranger, provider):
    rule(app, world.sites["north"], Role.SUPERVISOR, "bosses")
    rule(app, world.sites["south"], Role.GUARD, "crew")
    provider.people["u-1"]["groups"] = ["crew", "bosses"]
    come(stranger)
    assert roles(app, "technician") == {("north", "technician"), ("north", "supervisor"), ("south", "guard")}
    provider.people["u-1"]["groups"] = ["crew"]
    stranger.post("/sign-out")
    come(stranger)
    assert roles(app, "technician") == {("north", "technician"), ("south", "guard")}
    assert noted(app, "roles")[-1] == ("supervisor, technician", "technician", "sign_in")


def test_a_claim_that_is_gone_gives_nothing(app, world, known, stranger, provider):
    rule(app, world.sites["north"], Role.SUPERVISOR, "crew")
    come(stranger)
    del provider.people["u-1"]["groups"]
    stranger.post("/sign-out")
    come(stranger)
    assert roles(app, "technician") == {("north", "technician")}


def test_nested_claims_are_named_with_dots(app, world, known, stranger, provider):
    rule(app, world.sites["north"], Role.DESK, "desk", claim="realm_access.roles")
    provider.people["u-1"]["realm_access"] = {"roles": ["desk"]}
    come(stranger)
    assert ("north", "desk") in roles(app, "technician")


def test_other_sign_ins_end_when_a_rule_changes_roles(app, world, known, stranger, sign_in):
    elsewhere = sign_in("technician")
    come(stranger)
    assert elsewhere.get("/").status_code == 200
    rule(app, world.sites["north"], Role.SUPERVISOR, "crew")
    stranger.post("/sign-out")
    come(stranger)
    assert elsewhere.get("/").status_code == 302
    assert stranger.get("/").status_code == 200


def test_whoever_has_no_role_left_is_shut_out_at_once(app, world, known, stranger, provider, sign_in):
    rule(app, world.sites["north"], Role.TECHNICIAN, "crew")
    elsewhere = sign_in("technician")
    provider.people["u-1"]["groups"] = []
    assert come(stranger).status_code == 422
    assert elsewhere.get("/").status_code == 302
    assert not one(app, "SELECT active FROM people WHERE login = 'technician'")
    assert noted(app, "active") == [("yes", "no", "sign_in")]
    assert stranger.post("/login", data={"login": "technician", "password": "blauer-Eimer-47"}).status_code == 422


def test_the_last_administrator_stays_one(app, world, stranger, provider):
    number(app, world.people["administrator"], "S-100")
    rule(app, world.sites["north"], Role.ADMINISTRATOR, "admins")
    come(stranger)
    assert roles(app, "administrator") == {("north", "administrator")}


def test_sabotage_without_taking_away_the_role_would_stay(app, world, known, stranger, provider, monkeypatch):
    rule(app, world.sites["north"], Role.SUPERVISOR, "crew")
    come(stranger)
    provider.people["u-1"]["groups"] = []
    monkeypatch.setattr(account_rules, "_is_last", lambda *_: True)  # everything held is kept
    stranger.post("/sign-out")
    come(stranger)
    assert ("north", "supervisor") in roles(app, "technician")


def test_rules_are_made_and_taken_away_by_administrators_of_the_site(app, world, sign_in):
    admin, fields = (
        sign_in("administrator"),
        {"provider": "oidc", "claim": "groups", "value": "电工", "role": "technician"},
    )
    accepted(admin.send("/admin/sign-in/rules", fields | {"site_id": str(world.sites["north"])}))
    unseen(admin.send("/admin/sign-in/rules", fields | {"site_id": str(world.sites["south"])}))
    refused(admin.send("/admin/sign-in/rules", fields | {"site_id": str(world.sites["north"])}), 422, "rule-known")
    assert "电工" in admin.page("/admin/sign-in").text
    with app.app_context():
        made = session.query(AccountRule).one().id
    unseen(sign_in("outsider").send(f"/admin/sign-in/rules/{made}/removal"))
    accepted(admin.send(f"/admin/sign-in/rules/{made}/removal"))
    unseen(admin.send(f"/admin/sign-in/rules/{some_id()}/removal"))
    assert [field for _, _, field in noted(app, "new")] == ["page"]
    assert noted(app, "removed")[0][0] == "provider: oidc; claim: groups; value: 电工; role: technician"


def test_a_rule_that_is_gone_governs_nothing(app, world, known, stranger, provider):
    rule(app, world.sites["north"], Role.SUPERVISOR, "crew")
    come(stranger)
    with app.app_context(), write_transaction():
        session.query(AccountRule).delete()
    provider.people["u-1"]["groups"] = []
    stranger.post("/sign-out")
    come(stranger)
    assert ("north", "supervisor") in roles(app, "technician")


@pytest.mark.parametrize("up", [10.0, 1e6], ids=["machine just started", "machine up for days"])
def test_the_provider_is_tried_out(app, sign_in, provider, monkeypatch, up):
    monkeypatch.setattr("crew_app.web.oidc.time", SimpleNamespace(monotonic=lambda: up))
    admin = sign_in("administrator", language="en")
    good = admin.post("/admin/sign-in/trial", data={"provider": "oidc"}).get_data(as_text=True)
    assert "It answers" in good
    provider.faults["html"] = ["/.well-known/openid-configuration"]
    bad = admin.post("/admin/sign-in/trial", data={"provider": "oidc"}).get_data(as_text=True)
    assert "It does not answer as it should" in bad
    assert "It answers" in admin.post("/admin/sign-in/trial", data={"provider": "wecom"}).get_data(as_text=True)


def test_a_temporary_password_is_nothing_to_whoever_comes_without_it(app, world, known, stranger):
    with app.app_context(), write_transaction():
        world.person("technician").must_change_password = True
    come(stranger)
    assert stranger.get("/tickets").status_code == 200


def test_it_asks_again_when_somebody_is_signed_in(sign_in):
    response = sign_in("guard").get("/login/oidc")
    assert "prompt=login" in response.headers["Location"]
