"""Everything as one file: all rows of one's own sites, counted and fingerprinted, and no secret among them."""

import csv
import hashlib
import io
import json
import re
import zipfile

import pytest
from sqlalchemy import LargeBinary, func, select

from crew_app.core.db import Base, session
from crew_app.exports import tables
from crew_app.people.models import Person
from crew_app.phones.models import Device
from crew_app.places.models import Asset, Place
from crew_app.stock.models import Move

SUSPICIOUS = re.compile(r"hash|token|secret|pass|pin|key|sealed|auth|private|salt|credential|cookie|otp", re.IGNORECASE)
HARMLESS = {
    *("answers.check_key", "contractor_findings.check_key", "findings.check_key", "reading_series.check_key"),
    *("emergency_entries.step_key", "escalation_steps.key", "gate_visits.plate_key", "notices.key", "run_stops.key"),
    *("site_words.key", "visit_photos.check_key", "discards.discarded_key", "held_entries.key", "receipts.key"),
    *("chain_links.hash", "ledger_entries.hash", "visits.frame_hash", "items.pinyin", "hazard_checks.passed"),
    *("people.must_change_password", "training_records.passed", "trips.passengers", "credentials.credential_id"),
    *("credential_photos.credential_id",),
}
"""Names that only look like secrets: keys of rows and checks, fingerprints, answers."""


def opened(client, query=""):
    response = client.get(f"/admin/dump/download{query}")
    assert response.status_code == 200
    return zipfile.ZipFile(io.BytesIO(response.get_data()))


def lines(archive, name):
    return [json.loads(line) for line in archive.read(f"tables/{name}.jsonl").decode().splitlines()]


def suspicious(found):
    """Columns of a dump whose names smell of a secret and that nobody has looked at."""
    names = {f"{plan.name}.{column.name}" for plan in found for column in plan.columns}
    return sorted(
        name
        for name in names
        if SUSPICIOUS.search(name.partition(".")[2]) and not name.endswith(".receipt_key") and name not in HARMLESS
    )


def test_the_rows_of_ones_own_site_are_all_there_and_no_others(app, world, sign_in):
    archive = opened(sign_in("administrator"))
    assert archive.testzip() is None
    with app.app_context():
        for model in (Place, Asset, Move):
            wanted = session.scalars(select(model.id).where(model.site_id == world.sites["north"]))
            assert {row["id"] for row in lines(archive, model.__tablename__)} == {str(one) for one in wanted}
    assert [row["code"] for row in lines(archive, "sites")] == ["north"]
    logins = {row["login"] for row in lines(archive, "people")}
    assert "technician" in logins
    assert not logins & {"outsider", "southerner"}


def test_the_manifest_says_how_many_rows_and_what_fingerprint(sign_in):
    archive = opened(sign_in("administrator"))
    manifest = json.loads(archive.read("manifest.json"))
    assert {one["file"] for one in manifest["files"]} == {
        name for name in archive.namelist() if name.startswith("tables/")
    }
    for one in manifest["files"]:
        data = archive.read(one["file"])
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (one["sha256"], one["bytes"])
        assert len(data.splitlines()) == one["rows"]


def test_the_same_as_csv(sign_in):
    client = sign_in("administrator")
    rows = list(csv.DictReader(io.StringIO(opened(client, "?form=csv").read("tables/places.csv").decode("utf-8-sig"))))
    assert [row["code"] for row in rows] == [row["code"] for row in lines(opened(client), "places")]


def test_no_column_of_a_secret_goes_out():
    assert suspicious(tables.plans()) == []
    assert not [one for plan in tables.plans() for one in plan.columns if isinstance(one.type, LargeBinary)]


@pytest.mark.parametrize("name", ["people.password_hash", "devices.token_hash", "chat_hooks.sealed"])
def test_a_new_secret_would_be_noticed(monkeypatch, name):
    monkeypatch.setattr(tables, "HIDDEN", tables.HIDDEN - {name})
    assert suspicious(tables.plans()) == [name]


def test_a_new_table_of_sign_ins_would_be_noticed(monkeypatch):
    monkeypatch.setattr(tables, "LEFT_OUT", tables.LEFT_OUT - {"pins", "login_sessions"})
    assert suspicious(tables.plans()) == ["login_sessions.token_hash", "pins.pin_hash"]


def test_no_secret_stands_in_the_file(app, sign_in):
    client = sign_in("administrator")
    archive = opened(client)
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    with app.app_context():
        secrets = [*session.scalars(select(Person.password_hash)), *session.scalars(select(Device.token_hash))]
    assert secrets
    assert not [one for one in secrets if one in everything]
    assert "argon2" not in everything


def test_every_table_says_whose_it_is(app, world):
    with app.app_context():
        for plan in tables.plans():
            assert isinstance(sum(1 for _ in tables.rows(plan, [world.sites["north"]])), int)
    missing = {table.name for table in Base.metadata.tables.values()} - {plan.name for plan in tables.plans()}
    assert missing == tables.LEFT_OUT & {table.name for table in Base.metadata.tables.values()}


def test_long_tables_come_in_pages_without_a_row_lost_or_doubled(app, world, monkeypatch):
    monkeypatch.setattr(tables, "AT_ONCE", 3)
    with app.app_context():
        for plan in tables.plans():
            if plan.name in ("places", "balances", "people", "tags"):
                found = [json.dumps(row) for row in tables.rows(plan, list(world.sites.values()))]
                assert len(found) == len(set(found)) == session.scalar(select(func.count()).select_from(plan.table))


def test_only_who_may(sign_in, world):
    assert sign_in("manager").get("/admin/dump/download").status_code == 403
    administrator = sign_in("administrator")
    assert administrator.get(f"/admin/dump/download?site_id={world.sites['south']}").status_code == 422
    administrator.page("/admin/dump")
