"""Levels, the lists that follow from them, and purchase lists from proposal to the last delivery."""

import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.core.clock import now, server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.errors import Refused
from crew_app.core.ids import new_id
from crew_app.stock.actions import issue
from crew_app.storeroom import lists, purchases
from crew_app.storeroom.levels import Levels, bin_of, bins, set_levels
from crew_app.storeroom.models import Slip, SlipKind, SlipState
from crew_app.storeroom.rules import SAFETY, USE_DAYS, Position, reorder_point
from crew_app.storeroom.slips import Asked, Draft, make
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.counting import counts, one, sql
from tests.support.tickets import make_ticket

QUANTITIES = st.decimals("0", "5000", places=3)


def levels(world, store="store", **more):
    fields = {"store_id": str(world.accounts[store]), "bin": "A-03-2", "minimum": "20", "reorder_point": "40"}
    return fields | {"maximum": "100", "lead_time_days": "7"} | more


def set_(sign_in, world, login="storekeeper", item="valve", **more):
    return sign_in(login).send(f"/stock/items/{world.items[item]}/levels", levels(world, **more))


def plan(world, *lines, **more):
    fields = {"slip_id": str(new_id()), "site_id": str(world.sites["north"]), "month": f"{datetime.now(UTC):%Y-%m}"}
    return (
        fields
        | {"line_item": [str(world.items[item]) for item, _ in lines], "line_quantity": [q for _, q in lines]}
        | more
    )


@pytest.fixture
def bought(world, sign_in):
    """A purchase list of the storekeeper: 70 valves."""
    location = accepted(sign_in("storekeeper").send("/stock/purchases", plan(world, ("valve", "70"))), 201)
    return location.rsplit("/", 1)[1]


def test_levels_and_bin_are_set_on_the_page_of_the_item(app, world, sign_in):
    accepted(set_(sign_in, world))
    accepted(set_(sign_in, world, bin="B-1"))
    page = sign_in("storekeeper").page(f"/stock/items/{world.items['valve']}")
    assert "B-1" in page.text
    with app.app_context():
        assert bin_of(world.accounts["store"], world.items["valve"]) == "B-1"
        assert bin_of(world.accounts["store"], world.items["tube"]) == ""
        assert bins(world.accounts["store"]) == {world.items["valve"]: "B-1"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"minimum": "41"}, "levels"),
        ({"maximum": "39"}, "levels"),
        ({"minimum": "-1"}, "quantity"),
        ({"maximum": "1e9"}, "quantity"),
        ({"reorder_point": "x"}, "quantity"),
        ({"lead_time_days": "366"}, "lead-time"),
        ({"lead_time_days": "-1"}, "lead-time"),
        ({"store_id": ""}, "id-missing"),
    ],
)
def test_levels_that_make_no_sense(app, world, sign_in, change, code):
    refused(set_(sign_in, world, **change), 422, code)
    assert one(app, "SELECT COUNT(*) FROM stock_levels") == 0


def test_only_the_storekeeper_of_the_site_sets_them(world, sign_in):
    refused(set_(sign_in, world, login="technician"), 403)
    unseen(set_(sign_in, world, store="south-store"))
    unseen(set_(sign_in, world, store="supplier"))
    unseen(set_(sign_in, world, login="outsider"))


@given(QUANTITIES, st.integers(0, 365))
def test_the_reorder_point_lasts_for_the_lead_time_and_half_as_much_again(used, days):
    point = reorder_point(used, days)
    assert point == point.to_integral_value()
    assert point - 1 < used / USE_DAYS * days * SAFETY <= point + Decimal("0.0001")
    assert reorder_point(-used, days) == 0


@given(*[QUANTITIES] * 4, st.lists(QUANTITIES, min_size=3, max_size=3).map(sorted))
def test_what_is_proposed_fills_up_and_serves_who_waits(have, kept, missing, ordered, three):
    stand = Position(have, kept, missing, ordered, *three)
    after = stand.available + stand.proposed + ordered
    assert stand.proposed >= 0
    if stand.low:
        assert after >= stand.maximum + missing - Decimal("0.0001") or stand.proposed == 0
    assert stand.proposed == 0 or stand.proposed < max(stand.maximum - stand.available, Decimal(0)) + missing + 1


def test_what_is_low_and_what_jobs_wait_for_is_proposed(app, world, sign_in):
    accepted(set_(sign_in, world))
    ticket = make_ticket(app, world, "accepted", job_kind="oxygen")
    wanted = {"reason": "material", "item_id": str(world.items["valve"]), "quantity": "35"}
    accepted(sign_in("technician").send(f"/tickets/{ticket}/hold", wanted))
    with app.app_context():
        (line,) = purchases.propose(world.sites["north"])
        assert (line.item.code, line.quantity, line.position.urgent) == ("valve", Decimal(105), True)
    page = sign_in("storekeeper").page("/stock/purchases/new")
    assert "105" in [field.get("value") for field in page.all("input", name="line_quantity")]
    text = sign_in("supervisor").page("/stock/lists").text
    assert "角阀" in text
    assert "灯管" not in text


