"""`crew labels`: a file for a selection, blank labels that can be claimed, and plain words for what is wrong."""

import dataclasses

import pytest
from sqlalchemy import select

from crew_app.cli.labels import Order, setup_of, write
from crew_app.core.changes import Change, How
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.labels.models import BlankTag
from tests.support import degraded

BASE = "https://crew.example.org"


@pytest.fixture(autouse=True)
def within(app, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", dataclasses.replace(app.config["SETTINGS"], public_url=BASE))
    with app.app_context():
        yield


def read(path):
    return {text for page in degraded.rendered(path.read_bytes()) for text in degraded.read(page)}


def test_a_file_for_a_kind(world, tmp_path):
    out = tmp_path / "pumps.pdf"
    assert "a4-8" in write(Order(site="north", kind="pump"), setup_of("a4-8", 1), out)
    assert read(out) == {f"{BASE}/t/{world.tags['pump']}"}


def test_a_place_with_everything_below_and_tags_for_what_has_none(world, tmp_path):
    out = tmp_path / "ward.pdf"
    order = Order(site="north", place="north-B1", missing=True, make_tags=True, by="supervisor")
    write(order, setup_of("roll-50x30", 1), out)
    assert len(read(out)) == 5
    assert f"{BASE}/t/{world.tags['room']}" in read(out)


def test_blank_ones(world, tmp_path):
    out = tmp_path / "blank.pdf"
    write(Order(site="north", blank=3, by="supervisor"), setup_of("a4-10", 1), out)
    assert read(out) == {f"{BASE}/t/{code}" for code in session.scalars(select(BlankTag.code))}
    assert session.scalars(select(Change.how)).all() == [How.COMMAND]


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (Order(), "site-missing"),
        (Order(site="west"), "site-missing"),
        (Order(site="north", place="nowhere"), "unknown-parent"),
        (Order(site="north", blank=3), "person"),
    ],
)
def test_what_is_wrong_is_said(tmp_path, order, code):
    with pytest.raises(Refused) as refusal:
        write(order, setup_of("a4-24", 1), tmp_path / "x.pdf")
    assert refusal.value.code == code
    with pytest.raises(Refused):
        setup_of("a3", 1)


def test_without_an_address_there_is_nothing_to_print(app, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "SETTINGS", dataclasses.replace(app.config["SETTINGS"], public_url=None))
    with pytest.raises(Refused) as refusal:
        write(Order(site="north"), setup_of("a4-24", 1), tmp_path / "x.pdf")
    assert refusal.value.code == "public-url"
