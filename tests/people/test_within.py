"""What somebody may see of people, sites and jobs: exactly theirs, asked from the queries themselves."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from crew_app.core.db import session
from crew_app.core.errors import Forbidden, Unseen
from crew_app.core.ids import new_id
from crew_app.people import actions, queries
from crew_app.people.models import FormerRole, Membership, Person
from crew_app.people.rules import Right, Role
from crew_app.tickets import queries as tickets
from crew_app.tickets.follower_models import TicketFollower
from crew_app.tickets.rules import State
from tests.support.tickets import bring_to

NOW = datetime.now(UTC)


@pytest.fixture
def house(app, world):
    """The small hospital in a transaction that is given up afterwards."""
    with app.app_context():
        yield world
        session.rollback()


def join(house, login, site, role):
    session.add(Membership(person_id=house.people[login], site_id=house.sites[site], role=role))
    session.flush()
    session.expire(house.person(login))


def test_a_log_in_name_is_found_however_it_is_typed(house):
    assert queries.by_login("  TechniciaN ") is house.person("technician")
    assert queries.by_login("techniciam") is None


def test_whether_there_is_anybody(house):
    assert queries.anybody() is True


@pytest.mark.parametrize("right", [Right.MANAGE_PEOPLE, Right.VERIFY])
def test_sites_are_those_where_the_right_is_held(house, right):
    join(house, "administrator", "south", Role.REQUESTER)
    found = [site.id for site in queries.sites_where(house.person("administrator"), right)]
    assert found == ([house.sites["north"]] if right is Right.MANAGE_PEOPLE else [])


def test_of_several_sites_that_of_the_first_role_comes_first(house):
    join(house, "outsider", "north", Role.MANAGER)
    person = house.person("outsider")
    order = list(dict.fromkeys(one.site_id for one in person.memberships))
    assert [site.id for site in queries.sites_where(person, Right.REPORT)] == order
    assert len(order) == 2


def test_sites_by_id_are_only_these(house):
    assert [site.code for site in queries.sites(frozenset({house.sites["south"]}))] == ["south"]


def test_one_site_with_the_right_and_any_other_is_not_known(house):
    person = house.person("administrator")
    assert queries.site_where(person, Right.CONNECT, house.sites["north"]).code == "north"
    for right, site in ((Right.CONNECT, "south"), (Right.VERIFY, "north")):
        with pytest.raises(Unseen) as refusal:
            queries.site_where(person, right, house.sites[site])
        assert refusal.value.code == "unknown-site"


def test_everywhere_means_every_site(house):
    person = house.person("administrator")
    assert not queries.everywhere(person, Right.CONFIGURE)
    join(house, "administrator", "south", Role.ADMINISTRATOR)
    assert queries.everywhere(house.person("administrator"), Right.CONFIGURE)
    assert not queries.everywhere(house.person("administrator"), Right.VERIFY)


def test_an_administrator_manages_the_people_of_the_own_site_and_nobody_else(house):
    by = house.person("administrator")
    found = {person.login for person in queries.managed_people(by)}
    assert found == set(house.people) - {"outsider", "southerner"}
    assert queries.managed_people(house.person("supervisor")) == []
    assert queries.managed_person(by, house.people["guard"]).login == "guard"
    for stranger in (house.people["southerner"], new_id()):
        with pytest.raises(Unseen) as refusal:
            queries.managed_person(by, stranger)
        assert refusal.value.code == "unknown-person"


def test_whoever_also_works_elsewhere_is_managed_but_not_subordinate(house):
    by = house.person("administrator")
    assert queries.subordinate_person(by, house.people["guard"]).login == "guard"
    join(house, "guard", "south", Role.GUARD)
    assert queries.managed_person(by, house.people["guard"]).login == "guard"
    with pytest.raises(Forbidden) as refusal:
        queries.subordinate_person(by, house.people["guard"])
    assert refusal.value.code == "may-not"
    join(house, "administrator", "south", Role.ADMINISTRATOR)
    join(house, "administrator", "south", Role.REQUESTER)
    assert queries.subordinate_person(house.person("administrator"), house.people["guard"]).login == "guard"


def test_an_administrator_of_two_sites_has_who_works_at_one_of_them_in_hand(house):
    join(house, "administrator", "south", Role.ADMINISTRATOR)
    assert queries.subordinate_person(house.person("administrator"), house.people["guard"]).login == "guard"


def test_sign_ins_are_the_own_ones_that_are_alive_the_last_one_first(house):
    me, other = house.person("guard"), house.person("manager")
    for person, age, lifetime in ((me, 2, 5), (me, 1, 5), (other, 1, 5)):
        began = NOW - timedelta(hours=age)
        actions.start_session(person, f"{person.login} {age}", at=began, lifetime=timedelta(hours=lifetime))
    actions.start_session(me, "over", at=NOW - timedelta(hours=3), lifetime=timedelta(hours=1))
    assert [found.user_agent for found in queries.sign_ins(me)] == ["guard 1", "guard 2"]


@pytest.mark.parametrize(("hours", "lost"), [(-1, False), (0, False), (1, True)])
def test_a_role_counts_for_what_was_done_before_it_ended(house, hours, lost):
    person, ended = house.person("guard"), NOW
    session.add(FormerRole(person_id=person.id, site_id=house.sites["south"], role=Role.MANAGER, until=ended))
    former = FormerRole(person_id=house.people["second"], site_id=house.sites["south"], role=Role.DESK, until=ended)
    session.add(former)
    session.flush()
    then = queries.person_then(person.id, ended + timedelta(hours=hours - 1))
    wanted = {(house.sites["north"], Role.GUARD)}
    wanted |= {(house.sites["south"], Role.MANAGER)} if hours < 1 else set()
    assert {(one.site_id, one.role) for one in then.memberships} == wanted
    assert {one.person_id for one in then.memberships} == {person.id}
    assert lost is (hours == 1)
    assert then not in session


def test_who_was_shut_out_has_only_the_roles_from_before(house):
    person = house.person("guard")
    session.add(FormerRole(person_id=person.id, site_id=house.sites["north"], role=Role.GUARD, until=NOW))
    person.active = False
    session.flush()
    assert queries.person_then(person.id, NOW).memberships == []
    then = queries.person_then(person.id, NOW - timedelta(seconds=1))
    assert [one.role for one in then.memberships] == [Role.GUARD]


def test_what_is_read_of_somebody_then_is_read_anew(house):
    person = house.person("guard")
    session.flush()
    session.execute(update(Person).values(active=False), execution_options={"synchronize_session": False})
    assert queries.person_then(person.id, NOW).memberships == []


def test_a_job_is_seen_by_its_crew_its_reporter_and_whoever_joined(house):
    seen, other = (bring_to(house, State.OPEN, reporter=login) for login in ("requester", "manager"))
    joined = bring_to(house, State.OPEN, reporter="manager")
    for ticket, login in ((joined, "requester"), (other, "contractor")):
        follower = {"site_id": ticket.site_id, "ticket_id": ticket.id, "person_id": house.people[login]}
        session.add(TicketFollower(**follower, joined_at=NOW))
    session.flush()
    for login, known in (
        ("technician", {seen.id, other.id, joined.id}),
        ("requester", {seen.id, joined.id}),
        ("contractor", {other.id}),
        ("outsider", set()),
    ):
        person = house.person(login)
        assert {one.id for one in tickets.newest(person, tickets.Filter())} == known, login
        for one in (seen, other, joined):
            for load in (tickets.ticket, tickets.whole):
                if one.id in known:
                    assert load(person, one.id).id == one.id
                else:
                    with pytest.raises(Unseen) as refusal:
                        load(person, one.id)
                    assert refusal.value.code == "unknown-ticket"
