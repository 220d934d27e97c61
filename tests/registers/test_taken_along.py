"""What phones take along of the registers, anew when it changes."""

from tests.support.client import accepted, some_id
from tests.support.registers import PATH, handing, make_post
from tests.support.taken import revisions, take


def test_a_guard_has_the_gate_log_where_there_is_no_network(sign_in):
    guard = sign_in("guard")
    before = revisions(guard)["/gate-log"]
    accepted(guard.send("/gate-log", {"visit_id": some_id(), "plate": "桂A12345", "reason": "送货"}), 201)
    assert revisions(guard)["/gate-log"] != before
    assert "桂A12345" in take(guard, ["/gate-log"])["/gate-log"]
    assert "/gate-log" not in revisions(sign_in("technician"))


def test_what_waits_for_the_relief_is_on_the_reliefs_phone_until_signed(app, world, sign_in):
    post, relief = make_post(app, world), sign_in("second")
    path = accepted(sign_in("technician").send("/hand-overs", handing(post)), 201)
    held = revisions(relief)
    assert {"/hand-overs", "/hand-overs/new", path} <= set(held)
    assert "接班" in take(relief, [path])[path]
    accepted(relief.send(f"{path}/relief", {"relief_path": PATH}))
    after = revisions(relief)
    assert path not in after
    assert after["/hand-overs"] != held["/hand-overs"]
    assert path not in revisions(sign_in("outsider"))


def test_a_job_pages_revision_follows_the_licences(app, world, sign_in):
    accepted(sign_in("supervisor").send("/tickets", report(world)), 201)
    worker = sign_in("technician")
    before = jobs(worker)
    kind = {"kind_id": some_id(), "bearer": "person", "name": "电工证", "months": "36", "advance_days": "60"}
    accepted(sign_in("supervisor").send("/licences/kinds", kind | {"trades": "electrical"}), 201)
    assert jobs(worker) != before


def report(world):
    return {"ticket_id": some_id(), "place_id": str(world.places["room"]), "job_kind": "lamp", "description": "灯灭"}


def jobs(client):
    return {url: revision for url, revision in revisions(client).items() if url.count("/") == 2 and "/tickets/" in url}
