"""A month's archive: complete, checkable with standard tools alone, and nothing left out in silence."""

import hashlib
import io
import json
import shutil
import subprocess
import sys
import tracemalloc
import zipfile
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from crew_app.core.chain_checks import read_head
from crew_app.core.db import db, session
from crew_app.evidence.proof_models import OriginalView
from crew_app.web import archiving
from crew_app.web.archive import Folder
from tests.support.client import accepted, unseen
from tests.support.pictures import announcement, camera_jpeg, jpeg
from tests.support.proof import change, row, take
from tests.support.rounds import make_run, visiting
from tests.support.tickets import make_ticket


@pytest.fixture
def month(app, world):
    """The present month of the site's calendar, in Shanghai."""
    return (datetime.now(UTC) + timedelta(hours=8)).strftime("%Y-%m")


@pytest.fixture
def phone(sign_in):
    return sign_in("technician")


@pytest.fixture
def boss(sign_in):
    return sign_in("supervisor")


@pytest.fixture
def ticket(app, world):
    return make_ticket(app, world, "accepted")


@pytest.fixture
def photos(phone, ticket):
    return [
        take(phone, ticket, camera_jpeg(width=640, height=480), "before"),
        take(phone, ticket, jpeg(320, 240), "after"),
    ]


def fetch(client, month, folder):
    """The archive of a month, unpacked; its only folder."""
    answer = client.get(f"/evidence-archive/download?month={month}")
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    [root] = folder.iterdir()
    return root


