"""Removals: the chain stays whole along sealed ones, and a forged one hides nothing."""

import pytest
from sqlalchemy import select

from crew_app.cli.audit import verdict
from crew_app.core import chain_checks
from crew_app.core.chain import COVERS, content_of
from crew_app.core.chain_checks import faults
from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.core.removals import Removal, Removed, removing
from crew_app.rounds.models import Visit
from crew_app.web.sealing import seal_what_was_there
from tests.support.applications import signing_in
from tests.support.client import accepted
from tests.support.keeping import adopt_all, by_hand, decide, faults_of
from tests.support.rounds import make_run, visiting

HERE = "31.230000 121.470000 12.0"
GONE = "UPDATE visits SET latitude = NULL, longitude = NULL, accuracy = NULL"
FORGED = (
    "INSERT INTO removals SELECT '{id}', site_id, 'visit', id, 'position', '{before}', '{after}', 'rule: position',"
    " NULL, at FROM visits"
)


def walked(app, world, sign_in):
    """A visit with a position at a site that wants it."""
    decide(app, world, position_days=30)
    ids = make_run(app, world)
    accepted(sign_in("guard").send(f"/rounds/stops/{ids['room']}/visits", visiting(position=HERE)), 201)
    adopt_all(app)


@pytest.fixture
def visit(app, world, sign_in):
    walked(app, world, sign_in)


def take_position(app):
    with app.app_context(), write_transaction():
        found = session.scalars(select(Visit)).one()
        with removing(found, Removed.POSITION, reason="rule: position", at=now()):
            found.latitude = found.longitude = found.accuracy = None


def removed(app):
    with app.app_context():
        return chain_checks.removed()


def test_a_position_that_was_removed_leaves_the_chain_whole_and_is_counted(any_app, any_world):
    walked(any_app, any_world, signing_in(any_app, any_world))
    take_position(any_app)
    with any_app.app_context():
        assert session.scalars(select(Visit.latitude)).one() is None
        assert list(faults()) == []
        assert "1 position" in verdict(0)
    assert removed(any_app) == {"position": 1}


def test_a_position_taken_out_by_hand_is_named(app, visit):
    by_hand(app, GONE)
    assert faults_of(app) == [("altered", "visit")]


def test_a_removal_put_in_by_hand_hides_nothing_and_is_named_too(app, visit):
    with app.app_context():
        kind, model = "visit", session.scalars(select(Visit)).one()
        before = content_of(COVERS[kind], model)
        model.latitude = model.longitude = model.accuracy = None
        after = content_of(COVERS[kind], model)
        session.rollback()
    by_hand(app, GONE, FORGED.format(id="f" * 32, before=before, after=after))
    assert faults_of(app) == [("altered", "visit"), ("unsealed", "removal")]
    with app.app_context():
        assert seal_what_was_there(app.config["SETTINGS"], now()) == 0
    assert ("altered", "visit") in faults_of(app)


def test_what_else_is_changed_under_cover_of_a_removal_is_named(app, visit):
    take_position(app)
    by_hand(app, "UPDATE visits SET note = 'anders'")
    assert faults_of(app) == [("altered", "visit")]


def test_a_sealed_removal_allows_no_more_than_what_it_names(app, visit):
    """Even with a sealed record: what a row says may change only by what was emptied."""
    with app.app_context(), write_transaction():
        found = session.scalars(select(Visit)).one()
        with removing(found, Removed.POSITION, reason="rule: position", at=now()):
            found.note = "anders"
    assert faults_of(app) == [("altered", "visit")]


def test_a_removal_that_was_altered_or_deleted_is_named(app, visit):
    take_position(app)
    by_hand(app, "UPDATE removals SET reason = 'anders' WHERE what = 'position'", tables=("removals",))
    assert faults_of(app) == [("altered", "removal"), ("altered", "visit")]
    by_hand(app, "DELETE FROM removals WHERE what = 'position'")
    assert faults_of(app) == [("altered", "visit"), ("deleted", "removal")]


def test_a_position_may_be_taken_only_once_but_harmlessly_twice(app, visit):
    take_position(app)
    take_position(app)
    assert faults_of(app) == []


def test_removals_never_change_without_breaking_the_triggers(app, visit):
    take_position(app)
    for statement in ("UPDATE removals SET reason = ''", "DELETE FROM removals"):
        with pytest.raises(Exception, match="append-only"):
            by_hand(app, statement)


def test_without_following_removals_the_check_would_cry_wolf(app, visit, monkeypatch):
    take_position(app)
    monkeypatch.setattr(chain_checks, "follow", lambda content, _row, _removals: content)
    assert faults_of(app) == [("altered", "visit")]


def test_without_looking_at_the_seal_a_forged_removal_would_hide_a_change(app, visit, monkeypatch):
    """What the test of forged removals protects."""
    take_position(app)
    by_hand(app, "DELETE FROM chain_links WHERE kind = 'removal'", tables=("chain_links",))
    assert ("altered", "visit") in faults_of(app)
    with app.app_context():
        unsealed = {row.subject: [row] for row in session.scalars(select(Removal).where(Removal.kind == "visit"))}
    monkeypatch.setattr(chain_checks, "sealed_removals", lambda _kind, _subjects: unsealed)
    assert ("altered", "visit") not in faults_of(app)
