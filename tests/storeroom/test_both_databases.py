"""The pages of the storeroom on SQLite and on PostgreSQL: what is asked of the database is understood by both."""

import io

import openpyxl
import pytest

from crew_app.core.ids import new_id
from tests.support.client import accepted, refused
from tests.support.stockcounts import approve, begin, hand_in, tally

SHEETS = ("receipts", "issues", "transfers", "discrepancies", "loans", "write-offs", "counts", "requests", "purchases")


@pytest.fixture
def keeper(any_sign_in):
    return any_sign_in("storekeeper")


def slip(world, item, quantity, **more):
    lines = {"line_item": str(world.items[item]), "line_quantity": str(quantity), "line_unit": "unit"}
    return lines | {"slip_id": str(new_id()), "store_id": str(world.accounts["store"])} | more


def test_goods_come_in_lie_in_a_bin_and_go_out(any_world, any_sign_in, keeper):
    tube = f"/stock/items/{any_world.items['tube']}"
    accepted(keeper.send("/stock/receipts", slip(any_world, "tube", 10, line_granted="10")), 201)
    store, shelf = any_world.accounts["store"], {"bin": "A-1", "lead_time_days": "7"}
    levels = {"minimum": "1", "reorder_point": "2", "maximum": "3"}
    accepted(keeper.send(f"{tube}/levels", shelf | levels | {"store_id": str(store)}))
    assert "200" in keeper.page(f"/stock/stores/{store}/bin?name=A-1").text
    assert "A-1" in keeper.page(f"/stock/stores/{store}/bins?q=a-").text
    receiver = {"receiver_id": str(any_world.people["technician"]), "receiver_paper": "1", "storekeeper_paper": "1"}
    accepted(keeper.send("/stock/issues", slip(any_world, "tube", 3) | receiver), 201)
    refused(keeper.send("/stock/issues", slip(any_world, "tube", 198) | receiver), 422, "not-enough")
    assert "197" in keeper.page(tube).text


def test_reserved_goods_are_kept_and_come_back(any_world, any_sign_in, keeper):
    worker, job = any_sign_in("technician"), str(new_id())
    report = {"ticket_id": job, "job_kind": "lamp", "place_id": str(any_world.places["room"])}
    accepted(worker.send("/tickets", report), 201)
    accepted(worker.send(f"/tickets/{job}/acceptance"))
    wish = {"reason": "material", "item_id": str(any_world.items["valve"]), "quantity": "25"}
    accepted(worker.send(f"/tickets/{job}/hold", wish))
    receiver = {"receiver_id": str(any_world.people["second"]), "receiver_paper": "1", "storekeeper_paper": "1"}
    refused(keeper.send("/stock/issues", slip(any_world, "valve", 6) | receiver), 422, "reserved")
    move = {"move_id": str(new_id()), "item_id": str(any_world.items["valve"]), "quantity": "5"}
    accepted(worker.send(f"/tickets/{job}/materials", move | {"source_id": str(any_world.accounts["store"])}))
    accepted(worker.send(f"/tickets/{job}/materials/{move['move_id']}/reversal"))
    refused(keeper.send("/stock/issues", slip(any_world, "valve", 6) | receiver), 422, "reserved")


def test_a_count_is_decided_and_a_loss_written_off(any_world, any_sign_in, keeper):
    path = begin(any_sign_in, any_world, blind="1")
    assert "190" not in keeper.page("/stock?q=LED").text
    tally(any_sign_in("technician"), path, any_world, "tube", 188)
    hand_in(any_sign_in, path)
    assert "有 1 次盘点等您批准" in any_sign_in("supervisor").page("/").text
    approve(any_sign_in("supervisor"), path)
    first, second = (slip(any_world, "tube", 24, line_reason="受潮") for _ in range(2))
    for fields in (first, second):
        accepted(keeper.send("/stock/write-offs", fields), 201)
    address = f"/stock/write-offs/{second['slip_id']}/approval"
    refused(any_sign_in("supervisor").send(address), 403, "above-limit")
    accepted(any_sign_in("manager").send(address))
    for name in SHEETS:
        response = keeper.get(f"/stock/{name}/list.xlsx")
        rows = list(openpyxl.load_workbook(io.BytesIO(response.get_data())).worksheets[0].values)
        assert len(rows) == {"write-offs": 4, "counts": 2, "requests": 2, "purchases": 3}.get(name, 1), name
    assert keeper.get(f"{path}/differences.xlsx").status_code == 200
