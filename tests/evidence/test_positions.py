"""Positions: off unless a site wants them, kept for a limited time, never needed."""

from datetime import timedelta

import pytest

from crew_app.core.clock import now
from crew_app.evidence import actions
from crew_app.web import keeping
from tests.support.client import accepted
from tests.support.counting import one, sql
from tests.support.keeping import add_photo, adopt_all, decide, faults_of, photo_of
from tests.support.rounds import make_run, visiting
from tests.support.tickets import make_ticket

HERE = "31.230000 121.470000 12.0"
FLAGS = "SELECT rule FROM visit_flags ORDER BY rule"


def visit(app, world, sign_in, **fields):
    ids = make_run(app, world)
    accepted(sign_in("guard").send(f"/rounds/stops/{ids['room']}/visits", visiting(**fields)), 201)
    return ids["run"]


def let_go(app, world, days):
    with app.app_context():
        return keeping.let_go_at(world.sites["north"], now() + timedelta(days=days))


def test_nothing_is_kept_where_nobody_decided_so(app, world, sign_in):
    photo = photo_of(app, add_photo(sign_in("technician"), make_ticket(app, world)))
    assert (photo.latitude, photo.longitude) == (None, None)
    assert photo.exif_at, "the rest of what the camera said is kept"
    visit(app, world, sign_in, position=HERE)
    assert one(app, "SELECT latitude FROM visits") is None


def test_a_site_that_wants_positions_gets_them(app, world, sign_in):
    decide(app, world, position_days=30)
    photo = photo_of(app, add_photo(sign_in("technician"), make_ticket(app, world)))
    assert photo.latitude == pytest.approx(31.23)
    visit(app, world, sign_in, position=HERE)
    assert one(app, "SELECT latitude FROM visits") == pytest.approx(31.23)


def test_the_phone_is_asked_only_where_the_site_wants_it(app, world, sign_in):
    run, guard = make_run(app, world)["run"], sign_in("guard")
    asking = ('name="position"', "data-allow-position")
    page = guard.page(f"/rounds/runs/{run}").html
    assert not any(one in page for one in asking)
    decide(app, world, position_days=1)
    page = guard.page(f"/rounds/runs/{run}").html
    assert all(one in page for one in asking)


def test_presence_is_judged_the_same_without_positions(app, world, sign_in):
    visit(app, world, sign_in, how="tap")
    without = sql(app, FLAGS)
    decide(app, world, position_days=30)
    visit(app, world, sign_in, how="tap", position=HERE)
    assert sql(app, FLAGS) == sorted(without * 2)


def test_after_its_time_a_position_is_forgotten_and_the_chain_stays_whole(app, world, sign_in):
    decide(app, world, position_days=30)
    photo = add_photo(sign_in("technician"), make_ticket(app, world))
    visit(app, world, sign_in, position=HERE)
    adopt_all(app)
    assert let_go(app, world, 29) == 0
    assert let_go(app, world, 31) == 2
    assert photo_of(app, photo).latitude is None
    assert sql(app, "SELECT latitude, longitude, accuracy FROM visits") == [(None, None, None)]
    assert one(app, "SELECT COUNT(*) FROM removals WHERE what = 'position'") == 1
    assert faults_of(app) == []
    assert let_go(app, world, 31) == 0


def test_a_site_that_changes_its_mind_forgets_all_of_them(app, world, sign_in):
    decide(app, world, position_days=30)
    photo = add_photo(sign_in("technician"), make_ticket(app, world))
    decide(app, world, position_days=0)
    let_go(app, world, 0)
    assert photo_of(app, photo).latitude is None


def test_what_arrives_when_its_time_is_over_is_not_kept_either(app, world, sign_in):
    decide(app, world, position_days=1)
    client, ticket = sign_in("technician"), make_ticket(app, world)
    late = add_photo(client, ticket, photo_taken_at=(now() - timedelta(days=3)).isoformat())
    assert photo_of(app, late).latitude is None


def test_without_asking_the_rule_positions_would_be_kept(app, world, sign_in, monkeypatch):
    monkeypatch.setattr(actions, "positions_since", lambda _site, at: at - timedelta(days=365))
    assert photo_of(app, add_photo(sign_in("technician"), make_ticket(app, world))).latitude is not None
