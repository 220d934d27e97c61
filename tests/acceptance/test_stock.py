"""The storeroom on real phones: received, handed out, used in the basement, counted, ordered; a ward's assets."""

import re
from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone
from tests.acceptance.work import Work, quiet_room
from tests.support.fake_camera import write_mjpeg

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
TUBE = "DG-0001"


def held(hospital: Hospital, kind: str, login: str = "") -> Decimal:
    """How many tubes there are in the main store, or in somebody's account of this kind."""
    query = """
        SELECT COALESCE(SUM(b.quantity), 0) FROM balances b JOIN items i ON i.id = b.item_id JOIN accounts a
        ON a.id = b.account_id LEFT JOIN people p ON p.id = a.person_id JOIN sites s ON s.id = a.site_id
        WHERE i.code = ? AND a.kind = ? AND COALESCE(p.login, '') = ? AND s.code = 'main'
    """
    return Decimal(str(hospital.value(query, TUBE, kind, login))) / 1000


def add_tubes(phone: Phone, quantity: int) -> None:
    """Find the tube by its initials and put it on the list."""
    phone.page.locator("#lines-search").fill("T8 18W")
    phone.page.locator("[data-item-results] button").first.click()
    phone.page.locator("[data-line] [name=line_quantity]").first.fill(str(quantity))


def test_goods_come_in_go_out_and_are_used_without_a_network(hospital: Hospital, phone: Callable[..., Phone]) -> None:
    store, bag = held(hospital, "store"), held(hospital, "bag", "wang")
    zhao = phone("zhao", "en").switch_on().sign_in()
    zhao.take_along()
    zhao.open("/stock/receipts/new")
    zhao.field("Supplier (optional)").fill("市照明器材公司")
    add_tubes(zhao, 40)
    zhao.button("Counted and checked: receive").click()
    zhao.page.wait_for_url(re.compile("/stock/slips/"))
    assert held(hospital, "store") == store + 40
    zhao.open("/stock/issues/new")
    add_tubes(zhao, 5)
    zhao.page.locator("#receiver").select_option(label="Wang Jianguo (wang)")
    for signer in ("receiver", "storekeeper"):
        zhao.page.locator(f"[name={signer}_paper]").check()
    zhao.button("Hand out and book").click()
    zhao.nothing_waits()
    assert held(hospital, "store") == store + 35
    assert held(hospital, "bag", "wang") == bag + 5

    wang = phone("wang", "en").switch_on().sign_in()
    work = Work(wang, hospital)
    wang.open(f"/t/{quiet_room(hospital).code}")
    work.report("lamp", "灯不亮")
    work.accept()
    wang.nothing_waits()
    wang.take_along()
    tube = next(item for item in work.items_in_bag(9) if item.code == TUBE)
    wang.offline()
    work.choose(tube)
    wang.button("Add material").click()
    expect(wang.page.locator("[data-waiting='/materials'] li")).to_have_count(1)
    wang.offline(off=False)
    wang.nothing_waits()
    assert held(hospital, "bag", "wang") == bag + 4
    assert held(hospital, "owed", "wang") == 1, "the old tube is owed"
    wang.open("/stock/old-parts")
    expect(wang.page.locator("main")).to_contain_text("LED tube")


def test_a_count_finds_a_difference_that_somebody_else_approves(
    hospital: Hospital, phone: Callable[..., Phone]
) -> None:
    store = held(hospital, "store")
    zhao = phone("zhao", "zh_Hans_CN").switch_on().sign_in()
    zhao.open("/stock/counts")
    zhao.page.locator("form[action='/stock/counts'] button").last.click()
    zhao.page.wait_for_url(re.compile("/stock/counts/.+"))
    zhao.nothing_waits()
    count = zhao.page.url
    zhao.take_along()
    zhao.offline()
    row = zhao.page.locator("[data-count-item]", has_text="T8 18W 6500K 1.2m").first
    row.locator("[name=quantity]").fill(str(store - 3))
    row.locator("button").click()
    expect(zhao.page.locator("[data-waiting-entries] li")).to_have_count(1)
    zhao.offline(off=False)
    zhao.nothing_waits()
    zhao.open(count)
    zhao.page.locator("form[action$='/proposal'] button").click()
    zhao.page.locator("dialog[open] [value=ok]").click()
    zhao.nothing_waits()

    li = phone("li", "zh_Hans_CN").switch_on().sign_in()
    li.open(f"{count}/differences")
    li.button("Approve and book").click()
    li.nothing_waits()
    assert held(hospital, "store") == store - 3
    assert hospital.value("SELECT state FROM stock_counts ORDER BY received_at DESC LIMIT 1") == "approved"