def test_a_list_is_saved_approved_by_somebody_else_and_not_proposed_again(app, world, sign_in, bought):
    accepted(set_(sign_in, world))
    with app.app_context():
        assert [line.quantity for line in purchases.propose(world.sites["north"])] == []  # 30 and 70 are 100
    path = f"/stock/purchases/{bought}"
    refused(sign_in("storekeeper").send(f"{path}/approval"), 403)
    refused(sign_in("technician").send(f"{path}/approval"), 403)
    accepted(sign_in("supervisor").send(f"{path}/approval"))
    refused(sign_in("supervisor").send(f"{path}/rejection", {"note": "太多"}), 422, "wrong-state")
    assert "70" in sign_in("manager").page(path).text
    assert "70" in sign_in("storekeeper").page("/stock/purchases").text or bought in sign_in("storekeeper").page(
        "/stock/purchases"
    ).response.get_data(as_text=True)


def test_it_is_declined_with_the_reason_and_then_it_is_proposed_again(app, world, sign_in, bought):
    accepted(set_(sign_in, world))
    refused(sign_in("supervisor").send(f"/stock/purchases/{bought}/rejection"), 422, "words-missing")
    accepted(sign_in("supervisor").send(f"/stock/purchases/{bought}/rejection", {"note": "太多"}))
    assert "太多" in sign_in("storekeeper").page(f"/stock/purchases/{bought}").text
    with app.app_context():
        assert [line.quantity for line in purchases.propose(world.sites["north"])] == [70]


def test_what_came_is_no_longer_expected(app, world, sign_in, bought):
    accepted(set_(sign_in, world))
    with app.app_context(), write_transaction():
        keeper, at = world.person("storekeeper"), server_moment()
        slip = session.get_one(Slip, UUID(bought))
        lines = [Asked(world.item("valve"), Decimal(50), granted=Decimal(45))]
        draft = Draft(new_id(), SlipKind.RECEIPT, slip.site_id, lines, based_on=slip)
        make(draft, by=keeper, at=at, state=SlipState.DONE)
        make(Draft(new_id(), SlipKind.RECEIPT, slip.site_id, lines, based_on=slip), by=keeper, at=at)  # not taken in
    with app.app_context():
        (line,) = purchases.open_lines(session.get_one(Slip, UUID(bought)))
        assert [line.ordered, line.received, line.open] == [70, 45, 25]
        assert [line.quantity for line in purchases.propose(world.sites["north"])] == [45]


@pytest.mark.parametrize(
    "change",
    [
        {"month": ""},
        {"month": "2026-13"},
        {"month": "2019-01"},
        {"month": "2099-01"},
        {"line_item": []},
        {"line_quantity": ["0"]},
        {"line_quantity": ["-1"]},
        {"line_quantity": ["1e9"]},
        {"slip_id": ""},
    ],
)
def test_a_list_that_makes_no_sense(app, world, sign_in, change):
    before = counts(app)
    refused(sign_in("storekeeper").send("/stock/purchases", plan(world, ("valve", "1")) | change), 422)
    assert counts(app) == before


def test_nobody_orders_for_another_site_or_reads_its_lists(world, sign_in, bought):
    client = sign_in("storekeeper")
    unseen(client.send("/stock/purchases", plan(world, ("valve", "1"), site_id=str(world.sites["south"]))))
    unseen(client.send("/stock/purchases", plan(world, ("valve", "1"), line_item=[some_id()])))
    refused(sign_in("technician").send("/stock/purchases", plan(world, ("valve", "1"))), 403)
    for suffix in ("", "/lines.xlsx"):
        unseen(sign_in("outsider").get(f"/stock/purchases/{bought}{suffix}"))
        unseen(sign_in("technician").get(f"/stock/purchases/{bought}{suffix}"))
    for verb in ("approval", "rejection", "cancellation"):
        unseen(sign_in("outsider").send(f"/stock/purchases/{bought}/{verb}", {"note": "x"}))


def test_the_same_list_again_is_saved_once(app, world, sign_in):
    client, key, fields = sign_in("storekeeper"), new_id(), plan(world, ("valve", "1"))
    for _ in range(2):
        accepted(client.send("/stock/purchases", fields, key=key), 201)
    refused(client.send("/stock/purchases", fields), 422, "slip-known")
    assert sql(app, "SELECT COUNT(*) FROM slips WHERE id = :id", id=UUID(fields["slip_id"]).hex) == [(1,)]


def test_what_lay_untouched_for_half_a_year_is_dead(app, world):
    with app.app_context():
        sites, soon = [world.sites["north"]], now() + timedelta(days=170)
        assert {one.item.code for one in lists.dead(sites, now() + timedelta(days=200))} >= {"valve"}
        later = now() + timedelta(days=100)
        me, valve = world.person("storekeeper"), world.item("valve")
        issue(valve, Decimal(1), world.account("store"), world.account("bag"), by=me, at=server_moment(later))
        assert "valve" not in {one.item.code for one in lists.dead(sites, soon + timedelta(days=80))}
        session.rollback()


def test_levels_out_of_order_never_reach_the_table(app, world):
    with app.app_context():
        bad = Levels("", Decimal(3), Decimal(2), Decimal(1), 0)
        with pytest.raises(Refused):
            set_levels(world.account("store"), world.item("valve"), bad, by=world.person("storekeeper"))


def test_the_purchasing_office_gets_a_sheet(sign_in, bought):
    response = sign_in("supervisor").get(f"/stock/purchases/{bought}/lines.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(response.get_data())).worksheets[0].values)
    assert rows[1][:7] == ("valve", "角阀", "DN15", "个", 70, 0, 70)
    assert rows[1][8] == 1260
