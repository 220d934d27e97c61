"""Shift hand-over: drafted from what is open, signed by both, still on duty until then, never changed afterwards."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from crew_app.core.clock import server_moment
from crew_app.core.db import db, session, write_transaction
from crew_app.people.models import Site
from crew_app.stock.actions import issue
from tests.support.client import accepted, refused, some_id, unseen
from tests.support.counting import one, sql
from tests.support.registers import PATH, handing, make_post
from tests.support.tickets import make_ticket

ON_DUTY = "仍在岗"


@pytest.fixture
def post(app, world):
    return make_post(app, world)


def hand(client, post, **more):
    return accepted(client.send("/hand-overs", handing(post, **more)), 201)


def drafted(page):
    return [area.text or "" for area in page.all("textarea", name="line_text")]


def test_it_drafts_itself_from_what_is_open_in_the_trade(app, world, sign_in, post):
    number = lambda job: one(app, "SELECT number FROM tickets WHERE id = :id", id=job.hex)  # noqa: E731
    overdue = make_ticket(app, world, "accepted", owner="technician", at=datetime.now(UTC) - timedelta(days=20))
    waiting = make_ticket(app, world, "on_hold", owner="technician")
    drain = make_ticket(app, world, "open", job_kind="drain")
    done = make_ticket(app, world, "verified")
    lines = "\n".join(drafted(sign_in("technician").page("/hand-overs/new")))
    assert str(number(overdue)) in lines.splitlines()[1]
    assert "已超期" in lines
    assert str(number(waiting)) in lines
    assert str(number(drain)) not in lines
    assert str(number(done)) not in lines


def test_stock_discrepancies_and_visitors_where_the_post_tells_of_them(app, world, sign_in):
    post = make_post(app, world, name="总值班", trade=None, tells_jobs=False, tells_stock=True, tells_visitors=True)
    accepted(sign_in("guard").send("/gate-log", {"visit_id": some_id(), "plate": "桂A99999", "reason": "送货"}), 201)
    with app.app_context(), write_transaction():
        store, bag = world.account("store"), world.account("bag")
        issue(world.item("valve"), Decimal(40), store, bag, by=world.person("storekeeper"), at=server_moment())
    lines = "\n".join(drafted(sign_in("guard").page(f"/hand-overs/new?post={post}")))
    assert "桂A99999" in lines
    assert "角阀" in lines


def test_until_the_relief_has_signed_one_is_on_duty_and_everybody_is_told(sign_in, post):
    path = hand(sign_in("technician"), post)
    for login in ("technician", "second", "supervisor"):
        assert ON_DUTY in sign_in(login).page("/hand-overs").text
    page = sign_in("second").page(path)
    assert ON_DUTY in page.text
    (line,) = [field.get("value") for field in page.all("input", name="note_line")]
    accepted(sign_in("second").send(f"{path}/relief", {"relief_path": PATH, "note_line": line, "note_text": "已核对"}))
    page = sign_in("technician").page(path)
    assert ON_DUTY not in page.text
    assert "已核对" in page.text
    assert ON_DUTY not in sign_in("supervisor").page("/hand-overs").text


def test_both_sign_on_one_phone(app, world, sign_in, post):
    second = str(world.people["second"])
    path = hand(sign_in("technician"), post, relief_id=second, relief_paper="1")
    assert ON_DUTY not in sign_in("technician").page(path).text
    signed = sql(app, "SELECT part, person_id, device_person_id, path FROM hand_over_signatures ORDER BY id")
    assert [row[0] for row in signed] == ["outgoing", "relief"]
    assert signed[1][1] != signed[1][2]
    assert signed[1][3] == ""


def test_a_signature_is_needed_and_nobody_relieves_themselves(world, sign_in, post):
    me = sign_in("technician")
    refused(me.send("/hand-overs", handing(post, outgoing_path="")), 422, "signature")
    refused(me.send("/hand-overs", handing(post, outgoing_path="M0 0<script>")), 422, "signature")
    path = hand(me, post)
    refused(me.send(f"{path}/relief", {"relief_path": PATH}), 422, "same-person")
    refused(
        me.send(f"{path}/relief", {"relief_id": str(world.people["southerner"]), "relief_path": PATH}), 422, "person"
    )
    accepted(sign_in("second").send(f"{path}/relief", {"relief_path": PATH}))
    refused(sign_in("second").send(f"{path}/relief", {"relief_path": PATH}), 422, "signed")


def test_who_took_over_earlier_without_a_network_is_the_relief(app, sign_in, post):
    path = hand(sign_in("technician"), post)
    accepted(sign_in("foreman").send(f"{path}/relief", {"relief_path": PATH}))
    earlier = datetime.now(UTC) - timedelta(hours=1)
    accepted(sign_in("second").send(f"{path}/relief", {"relief_path": PATH}, made_at=earlier))
    assert "员工second" in sign_in("manager").page(path).text
    assert one(app, "SELECT p.login FROM hand_overs h JOIN people p ON p.id = h.relieved_by_id") == "second"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE hand_over_lines SET text = ''",
        "UPDATE hand_over_signatures SET name = ''",
        "DELETE FROM hand_over_lines",
    ],
)
def test_what_was_signed_never_changes(app, sign_in, post, change):
    hand(sign_in("technician"), post)
    with app.app_context(), pytest.raises(DBAPIError), db.engine.begin() as connection:
        connection.execute(text(change))


def test_half_an_hour_after_the_shift_it_is_overdue(app, world, sign_in):
    local = datetime.now(UTC).astimezone(app_zone(app, world))
    ended = local - timedelta(minutes=40)
    post = make_post(app, world, changes=f"{ended:%H:%M}")
    supervisor = sign_in("supervisor")
    assert "无人交班" in supervisor.page("/hand-overs").text
    hand(sign_in("technician"), post)
    page = supervisor.page("/hand-overs")
    assert "无人交班" not in page.text
    assert "接班超时" in page.text


def app_zone(app, world):
    with app.app_context():
        return session.get_one(Site, world.sites["north"]).zone


def test_nobody_else_writes_and_other_sites_see_nothing(app, world, sign_in, post):
    path = hand(sign_in("technician"), post)
    refused(sign_in("manager").send("/hand-overs", handing(post)), 403)
    refused(sign_in("manager").send(f"{path}/relief", {"relief_path": PATH}), 403)
    for client in (sign_in("outsider"), sign_in("southerner")):
        unseen(client.get(path))
        unseen(client.send(f"{path}/relief", {"relief_path": PATH}))
        unseen(client.send("/hand-overs", handing(post)))
    assert sign_in("requester").get("/hand-overs").status_code == 403


@pytest.mark.parametrize("href", ["//evil.example", "javascript:x", "/tickets/../x", "/T", "https://a.b"])
def test_lines_lead_only_within(app, sign_in, post, href):
    hand(sign_in("technician"), post, line_source=["x"], line_text=["看这里"], line_href=[href])
    assert sql(app, "SELECT source, href FROM hand_over_lines") == [("remark", "")]


def test_posts_are_edited_by_those_who_keep_the_registers(sign_in, world, post):
    boss = sign_in("supervisor")
    fields = {"post_id": some_id(), "name": "制氧站", "changes": "8：00，20:00", "trade": "oxygen", "tells_jobs": "1"}
    accepted(boss.send("/hand-overs/posts", fields), 201)
    refused(boss.send("/hand-overs/posts", fields), 422, "post-known")
    fields["post_id"] = some_id()
    assert "08:00 20:00" in boss.page("/hand-overs/posts").text
    refused(boss.send("/hand-overs/posts", fields | {"changes": "25:00"}), 422, "times")
    refused(boss.send("/hand-overs/posts", fields | {"name": ""}), 422, "name-missing")
    accepted(boss.send(f"/hand-overs/posts/{post}", fields | {"name": "旧岗", "inactive": "1"}))
    assert "旧岗" not in sign_in("technician").page("/hand-overs/new").text
    refused(sign_in("technician").send("/hand-overs/posts", fields), 403)
    unseen(sign_in("outsider").send(f"/hand-overs/posts/{post}", fields))


def test_it_is_a_spreadsheet(sign_in, post):
    hand(sign_in("technician"), post)
    assert sign_in("supervisor").get("/hand-overs/all.xlsx").data[:2] == b"PK"
