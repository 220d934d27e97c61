"""The main job, end to end: scan, report, accept, photograph, log materials, finish, verify."""

import hashlib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone
from tests.acceptance.pictures import TAKEN, camera_photo
from tests.acceptance.work import Work, quiet_room
from tests.support.fake_camera import picture_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LANGUAGES = ("zh_Hans_CN", "en")


@pytest.fixture(scope="module")
def before_photo(tmp_path_factory) -> Path:
    return camera_photo(tmp_path_factory.mktemp("photos") / "before.jpg", "#604020")


@pytest.fixture(scope="module")
def after_photo(tmp_path_factory) -> Path:
    return camera_photo(tmp_path_factory.mktemp("photos") / "after.jpg", "#e0e0c0")


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_scan_to_verified(
    hospital: Hospital, phone: Callable[..., Phone], language: str, before_photo: Path, after_photo: Path
) -> None:
    room = quiet_room(hospital)
    wang = phone("wang", language)
    wang.point_camera_at(f"{hospital.url}/t/{room.code}")
    wang.switch_on().sign_in()
    work = Work(wang, hospital)
    items = work.items_in_bag(2)

    wang.scan(room.code)
    ticket = work.report("lamp", "灯不亮")
    work.accept()
    work.photograph("before", before_photo)
    for item in items:
        work.use(item)
    work.photograph("after", after_photo)
    work.finish("换了灯管")
    wang.nothing_waits()

    li = phone("li", language).switch_on().sign_in()
    li.open(f"/tickets/{ticket}")
    expect(li.page.locator("img[src*='/photos/']")).to_have_count(2)
    li.button("Pass").click()
    expect(li.page).to_have_url(f"{hospital.url}/review")

    expect_whole_job(hospital, ticket, items, before_photo, after_photo)
    assert hospital.value("SELECT state FROM tickets WHERE id = ?", ticket.hex) == "verified"


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_network_and_with_a_dead_battery(
    hospital: Hospital, phone: Callable[..., Phone], language: str, before_photo: Path, after_photo: Path
) -> None:
    room = quiet_room(hospital)
    wang = phone("wang", language)
    wang.point_camera_at(f"{hospital.url}/t/{room.code}")
    wang.switch_on().sign_in()
    wang.take_along()
    wang.scan(room.code)  # the reader is on the phone from the first time the camera was opened
    wang.close_app()  # a browser writes its cookies down when it is closed, or after half a minute
    wang.switch_on().open("/")
    work = Work(wang, hospital)
    items = work.items_in_bag(2)
    hospital.stop()
    wang.offline()

    wang.scan(room.code)
    ticket = work.report("lamp", "灯不亮")
    work.accept()
    work.photograph("before", before_photo)
    for item in items:
        work.use(item)
    work.photograph("after", after_photo)
    work.finish("换了灯管")
    expect(wang.page.locator("[data-outbox-count]").first).to_be_visible()
    wang.kill()

    hospital.start()
    assert hospital.rows("SELECT id FROM tickets WHERE id = ?", ticket.hex) == []
    wang.switch_on().open("/")
    wang.nothing_waits()

    assert hospital.value("SELECT state FROM tickets WHERE id = ?", ticket.hex) == "finished"
    expect_whole_job(hospital, ticket, items, before_photo, after_photo)


def expect_whole_job(hospital, ticket, items, before_photo, after_photo) -> None:
    """Exactly one of everything: events in order, both photos whole, both materials once, books right."""
    verbs = [
        verb
        for (verb,) in hospital.rows("SELECT verb FROM ticket_events WHERE ticket_id = ? ORDER BY position", ticket.hex)
    ]
    done = ["open", "accept", "photo", "material", "material", "photo", "finish"]
    assert [verb for verb in verbs if verb not in ("assign", "verify")] == done
    expect_photos(hospital, ticket)
    moves = hospital.rows(
        "SELECT m.item_id, m.quantity FROM moves m JOIN accounts a ON a.id = m.to_account_id WHERE a.ticket_id = ?",
        ticket.hex,
    )
    assert sorted(moves) == sorted((item.id, 1000) for item in items)
    for item in items:
        assert item.in_bag(hospital) == item.before - Decimal(1)
    keys = hospital.rows("SELECT receipt_key FROM ticket_events WHERE ticket_id = ?", ticket.hex)
    assert len(set(keys) - {(None,)}) == len(verbs) - verbs.count("assign"), "each change came with its own command"
    assert "right" in hospital.check_ledger()


def expect_photos(hospital, ticket) -> None:
    """Both photos are there bit for bit as announced, and of EXIF the time was kept as data, the position not."""
    photos = hospital.rows(
        "SELECT t.role, p.sha256, p.stored_at, p.exif_at, p.latitude FROM ticket_photos t JOIN photos p"
        " ON p.id = t.photo_id WHERE t.ticket_id = ? ORDER BY t.position",
        ticket.hex,
    )
    assert [role for role, *_ in photos] == ["before", "after"]
    for _role, sha256, stored_at, exif_at, latitude in photos:
        original = (hospital.data / "photos" / "original" / sha256[:2] / sha256).read_bytes()
        assert hashlib.sha256(original).hexdigest() == sha256
        assert stored_at
        assert exif_at == TAKEN
        assert latitude is None


def test_finishing_asks_for_a_material_that_was_chosen_and_not_added(
    hospital: Hospital, phone: Callable[..., Phone]
) -> None:
    room = quiet_room(hospital)
    wang = phone("wang", "zh_Hans_CN").switch_on().sign_in()
    wang.open(f"/t/{room.code}")
    work = Work(wang, hospital)
    ticket, item = work.report("lamp", "灯不亮"), work.items_in_bag(1)[0]
    work.accept()
    work.choose(item)
    wang.button("Finish").click()
    wang.button("Cancel").click()
    wang.button("Add material").click()
    expect(wang.page.locator("[action$='/reversal']")).to_have_count(1)
    work.finish("换了灯管")
    wang.nothing_waits()
    assert item.in_bag(hospital) == item.before - Decimal(1)
    assert hospital.value("SELECT state FROM tickets WHERE id = ?", ticket.hex) == "finished"


def test_a_material_is_found_by_the_label_on_its_shelf(
    hospital: Hospital, phone: Callable[..., Phone], tmp_path: Path
) -> None:
    room = quiet_room(hospital)
    wang = phone("wang", "zh_Hans_CN").switch_on().sign_in()
    work = Work(wang, hospital)
    _, item = work.items_in_bag(2)
    label = tmp_path / "label.png"
    picture_of(item.code, 320).save(label)
    wang.open(f"/t/{room.code}")
    work.report("lamp", "灯不亮")
    work.accept()
    wang.page.locator("summary", has_text=wang.say("Add material")).click()
    form = wang.page.locator("form[action$='/materials']")
    form.locator("[data-item-scan]").set_input_files(label)
    expect(form.locator("[data-item-picker]")).to_have_attribute("data-chosen", str(UUID(item.id)))
    wang.button("Add material").click()
    wang.nothing_waits()
    assert item.in_bag(hospital) == item.before - Decimal(1)