def test_a_purchase_list_is_made_and_a_wards_things_are_found(hospital: Hospital, phone: Callable[..., Phone]) -> None:
    zhao = phone("zhao", "en").switch_on().sign_in()
    zhao.open("/stock/purchases/new")
    zhao.button("Save for approval").click()
    zhao.nothing_waits()
    assert (
        hospital.value("SELECT state FROM slips WHERE kind = 'purchase' ORDER BY received_at DESC LIMIT 1")
        == "proposed"
    )
    zhao.open("/assets/counts")
    zhao.page.locator("main a[href^='/assets/counts/']").first.click()
    zhao.page.wait_for_url(re.compile("/assets/counts/.+"))
    before = hospital.value("SELECT COUNT(*) FROM asset_sightings")
    zhao.page.locator("details:has(button[name=asset_id]) summary").first.click()
    zhao.button("Is here").click()
    zhao.nothing_waits()
    assert int(str(hospital.value("SELECT COUNT(*) FROM asset_sightings"))) == int(str(before)) + 1


def propose(phone: Phone, words: str, reason: str) -> str:
    """Propose to write one of these off; the address of its slip."""
    phone.open("/stock/write-offs/new")
    phone.page.locator("#lines-search").fill(words)
    phone.page.locator("[data-item-results] button").first.click()
    phone.page.locator("[data-line] [name=line_reason]").first.fill(reason)
    phone.button("Propose").click()
    phone.page.wait_for_url(re.compile("/stock/slips/"))
    return phone.page.url


def test_a_tool_is_lent_losses_are_decided_by_their_value_and_slips_print(
    hospital: Hospital, phone: Callable[..., Phone]
) -> None:
    zhao, li, zhou = (phone(login, "zh_Hans_CN").switch_on().sign_in() for login in ("zhao", "li", "zhou"))
    zhao.take_along()
    small, dear = propose(zhao, "T8 18W", "摔碎"), propose(zhao, "256×192", "进水")
    for boss, slip in ((li, small), (zhou, dear)):
        if slip == dear:
            li.open(dear)
            expect(li.page.locator("main form[action$='/approval']")).to_have_count(0)
        boss.open(slip)
        boss.button("Approve the write-off").click()
        boss.nothing_waits()
    zhao.open("/stock/loans")
    zhao.page.locator("details:has([name=receiver_id]) summary").click()
    tool = zhao.page.locator("#tool option").nth(1)
    zhao.page.locator("#tool").select_option(value=tool.get_attribute("value"))
    zhao.page.locator("#receiver").select_option(label="王建国 (wang)")
    zhao.page.locator("[name=receiver_paper]").check()
    before = hospital.value("SELECT COUNT(*) FROM slips WHERE kind = 'issue'")
    zhao.button("Lend it").click()
    zhao.nothing_waits()
    assert hospital.value("SELECT COUNT(*) FROM slips WHERE kind = 'issue'") == int(str(before)) + 1
    zhao.open(dear)
    zhao.page.emulate_media(media="print")
    expect(zhao.page.locator("main > .paper")).to_contain_text("周")
    expect(zhao.page.locator("main > .split")).to_be_hidden()
    assert hospital.check_ledger().strip().endswith("The ledger is right.")


def test_a_count_follows_the_bin_that_is_scanned(hospital: Hospital, phone: Callable[..., Phone]) -> None:
    counted = (
        "FROM stock_levels WHERE bin <> '' AND store_id IN (SELECT account_id FROM stock_counts WHERE state = 'open')"
    )
    name, store = hospital.rows(f"SELECT bin, store_id {counted} ORDER BY bin LIMIT 1")[0]
    zhao = phone("zhao", "zh_Hans_CN")
    write_mjpeg(zhao.film, f"{hospital.url}/stock/stores/{UUID(str(store))}/bin?name={name}", side=440)
    zhao.switch_on().sign_in()
    zhao.open("/stock/counts")
    zhao.page.locator("main a[href^='/stock/counts/']").first.click()
    zhao.page.locator("[data-count-start]").click()
    expect(zhao.page.locator("[data-bin-here] .chosen")).to_contain_text(str(name), timeout=30_000)
    expect(zhao.page.locator("[data-bin-count] [name=bin]")).to_have_value(str(name))