def sums(root):
    lines = (root / "SHA256SUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def digest(said):
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def check(root):
    """What the script in the archive says, with a Python that knows nothing of us."""
    run = subprocess.run(
        [sys.executable, "-I", "-S", "check.py"], cwd=root, capture_output=True, text=True, check=False
    )
    return run.returncode, run.stdout


def test_all_of_a_month_is_there_and_fits_its_fingerprints(app, ticket, photos, boss, month, tmp_path):
    root = fetch(boss, month, tmp_path / "out")
    listed = sums(root)
    files = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    assert set(files) == set(listed) | {"SHA256SUMS"}
    for name, wanted in listed.items():
        assert hashlib.sha256(files[name].read_bytes()).hexdigest() == wanted, name
    originals = {wanted for name, wanted in listed.items() if "/original/" in name}
    assert originals == {row(app, photo).sha256 for photo in photos}
    assert len([name for name in listed if "/stamped/" in name]) == 2
    assert {"README.txt", "check.py", "heads.txt", "MISSING.txt", "chain.jsonl"} <= set(listed)
    assert files["MISSING.txt"].read_text() == ""


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum here")
def test_the_usual_tool_verifies_it_and_finds_one_changed_byte(photos, boss, month, tmp_path):
    root = fetch(boss, month, tmp_path / "out")
    verify = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(verify, cwd=root, check=False).returncode == 0
    original = next(root.glob("jobs/*/original/*before*"))
    data = bytearray(original.read_bytes())
    data[-10] ^= 1
    original.write_bytes(data)
    run = subprocess.run(verify, cwd=root, check=False, capture_output=True, text=True)
    assert run.returncode == 1
    assert original.name in run.stdout


def test_links_are_proved_with_plain_hashes(app, photos, boss, month, tmp_path):
    root = fetch(boss, month, tmp_path / "out")
    links = [json.loads(line) for line in (root / "chain.jsonl").read_text().splitlines()]
    for link in links:
        assert digest(link["row"]) == link["sealed"][5]
        assert digest(link["sealed"]) == link["hash"]
    kinds = {link["sealed"][3] for link in links}
    assert kinds == {"photo2", "event"}
    said = {dict(link["row"][1:])["sha256"] for link in links if link["sealed"][3] == "photo2"}
    assert said == {row(app, photo).sha256 for photo in photos}
    heads = [read_head(line) for line in (root / "heads.txt").read_text().splitlines()]
    assert heads[-1].position >= max(link["sealed"][2] for link in links)


TAMPERED = {
    "a picture exchanged": "altered: ",
    "a file put in": "not listed: ",
    "a file taken out": "missing: ",
    "a row in the chain altered": "the row is not what was sealed",
    "a hash in the chain altered": "the hash does not follow",
    "a picture put in, with its sum": "not in the chain: ",
}


@pytest.mark.parametrize("what", TAMPERED)
def test_the_script_in_it_names_what_was_tampered_with(photos, boss, month, tmp_path, what):
    root = fetch(boss, month, tmp_path / "out")
    assert check(root)[0] == 0, check(root)
    original, chain = next(root.glob("jobs/*/original/*after*")), root / "chain.jsonl"
    if what == "a picture exchanged":
        original.write_bytes(jpeg(32, 32))
    elif what == "a file put in":
        original.with_name("more.jpg").write_bytes(jpeg(32, 32))
    elif what == "a file taken out":
        original.unlink()
    elif what == "a picture put in, with its sum":
        original.with_name("more.jpg").write_bytes(jpeg(32, 32))
        name = original.with_name("more.jpg").relative_to(root).as_posix()
        with (root / "SHA256SUMS").open("a") as file:
            file.write(f"{hashlib.sha256(jpeg(32, 32)).hexdigest()}  {name}\n")
    else:
        line = json.loads(chain.read_text().splitlines()[0])
        if "row" in what:
            line["row"][1][1] = "0" * 32
        else:
            line["hash"] = "0" * 64
        rest = chain.read_text().splitlines()[1:]
        chain.write_text("\n".join([json.dumps(line, ensure_ascii=False), *rest]) + "\n")
    code, found = check(root)
    assert code == 1
    assert TAMPERED[what] in found


def test_what_is_missing_is_listed_with_the_reason(app, settings, phone, ticket, photos, boss, month, tmp_path):
    waiting = announcement(jpeg(100, 100))
    accepted(phone.send(f"/tickets/{ticket}/photos", waiting | {"role": "after"}))
    removed, lost, swapped = (take(phone, ticket, jpeg(64 + number, 64)) for number in range(3))
    change(app, removed, removed_at=datetime.now(UTC))
    path = settings.photo_store / "original" / row(app, lost).sha256[:2] / row(app, lost).sha256
    path.unlink()
    path = settings.photo_store / "original" / row(app, swapped).sha256[:2] / row(app, swapped).sha256
    path.write_bytes(jpeg(90, 90))
    root = fetch(boss, month, tmp_path / "out")
    lines = (root / "MISSING.txt").read_text().splitlines()
    reasons = {line.split("\t")[2]: line.split("\t")[3] for line in lines}
    assert len(reasons) == 4
    assert "手机" in reasons[waiting["photo_sha256"]]
    assert "删除" in reasons[row(app, removed).sha256]
    assert "无法读取" in reasons[row(app, lost).sha256]
    assert "不符" in reasons[row(app, swapped).sha256]
    assert "altered: " in check(root)[1]  # the exchanged bytes are there, under the fingerprint that was sealed


def test_each_original_is_logged_once_as_fetched(app, world, photos, boss, month, tmp_path):
    fetch(boss, month, tmp_path / "out")
    with app.app_context():
        views = session.query(OriginalView).all()
        assert {str(view.photo_id) for view in views} == set(photos)
        assert {(view.person_id, view.why) for view in views} == {(world.people["supervisor"], "archive")}


def test_the_sheet_in_a_folder_opens_by_itself(ticket, photos, boss, month, tmp_path):
    root = fetch(boss, month, tmp_path / "out")
    [sheet] = root.glob("jobs/*/sheet.html")
    html = sheet.read_text()
    for name in (path.name for path in sheet.parent.glob("stamped/*")):
        assert f'src="stamped/{name}"' in html
    assert "/static/" not in html
    assert "<script" not in html


def test_what_is_made_for_an_archive_does_not_fill_the_kept_pictures(settings, photos, boss, month, tmp_path):
    fetch(boss, month, tmp_path / "out")
    assert not list((settings.data / "cache").rglob("*.jpg"))


def test_rounds_and_other_records_are_there_too(app, world, phone, boss, month, tmp_path):
    ids, data = make_run(app, world), jpeg(300, 200)
    fields = announcement(data)
    accepted(phone.send(f"/rounds/stops/{ids['room']}/visits", {**visiting(), **fields, "photo_for": ""}), 201)
    accepted(phone.send(f"/photos/{fields['photo_id']}/original", body=data))
    root = fetch(boss, month, tmp_path / "out")
    [sheet] = root.glob("rounds/*/sheet.html")
    assert "水泵巡查" in sheet.read_text()
    assert check(root)[0] == 0


def test_a_month_is_one_of_the_sites_calendar(app, photos, boss, month, tmp_path):
    begin = datetime.fromisoformat(f"{month}-01T00:00:00+08:00").astimezone(UTC)
    for photo, moment in zip(photos, (begin, begin - timedelta(seconds=1)), strict=True):
        change(app, photo, received_at=moment)
    page = boss.page("/evidence-archive")
    assert len(page.all("a", download="")) == 2
    root = fetch(boss, month, tmp_path / "out")
    assert [name for name in sums(root) if "/original/" in name and "before" in name]
    assert not [name for name in sums(root) if "/original/" in name and "after" in name]
    assert "在其他月份的归档中" in next(root.glob("jobs/*/sheet.html")).read_text()


def test_it_is_the_same_on_both_databases(any_app, any_world, any_sign_in, month, tmp_path):
    ticket, client = make_ticket(any_app, any_world, "accepted"), any_sign_in("technician")
    photo = take(client, ticket)
    boss = any_sign_in("supervisor")
    assert len(boss.page("/evidence-archive").all("a", download="")) == 1
    root = fetch(boss, month, tmp_path / "out")
    assert check(root) == (0, check(root)[1])
    assert any("/original/" in name for name in sums(root))
    assert client.get(f"/tickets/{ticket}/evidence-sheet.pdf").status_code == 200
    assert "未被改动" in client.page(f"/v/{row(any_app, photo).code}").text


def test_an_empty_month_is_an_archive_of_nothing(boss, tmp_path):
    root = fetch(boss, "2020-02", tmp_path / "out")
    assert check(root)[0] == 0
    assert not (root / "jobs").exists()


def test_only_who_verifies_work_at_the_site_gets_it(sign_in, stranger, boss, month):
    for login in ("technician", "guard", "requester"):
        assert sign_in(login).get("/evidence-archive").status_code == 403, login
        assert sign_in(login).get(f"/evidence-archive/download?month={month}").status_code == 403
    unseen(boss.get(f"/evidence-archive/download?month={month}&site=south"))
    unseen(boss.get("/evidence-archive/download?month=2026-13"))
    unseen(boss.get("/evidence-archive/download"))
    assert stranger.get("/evidence-archive").status_code == 302


def test_a_long_month_takes_no_more_memory_than_a_short_one(app, world, ticket, phone, boss, month, monkeypatch):
    """Twelve photos of 400 kB or 120: what is held at once stays below two of them."""
    monkeypatch.setattr(archiving, "shown", lambda *_, **__: b"stamped")
    photo = take(phone, ticket)
    peaks = []
    for number in (12, 120):
        monkeypatch.setattr(archiving, "folders", lambda *_, number=number: _many(photo, ticket, number))
        monkeypatch.setattr("crew_app.evidence.store.LocalStore.get", lambda *_: bytes(400_000))
        answer = boss.get(f"/evidence-archive/download?month={month}", buffered=False)
        parts = iter(answer.response)
        next(parts)
        tracemalloc.start()
        size = sum(len(part) for part in parts)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        answer.close()
        assert size > number * 400_000
    assert peaks[1] < peaks[0] + 2 * 400_000, peaks


def _many(photo, ticket, number):
    return [Folder(f"jobs/{one}", ticket, [UUID(photo)]) for one in range(number)]


def test_sabotage_a_sum_over_what_lies_there_would_hide_the_exchange(
    app, settings, photos, boss, month, tmp_path, monkeypatch
):
    """Were the bytes' own hashes written down instead of the sealed ones, sha256sum would find nothing."""
    add = archiving.Bundle.add
    monkeypatch.setattr(
        archiving.Bundle, "add", lambda self, name, data, _sealed="", **more: add(self, name, data, "", **more)
    )
    kept = row(app, photos[0]).sha256
    (settings.photo_store / "original" / kept[:2] / kept).write_bytes(jpeg(33, 33))
    root = fetch(boss, month, tmp_path / "out")
    assert "altered" not in check(root)[1]


def test_an_altered_row_is_found_in_the_archive_as_well(app, photos, boss, month, tmp_path):
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE photos SET person_id = NULL"))
    root = fetch(boss, month, tmp_path / "out")
    assert "the row is not what was sealed" in check(root)[1]
