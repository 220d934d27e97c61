"""Licences and certificates: how they stand, renewals, who lacks what, and the warning on a job."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.core.db import session
from crew_app.registers import credential_queries as queries
from crew_app.registers.credential_models import CredentialKind
from crew_app.registers.credential_rules import Standing, runs_out, stand
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.counting import one, sql
from tests.support.pictures import announcement, camera_jpeg
from tests.support.tickets import make_ticket

TODAY = date(2026, 11, 22)
WARNING = "没有本工种的有效证书"


@pytest.fixture
def boss(sign_in):
    return sign_in("supervisor")


def day(days):
    return (datetime.now(ZoneInfo("Asia/Shanghai")) + timedelta(days=days)).date().isoformat()


def make_kind(client, bearer="person", **more):
    fields = {
        "kind_id": some_id(),
        "bearer": bearer,
        "name": "低压电工作业证",
        "months": "72",
        "advance_days": "60",
    } | more
    accepted(client.send("/licences/kinds", fields), 201)
    return fields["kind_id"]


def licence(world, kind, login="technician", **more):
    fields = {"credential_id": some_id(), "kind_id": kind, "person_id": str(world.people[login]), "number": "T4401"}
    return fields | {"issuer": "应急管理局", "issued_on": day(-400), "expires_on": day(400)} | more


def certificate(world, kind, **more):
    fields = {"credential_id": some_id(), "kind_id": kind, "asset_id": str(world.assets["pump"])}
    return fields | {"issued_on": day(-300), "expires_on": day(65)} | more


@pytest.mark.parametrize(
    ("days", "state", "band"),
    [
        *((-1, "expired", None), (0, "soon", 7), (7, "soon", 7), (8, "soon", 30), (30, "soon", 30)),
        *((31, "soon", 60), (60, "soon", 60), (61, "valid", None)),
    ],
)
def test_60_30_and_7_days_ahead(days, state, band):
    found = stand(TODAY + timedelta(days=days), 60, TODAY)
    assert (found.state, found.band, found.days) == (state, band, days)


def test_what_never_runs_out_is_valid():
    assert stand(None, 60, TODAY).state is Standing.VALID


@given(issued=st.dates(date(1980, 1, 1), date(2060, 12, 31)), months=st.integers(1, 240))
def test_it_runs_out_the_day_before_the_same_day(issued, months):
    last = runs_out(issued, months)
    assert last is not None
    after = last + timedelta(days=1)
    assert (after.year * 12 + after.month) - (issued.year * 12 + issued.month) == months
    assert after.day == issued.day or after.day < issued.day <= 31


def test_a_renewal_is_another_paper_and_the_old_one_stays(app, world, sign_in, boss):
    kind = make_kind(boss)
    old = accepted(boss.send("/licences", licence(world, kind, expires_on=day(-3))), 201)
    assert "已过期 3 天" in boss.page("/licences").text
    accepted(boss.send("/licences", licence(world, kind, issued_on=day(0), expires_on="")), 201)
    page = boss.page("/licences")
    assert "已过期 3 天" not in page.text
    assert "已过期 3 天" in boss.page(old).text
    assert one(app, "SELECT COUNT(*) FROM credentials") == 2


def test_who_needs_one_and_has_none_is_listed_first_and_warned_on_the_job(app, world, sign_in, boss):
    kind = make_kind(boss, trades=["electrical"])
    job, worker = make_ticket(app, world), sign_in("technician")
    assert "无记录" in boss.page("/licences").text
    assert WARNING in worker.page(f"/tickets/{job}").text
    accepted(worker.send(f"/tickets/{job}/acceptance"))  # warned, not refused
    assert WARNING in boss.page(f"/tickets/{job}").text
    assert WARNING not in sign_in("requester").page(f"/tickets/{job}").text
    accepted(boss.send("/licences", licence(world, kind)), 201)
    assert WARNING not in worker.page(f"/tickets/{job}").text
    assert WARNING not in worker.page(f"/tickets/{make_ticket(app, world, job_kind='drain')}").text


def test_lacks_is_asked_for_a_day(app, world, boss):
    kind = make_kind(boss)
    path = accepted(boss.send("/licences", licence(world, kind, issued_on=day(-10), expires_on=day(10))), 201)
    with app.app_context():
        found, person = session.get_one(CredentialKind, UUID(kind)), world.person("technician")
        at = [queries.lacks(person, found, datetime.now(UTC) + timedelta(days=days)) for days in (-12, 0, 9, 12)]
        assert at == [True, False, False, True]
        assert queries.lacks(world.person("second"), found, datetime.now(UTC))
    refused(boss.send(f"{path}/withdrawal"), 422, "words-missing")
    accepted(boss.send(f"{path}/withdrawal", {"note": "吊销"}))
    refused(boss.send(f"{path}/withdrawal", {"note": "吊销"}), 422, "withdrawn")
    with app.app_context():
        found = session.get_one(CredentialKind, UUID(kind))
        assert queries.lacks(world.person("technician"), found, datetime.now(UTC))


def test_own_licences_are_seen_and_nobody_elses(app, world, sign_in, boss):
    kind = make_kind(boss)
    mine = accepted(boss.send("/licences", licence(world, kind)), 201)
    accepted(boss.send("/licences", licence(world, kind, "second", number="OTHER-1")), 201)
    assert "T4401" in sign_in("technician").page(mine).text
    assert "员工second" not in sign_in("technician").page("/licences").text
    unseen(sign_in("second").get(mine))
    unseen(sign_in("outsider").get(mine))
    refused(sign_in("technician").send("/licences", licence(world, kind)), 403)
    unseen(sign_in("outsider").send("/licences", licence(world, kind)))
    unseen(sign_in("outsider").send(f"/licences/kinds/{kind}", {"name": "x", "advance_days": "1"}))


def test_the_photo_of_a_paper_is_shown_to_those_who_see_the_paper(app, world, sign_in, boss):
    data = camera_jpeg()
    photo = announcement(data)
    accepted(boss.send("/licences", licence(world, make_kind(boss)) | photo), 201)
    path = f"/photos/{photo['photo_id']}"
    accepted(boss.send(f"{path}/original", body=data))
    for login, status in (("technician", 200), ("manager", 200), ("second", 404), ("outsider", 404)):
        assert sign_in(login).get(f"{path}/thumb").status_code == status


def test_certificates_move_the_due_date_and_untested_assets_are_missing(app, world, sign_in, boss):
    pump = one(app, "SELECT id FROM asset_kinds WHERE code = 'pump'")
    kind = make_kind(boss, "asset", name="压力表检定", months="6", asset_kind_id=str(pump))
    assert "无记录" in sign_in("technician").page("/certificates").text
    path = accepted(boss.send("/certificates", certificate(world, kind, expires_on=day(20))), 201)
    text = sign_in("technician").page("/certificates").text
    assert "30 天内到期" in text
    assert "无记录" not in text
    code = {"asset_id": "", "code": world.tags["pump"]}
    accepted(boss.send("/certificates", certificate(world, kind, issued_on=day(0), expires_on="", **code)), 201)
    assert "30 天内到期" not in sign_in("technician").page("/certificates").text
    assert len(sign_in("technician").page(path).all("a", href="/certificates")) >= 1
    assert sign_in("technician").get("/certificates/all.xlsx").data[:2] == b"PK"
    assert boss.get("/licences/all.xlsx").data[:2] == b"PK"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"issued_on": "2999-01-01"}, "dates"),
        ({"issued_on": ""}, "dates"),
        ({"issued_on": "1066-10-14"}, "dates"),
        ({"expires_on": "9999-12-31"}, "dates"),
        ({"expires_on": "2001-01-01"}, "dates"),
        ({"issued_on": "yesterday"}, "day"),
        ({"person_id": ""}, "person"),
    ],
)
def test_dates_out_of_reach_are_refused(world, boss, fields, code):
    refused(boss.send("/licences", licence(world, make_kind(boss)) | fields), 422, code)


def test_absurd_kinds_and_foreign_bearers_are_refused(world, boss):
    for fields in ({"months": "0"}, {"months": "9999"}, {"advance_days": ""}, {"name": ""}, {"bearer": "x"}):
        form = {"kind_id": some_id(), "bearer": "person", "name": "证", "months": "12", "advance_days": "60"} | fields
        assert boss.send("/licences/kinds", form).status_code == 422
    kind = make_kind(boss, "asset", name="电梯年检", months="12")
    refused(boss.send("/licences", licence(world, kind)), 422, "wrong-kind")
    unseen(boss.send("/certificates", certificate(world, kind, asset_id=str(world.assets["south-pump"]))))
    refused(boss.send("/certificates", certificate(world, kind, asset_id="", code="NOTHING")), 422, "asset")
    refused(boss.send("/licences", licence(world, make_kind(boss), "southerner")), 422, "person")


def test_a_kind_is_changed_and_put_away(app, world, boss):
    kind = make_kind(boss, trades=["electrical"])
    fields = {
        "name": "高压电工证",
        "months": "",
        "advance_days": "90",
        "trades": ["electrical", "hvac"],
        "inactive": "1",
    }
    accepted(boss.send(f"/licences/kinds/{kind}", fields))
    assert sorted(str(row[0]) for row in sql(app, "SELECT trade FROM licence_needs")) == ["electrical", "hvac"]
    assert "无记录" not in boss.page("/licences").text
    assert "高压电工证" in boss.page("/licences/kinds").text
