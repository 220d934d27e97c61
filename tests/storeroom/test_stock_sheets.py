"""Slips, loans, discrepancies and counts as spreadsheets: the rows of the pages, for those who see the pages."""

from crew_app.core.db import write_transaction
from crew_app.core.ids import new_id
from tests.support.client import accepted
from tests.support.sheets import rows
from tests.support.stockcounts import begin, hand_in, tally
from tests.support.storeroom import count_pages, hand_out_half, lend_and_owe


def slip(world, item, quantity, **more):
    lines = {"line_item": str(world.items[item]), "line_quantity": str(quantity), "line_unit": "unit"}
    return lines | {"slip_id": str(new_id()), "store_id": str(world.accounts["store"])} | more


def test_every_line_of_a_receipt_is_a_row(app, world, sign_in):
    keeper = sign_in("storekeeper")
    fields = slip(world, "tube", 12, supplier="=1+1", reference="D-7", line_cost="10.5", line_granted="12")
    accepted(keeper.send("/stock/receipts", fields), 201)
    ((number, _at, state, source, target, *_rest),) = found = rows(keeper, "/stock/receipts/list.xlsx")
    assert (number[:2], state, source, target) == ("RK", "已完成", "=1+1", "北院store")
    assert found[0][6:14] == ["D-7", "tube", "LED灯管", "T8 1.2m 16W", "支", 12, 12, 10.5]
    assert found[0][14] == 126
    assert rows(sign_in("technician"), "/stock/receipts/list.xlsx") == []
    assert [row[0][:2] for row in rows(sign_in("outsider"), "/stock/receipts/list.xlsx")] == []


def test_what_is_not_booked_says_so(world, sign_in):
    ((_number, _at, state, *rest),) = rows(sign_in("storekeeper"), "/stock/write-offs/list.xlsx")
    assert state == "待批准"
    assert rest[8:10] == [2, None]


def test_loans_and_issues(app, world, sign_in):
    lend_and_owe(app, world)
    keeper, nurse = sign_in("storekeeper"), sign_in("supervisor")
    path = f"/stock/requests/{world.requests['ward']}/approval"
    accepted(nurse.send(path, {"line_item": str(world.items["tube"]), "line_granted": "2"}))
    hand_out_half(app, world)
    assert [row[0][:2] for row in rows(keeper, "/stock/issues/list.xlsx")] == ["CK"]
    assert [row[0] for row in rows(keeper, "/stock/loans/list.xlsx")] == ["员工technician"]
    assert rows(sign_in("second"), "/stock/loans/list.xlsx") == []


def test_settled_and_open_discrepancies_are_two_sheets(app, world, sign_in):
    count_pages(world, sign_in)
    keeper = sign_in("storekeeper")
    assert [row[8] for row in rows(keeper, "/stock/discrepancies/list.xlsx")] == [30]
    assert rows(keeper, "/stock/discrepancies/list.xlsx?settled=1") == []


def test_differences_of_a_blind_count_are_for_whoever_did_not_count(app, world, sign_in):
    with app.app_context(), write_transaction():
        world.item("tube").name = "=1+1"
    count = begin(sign_in, world, blind="1")
    tally(sign_in("storekeeper"), count, world, "tube", 188)
    path = f"{count}/differences.xlsx"
    assert sign_in("supervisor").get(path).status_code == 403
    hand_in(sign_in, count)
    assert sign_in("storekeeper").get(path).status_code == 403
    ((code, name, _spec, _unit, *numbers, _at),) = rows(sign_in("supervisor"), path)
    assert (code, name, numbers) == ("tube", "=1+1", [188, 190, -2, 12.5, -25])
    assert sign_in("outsider").get(path).status_code == 404


def test_what_was_asked_for_ordered_and_is_to_be_picked(app, world, sign_in):
    keeper, nurse = sign_in("storekeeper"), sign_in("requester")
    assert [row[0][:2] for row in rows(nurse, "/stock/requests/list.xlsx")] == ["LY"]
    assert rows(sign_in("outsider"), "/stock/requests/list.xlsx") == []
    assert {row[0][:2] for row in rows(keeper, "/stock/purchases/list.xlsx")} == {"CG"}
    assert rows(keeper, "/stock/requests/pick-list.xlsx") == []
    path = f"/stock/requests/{world.requests['ward']}/approval"
    accepted(sign_in("supervisor").send(path, {"line_item": str(world.items["tube"]), "line_granted": "2"}))
    ((_bin, code, _name, _spec, _unit, left, ward, number),) = rows(keeper, "/stock/requests/pick-list.xlsx")
    assert (code, left, number[:2]) == ("tube", 2, "LY")
    assert ward in sign_in("storekeeper").page("/stock/requests/pick-list").text
    assert nurse.get("/stock/requests/pick-list.xlsx").status_code == 403


def test_old_parts_and_counts(app, world, sign_in):
    lend_and_owe(app, world)
    keeper = sign_in("storekeeper")
    assert [row[1] for row in rows(keeper, "/stock/old-parts/list.xlsx")] == ["valve"]
    assert rows(sign_in("second"), "/stock/old-parts/list.xlsx") == []
    begin(sign_in, world)
    assert [(row[0][:2], row[5]) for row in rows(keeper, "/stock/counts/list.xlsx")] == [("PD", "盘点中")]
    assert rows(sign_in("outsider"), "/stock/counts/list.xlsx") == []


def test_every_list_of_the_storeroom_leads_to_its_sheet(app, world, sign_in):
    lend_and_owe(app, world)
    count_pages(world, sign_in)
    keeper = sign_in("storekeeper")
    assert "/stock/requests/list.xlsx" in sign_in("supervisor").page("/stock/requests").html
    lists = ("purchases", "old-parts", "loans", "write-offs", "discrepancies", "value")
    for name in (*lists, f"items/{world.items['tube']}"):
        links = [link.get("href") or "" for link in keeper.page(f"/stock/{name}").all("a")]
        (sheet,) = {link for link in links if ".xlsx" in link} or {f"no sheet on {name}"}
        assert keeper.get(sheet).status_code == 200
