"""What a phone recorded with the first front end is sent by the present one, and the present server takes it."""

import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from tests.acceptance.basement import Basement
from tests.acceptance.hospital import Hospital
from tests.acceptance.phone import Phone
from tests.acceptance.work import Work, quiet_room

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

KEPT = Path(__file__).parent / "data" / "outbox-v1.json"
"""Saved as a file by the first front end; never to be made anew. Names in braces stand for ids of the hospital."""


def test_the_queue_of_the_first_build_is_sent(far_phone: Callable[..., Phone], hospital: Hospital) -> None:
    wang = far_phone("wang").switch_on()
    queue = _queue(hospital, wang)
    wang.open("/healthz")  # of the same origin, and without the present front end
    wang.page.evaluate(_LEAVE_AS_THE_FIRST_BUILD_DID, queue)
    wang.sign_in()
    wang.nothing_waits()
    _expect_all(hospital, wang, queue)


def test_a_file_of_the_first_build_is_taken_in(
    far_phone: Callable[..., Phone], hospital: Hospital, tmp_path: Path
) -> None:
    wang = far_phone("wang").switch_on().sign_in()
    queue = _queue(hospital, wang)
    (tmp_path / "crew-outbox.json").write_text(json.dumps(queue), encoding="utf-8")
    wang.open("/outbox")
    with wang.page.expect_response("**/original"):
        wang.page.locator("[data-outbox-import]").set_input_files(tmp_path / "crew-outbox.json")
    wang.nothing_waits()
    _expect_all(hospital, wang, queue)


def _queue(hospital: Hospital, wang: Phone) -> dict[str, list[dict[str, str]]]:
    room, item = quiet_room(hospital), Work(wang, hospital).items_in_bag(1)[0]
    person = hospital.value("SELECT id FROM people WHERE login = 'wang'")
    text = KEPT.read_text(encoding="utf-8").replace("{code}", room.code)
    for name, value in (("person", person), ("place", room.id), ("item", item.id)):
        text = text.replace("{" + name + "}", str(UUID(str(value))))
    queue: dict[str, list[dict[str, str]]] = json.loads(text)
    return queue


def _expect_all(hospital: Hospital, wang: Phone, queue: dict[str, list[dict[str, str]]]) -> None:
    basement = Basement(wang, hospital)
    basement.ticket = UUID(queue["items"][0]["subject"])
    verbs = [event.verb for event in basement.story()]
    assert verbs == ["open", "accept", "note", "photo", "material", "finish"]
    assert {event.login for event in basement.story()} == {"wang"}
    assert basement.notes() == ["旧版本写的"]
    assert len(basement.photos()) == 1
    keys = {UUID(item["key"]).hex for item in queue["items"]}
    kept = {key for (key,) in hospital.rows("SELECT key FROM receipts")}
    assert keys <= kept


_LEAVE_AS_THE_FIRST_BUILD_DID = """({ items }) => new Promise((resolve, reject) => {
  const asked = indexedDB.open("crew", 1);
  asked.onerror = reject;
  asked.onupgradeneeded = () => {
    const db = asked.result;
    db.createObjectStore("items", { keyPath: "seq", autoIncrement: true }).createIndex("key", "key", { unique: true });
    for (const name of ["blobs", "settings", "directory"]) db.createObjectStore(name);
    db.createObjectStore("drafts", { keyPath: "id" });
    db.createObjectStore("receipts", { keyPath: "key" });
  };
  asked.onsuccess = () => {
    const transaction = asked.result.transaction(["items", "blobs"], "readwrite", { durability: "strict" });
    for (const { bytes, ...item } of items) {
      transaction.objectStore("items").put(item);
      if (!bytes) continue;
      const photo = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
      transaction.objectStore("blobs").put(photo.buffer, item.blob);
    }
    transaction.oncomplete = () => { asked.result.close(); resolve(); };
  };
})"""
