"""A hospital's Monday: its own list is brought in and labelled, figures lead to their rows, the month is written and
closed, points are objected to, and another system opens a job."""

import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4
from zoneinfo import ZoneInfo

import openpyxl
import pypdfium2
import pytest
import zxingcpp
from docx import Document
from playwright.sync_api import Page, expect

from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
DESK = {"width": 1280, "height": 800}
SHANGHAI = ZoneInfo("Asia/Shanghai")
CODES = ("MON-0001", "MON-0002", "MON-0003")


def at_the_desk(phone: Callable[..., Phone], login: str) -> Phone:
    """Somebody in the office, in English."""
    here = phone(login, "en").switch_on().sign_in()
    here.page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return here


def test_a_list_as_hospitals_have_it_is_brought_in_and_its_labels_scan(phone: Callable[..., Phone]) -> None:
    desk = at_the_desk(phone, "admin")
    _bring_in(desk, "W01", 3)
    desk.open(f"/admin/assets?q={CODES[0]}")
    expect(desk.page.get_by_text("监护仪电源")).to_be_visible()
    _bring_in_again(desk)
    codes = _print_labels(desk)
    assert len(codes) == len(CODES)
    desk.open(codes[0][codes[0].index("/t/") :])
    expect(desk.page.locator("h1")).to_contain_text("监护仪电源")


def test_a_figure_leads_to_as_many_rows(phone: Callable[..., Phone]) -> None:
    desk = at_the_desk(phone, "zhou")
    desk.open("/reports")
    tile = desk.page.locator(".stat", has_text=re.compile(r"Waiting for material"))
    number = int(tile.locator(".stat-number").inner_text())
    assert number > 0
    tile.click()
    expect(desk.page.locator("#tickets > li:not(.more)")).to_have_count(number)


def test_the_month_is_written_edited_handed_in_and_closed(phone: Callable[..., Phone]) -> None:
    desk = at_the_desk(phone, "zhou")
    desk.open("/reports/summaries")
    desk.button("Begin").click()
    expect(desk.page.locator("article.summary")).to_be_visible()
    address = desk.page.url.split("?")[0]
    desk.open(f"{address}?lang=zh")
    expect(desk.page.locator("article.summary h2").nth(1)).to_contain_text("一、")
    desk.page.locator(".summary-head a").last.click()
    desk.page.locator("textarea[name=text]").fill("下月起逐层更换走廊灯具。")
    desk.button("Save").click()
    expect(desk.page.get_by_text("下月起逐层更换走廊灯具。")).to_be_visible()
    desk.page.locator("#closing summary").click()
    desk.button("Close it").click()
    expect(desk.page.get_by_text("Final", exact=True)).to_be_visible()
    document = Document(io.BytesIO(desk.page.request.get(f"{address}/summary.docx?lang=zh").body()))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "下月起逐层更换走廊灯具。" in words
    assert "工作总结" in words


def test_points_are_explained_objected_to_and_decided_by_somebody_else(
    phone: Callable[..., Phone], hospital: Hospital
) -> None:
    worker = phone("wang", "en").switch_on().sign_in()
    month = f"{datetime.now(SHANGHAI).replace(day=1) - timedelta(days=1):%Y-%m}"
    worker.open(f"/reports/points/mine?month={month}")
    worker.page.get_by_text("Object", exact=True).first.click()
    worker.field("What is wrong?").fill("I waited two hours for the key.")
    worker.button("Send the objection").click()
    worker.nothing_waits()
    hospital.until("SELECT count(*) FROM point_objections WHERE text = ?", "I waited two hours for the key.")
    boss = at_the_desk(phone, "zhou")
    boss.open(f"/reports/points?month={month}")
    expect(boss.page.get_by_text("I waited two hours for the key.").first).to_be_visible()


def test_another_system_opens_a_job_and_follows_it(phone: Callable[..., Phone], hospital: Hospital) -> None:
    desk = at_the_desk(phone, "admin")
    desk.open("/admin/connections")
    desk.page.locator("#tokens summary").click()
    desk.page.locator("#token-new-name").fill("HIS")
    for scope in ("tickets:read", "tickets:write", "places:read"):
        desk.page.locator(f"#tokens input[name=scopes][value='{scope}']").check()
    desk.button("Make the token").click()
    token = desk.page.locator(".secret").inner_text().strip()
    (place,) = _ask(hospital, token, "/api/v1/places?limit=1")["items"]
    (kind,) = _ask(hospital, token, "/api/v1/job-kinds?limit=1")["items"]
    wanted = {"place": place["code"], "job_kind": kind["code"], "description": "Monitor alarm from the HIS"}
    made = _ask(hospital, token, "/api/v1/tickets", wanted)
    ticket = _ask(hospital, token, str(made["href"]))
    assert ticket["description"] == "Monitor alarm from the HIS"
    desk.open(f"/tickets/{ticket['id']}")
    expect(desk.page.get_by_text("Monitor alarm from the HIS").first).to_be_visible()


def _bring_in(desk: Phone, place: str, rows: int) -> None:
    """Chinese headings below a title row; columns are guessed, the rows checked, then all of them brought in."""
    desk.open("/admin/imports/new?subject=assets")
    _choose(desk, rows, place)
    desk.button("Read the file").click()
    expect(desk.button("Check the rows")).to_be_visible()
    desk.button("Check the rows").click()
    expect(desk.button("Bring it in")).to_be_visible()
    desk.button("Bring it in").click()
    expect(desk.page.get_by_text(desk.say("All rows were brought in."))).to_be_visible()


def _bring_in_again(desk: Phone) -> None:
    """The same file once more makes nothing twice."""
    desk.open("/admin/imports/new?subject=assets")
    _choose(desk, len(CODES), "W01")
    desk.button("Read the file").click()
    desk.button("Check the rows").click()
    expect(desk.page.get_by_text(desk.say("Everything in this file is there already."))).to_be_visible()


def _choose(desk: Phone, rows: int, place: str) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append([f"设备清单 {datetime.now(UTC):%Y-%m}"])
    page.append(["资产编号", "资产名称", "设备类别", "存放地点"])
    for code in CODES[:rows]:
        page.append([code, "监护仪电源", "监护设备", place])
    file = io.BytesIO()
    book.save(file)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    desk.page.locator("#site_id").select_option(label=_main(desk.page))
    desk.page.locator("#file").set_input_files({"name": "设备.xlsx", "mimeType": kind, "buffer": file.getvalue()})


def _main(page: Page) -> str:
    return next(name for name in page.locator("#site_id option").all_inner_texts() if "main" in name)


def _print_labels(desk: Phone) -> list[str]:
    """The codes that a camera reads off the printed sheet."""
    desk.open("/labels")
    main = desk.page.locator("a", has_text="main campus").first
    if main.is_visible():
        main.click()
    desk.page.locator("textarea[name=only]").fill("\n".join(CODES))
    desk.page.locator("form[action='/labels'] button").last.click()
    desk.button("Make their tags").click()
    link = desk.page.get_by_role("link", name="Open as PDF")
    expect(link).to_be_visible()
    pdf = desk.page.request.get(str(link.get_attribute("href"))).body()
    sheet = pypdfium2.PdfDocument(pdf)[0].render(scale=4).to_pil()
    return [found.text for found in zxingcpp.read_barcodes(sheet)]


def _ask(hospital: Hospital, token: str, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
    data = json.dumps(body).encode() if body else None
    with urlopen(Request(hospital.url + path, data, headers), timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)
        return found
