"""Retention: pictures go when their time is over, never before what they belong to is; the record of them stays."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import false

from crew_app.cli.audit import problems
from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.evidence import removing
from crew_app.evidence.models import Photo
from crew_app.evidence.proof_models import Oddity, PhotoFlag
from crew_app.evidence.rule_models import EvidenceKind
from crew_app.web import keeping, photo_kinds
from tests.support.client import SAME_ORIGIN, accepted, refused, unseen
from tests.support.counting import one, sql
from tests.support.keeping import add_photo, adopt_all, by_hand, decide, faults_of, files_of, photo_of
from tests.support.pictures import announcement, camera_jpeg, jpeg
from tests.support.rounds import make_run, visiting
from tests.support.tickets import make_ticket

ALL = {"original", "large", "thumb"}
REASONS = "SELECT reason, person_id FROM removals WHERE what = 'bytes' ORDER BY id"


def let_go(app, world, days):
    """What the night does in so many days, and the minute after."""
    with app.app_context():
        done = keeping.let_go_at(world.sites["north"], now() + timedelta(days=days))
        keeping.delete_removed(app.config["SETTINGS"], now())
        return done


def closed_job(app, world, sign_in, data=None, role="before"):
    """A photo of a job that is verified."""
    ticket = make_ticket(app, world, "accepted")
    photo = add_photo(sign_in("technician"), ticket, data, role)
    accepted(sign_in("technician").send(f"/tickets/{ticket}/completion"))
    accepted(sign_in("supervisor").send(f"/tickets/{ticket}/verification"))
    return ticket, photo


def test_for_good_unless_somebody_decides(app, world, sign_in):
    _ticket, photo = closed_job(app, world, sign_in)
    assert let_go(app, world, 30_000) == 0
    assert files_of(app, photo_of(app, photo)) == ALL


def test_when_its_time_is_over_the_bytes_go_and_the_record_stays(app, world, sign_in):
    ticket, photo = closed_job(app, world, sign_in)
    decide(app, world, {"work": 90})
    adopt_all(app)
    before = photo_of(app, photo)
    assert let_go(app, world, 89) == 0
    assert let_go(app, world, 91) == 1
    after = photo_of(app, photo)
    assert files_of(app, after) == set()
    assert (after.sha256, after.code, after.byte_size) == (before.sha256, before.code, before.byte_size)
    assert (after.stored, after.stored_at) == (False, None)
    assert sql(app, REASONS) == [("rule: work 90", None)]
    assert faults_of(app) == []
    page = sign_in("supervisor", language="en").page(f"/tickets/{ticket}")
    assert "its time of 90 days was over" in page.html
    unseen(sign_in("supervisor").get(f"/photos/{photo}/large"))


@pytest.mark.parametrize("days", [{"report": 30, "work": 400}, {"report": 400, "work": 30}])
def test_each_kind_has_its_own_time(app, world, sign_in, days):
    ticket, work = closed_job(app, world, sign_in)
    report = add_photo(sign_in("technician"), ticket, jpeg(80, 60), "report")
    decide(app, world, days)
    let_go(app, world, 100)
    gone = {name for name, photo in (("work", work), ("report", report)) if not photo_of(app, photo).stored}
    assert gone == {name for name, number in days.items() if number == 30}


@pytest.mark.parametrize("state", ["open", "accepted", "on_hold", "finished"])
def test_a_job_that_is_not_closed_keeps_its_photos(app, world, sign_in, state):
    photo = add_photo(sign_in("technician"), make_ticket(app, world, state))
    decide(app, world, {"work": 30})
    assert let_go(app, world, 1000) == 0
    assert photo_of(app, photo).stored


def test_a_flag_nobody_judged_keeps_both_pictures(app, world, sign_in):
    _ticket, photo = closed_job(app, world, sign_in)
    _other, other = closed_job(app, world, sign_in, jpeg(80, 60))
    decide(app, world, {"work": 30})
    with app.app_context(), write_transaction():
        flag = PhotoFlag(site_id=world.sites["north"], photo_id=photo, kind=Oddity.SAME_PICTURE, made_at=now())
        flag.other_id = other
        session.add(flag)
    assert let_go(app, world, 1000) == 0
    with app.app_context(), write_transaction():
        session.query(PhotoFlag).one().judged_at = now()
    assert let_go(app, world, 1000) == 2


def test_a_late_entry_nobody_decided_about_keeps_its_photo(app, world, sign_in, monkeypatch):
    _ticket, photo = closed_job(app, world, sign_in)
    decide(app, world, {"work": 30})
    monkeypatch.setattr(photo_kinds, "held_photos", lambda _site: {photo})
    assert let_go(app, world, 1000) == 0


def test_photos_of_rounds_have_their_time_too(app, world, sign_in):
    ids = make_run(app, world)
    data, phone = jpeg(70, 50), sign_in("guard")
    shot = announcement(data)
    accepted(phone.send(f"/rounds/stops/{ids['room']}/visits", visiting(**shot, photo_purpose="")), 201)
    accepted(phone.send(f"/photos/{shot['photo_id']}/original", body=data))
    decide(app, world, {"round": 30})
    assert let_go(app, world, 40) == 0, "the run is still under way, and its visit is flagged"
    by_hand(app, "UPDATE runs SET state = 'done'", "DELETE FROM visit_flags")
    assert let_go(app, world, 40) == 1


def test_a_picture_that_another_photo_still_shows_is_not_deleted(app, world, sign_in):
    data = camera_jpeg()
    _ticket, first = closed_job(app, world, sign_in, data)
    second = add_photo(sign_in("second"), make_ticket(app, world, "accepted", owner="second"), data)
    decide(app, world, {"work": 30})
    assert let_go(app, world, 40) == 1
    assert not photo_of(app, first).stored
    assert files_of(app, photo_of(app, second)) == ALL


def test_bytes_that_come_again_after_the_removal_are_not_kept(app, world, sign_in):
    data = camera_jpeg()
    _ticket, photo = closed_job(app, world, sign_in, data)
    accepted(sign_in("manager").send(f"/photos/{photo}/removal", {"reason": "病人要求"}))
    let_go(app, world, 0)
    accepted(sign_in("technician").send(f"/photos/{photo}/original", body=data))
    assert files_of(app, photo_of(app, photo)) == set()


def test_a_store_that_does_not_let_go_is_asked_again(app, world, sign_in, monkeypatch):
    _ticket, photo = closed_job(app, world, sign_in)
    decide(app, world, {"work": 30})

    def fail(*_arguments):
        raise OSError("down")

    with monkeypatch.context() as broken:
        broken.setattr(removing, "delete_bytes", fail)
        assert let_go(app, world, 40) == 1
        assert files_of(app, photo_of(app, photo)) == ALL
    let_go(app, world, 40)
    assert files_of(app, photo_of(app, photo)) == set()


def test_only_the_night_of_the_site_carries_it_out(app, world, sign_in):
    closed_job(app, world, sign_in)
    decide(app, world, {"work": 30})
    noon = (datetime.now(UTC) + timedelta(days=60)).replace(hour=4)  # 12:00 in the hospital
    with app.app_context():
        assert keeping.let_go(app.config["SETTINGS"], noon) == 0
        assert keeping.let_go(app.config["SETTINGS"], noon.replace(hour=18)) == 1


def test_a_person_is_taken_out_at_once_by_whoever_keeps_evidence(app, world, sign_in):
    ticket, photo = closed_job(app, world, sign_in)
    adopt_all(app)
    accepted(sign_in("manager").send(f"/photos/{photo}/removal", {"reason": "病人要求"}))
    unseen(sign_in("supervisor").get(f"/photos/{photo}/large"))
    unseen(sign_in("supervisor").get(f"/photos/{photo}/original"))
    page = sign_in("supervisor").page(f"/photos/{photo}")
    assert "病人要求" in page.html
    assert "员工manager" in page.html
    assert f"/photos/{photo}/thumb" not in sign_in("supervisor").page(f"/tickets/{ticket}").html
    let_go(app, world, 0)
    assert files_of(app, photo_of(app, photo)) == set()
    assert faults_of(app) == []


def test_removing_it_twice_leaves_one_record(app, world, sign_in):
    _ticket, photo = closed_job(app, world, sign_in)
    for _ in range(2):
        accepted(sign_in("manager").send(f"/photos/{photo}/removal", {"reason": "病人要求"}))
    assert one(app, "SELECT COUNT(*) FROM removals WHERE what = 'bytes'") == 1


def test_drawings_on_a_picture_go_with_it(app, world, sign_in):
    ticket, photo = closed_job(app, world, sign_in)
    drawing = add_photo(sign_in("supervisor"), ticket, jpeg(90, 70), photo_copy_of=str(photo))
    accepted(sign_in("manager").send(f"/photos/{photo}/removal", {"reason": "病人要求"}))
    assert not photo_of(app, drawing).stored


@pytest.mark.parametrize("login", ["technician", "guard", "supervisor", "storekeeper", "requester"])
def test_nobody_else_may_remove(app, world, sign_in, login):
    _ticket, photo = closed_job(app, world, sign_in)
    assert sign_in(login).send(f"/photos/{photo}/removal", {"reason": "x y"}).status_code == 403
    assert photo_of(app, photo).stored


def test_an_outsider_does_not_even_see_it_and_a_reason_is_needed(app, world, sign_in):
    ticket, photo = closed_job(app, world, sign_in)
    unseen(sign_in("outsider").send(f"/photos/{photo}/removal", {"reason": "病人要求"}))
    refused(sign_in("manager").send(f"/photos/{photo}/removal", {"reason": " "}), 422, "reason-missing")
    own = add_photo(sign_in("manager"), ticket, jpeg(90, 70), "report")
    refused(sign_in("manager").send(f"/photos/{own}/removal", {"reason": "病人要求"}), 403, "own-photo")


def test_a_photo_that_vanished_without_a_record_is_named(app, world, sign_in):
    _ticket, photo = closed_job(app, world, sign_in)
    adopt_all(app)
    by_hand(app, "UPDATE photos SET removed_at = received_at")
    with app.app_context():
        assert [line for line in problems([]) if str(photo) in line and "no record" in line]


def test_the_page_says_what_would_go_before_it_does(app, world, sign_in):
    closed_job(app, world, sign_in)
    by_hand(app, "UPDATE photos SET received_at = '2020-01-01 00:00:00.000000'")
    by_hand(app, "UPDATE tickets SET closed_at = '2020-01-02 00:00:00.000000'")
    manager = sign_in("manager", language="en")
    assert "Nothing is removed" in manager.page("/evidence-rules").html
    tried = manager.page("/evidence-rules?kind=work&days=365").html
    assert "1 photo would be removed" in tried
    assert one(app, "SELECT COUNT(*) FROM photo_retentions") == 0
    assert manager.get("/evidence-rules?kind=work&days=3").status_code == 422


def test_rules_are_changed_by_a_form_and_every_change_is_kept(app, world, sign_in):
    adopt_all(app)
    manager = sign_in("manager", language="en")
    for days in ("365", "730", ""):
        fields = {"site_id": str(world.sites["north"]), "keep_work": days, "position_days": "7", "costly": "300"}
        assert manager.form("/evidence-rules", fields | {"sample_percent": "20", "blur_faces": "1"}).status_code == 303
    kept = "SELECT field, before, after FROM changes WHERE kind = 'evidence_rules' ORDER BY at, id"
    said = [f"{field}: {before} > {after}" for field, before, after in sql(app, kept)]
    assert said[-2:] == ["keep_work: 365 > 730", "keep_work: 730 > -"]
    assert set(said[:-2]) == {
        "position_days: 0 > 7",
        "blur_faces: no > yes",
        "sample_percent: 100 > 20",
        "costly: 200 > 300",
        "keep_work: - > 365",
    }
    page = manager.page("/evidence-rules").html
    assert "730 days → for good" in page
    assert "Manager" in page
    assert faults_of(app) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"keep_work": "29"},
        {"position_days": "4000"},
        {"sample_percent": "101"},
        {"costly": "viel"},
        {"keep_round": "-1"},
    ],
)
def test_nonsense_is_refused_in_words(world, sign_in, wrong):
    fields = {"site_id": str(world.sites["north"]), "position_days": "0", "sample_percent": "100", "costly": "200"}
    assert sign_in("manager").form("/evidence-rules", fields | wrong).status_code == 422


def test_whoever_has_no_say_has_none(world, sign_in):
    assert sign_in("supervisor").get("/evidence-rules").status_code == 403
    fields = {"site_id": str(world.sites["south"]), "position_days": "9"}
    assert sign_in("manager").post("/evidence-rules", data=fields, headers=SAME_ORIGIN).status_code in (403, 422)


def test_without_asking_whether_a_job_is_closed_its_photos_would_go(app, world, sign_in, monkeypatch):
    photo = add_photo(sign_in("technician"), make_ticket(app, world, "accepted"))
    decide(app, world, {"work": 30})
    ways = photo_kinds.belongings
    never = false()
    loose = lambda at: [photo_kinds.Belonging(way.kind, way.bound, never) for way in ways(at)]  # noqa: E731
    monkeypatch.setattr(photo_kinds, "belongings", loose)
    assert let_go(app, world, 1000) == 1
    assert not photo_of(app, photo).stored


def test_the_queries_are_the_same_on_both_databases(any_app, any_world):
    with any_app.app_context():
        days = dict.fromkeys(EvidenceKind, 30)
        assert set(photo_kinds.count_due(any_world.sites["north"], days, now()).values()) == {0}
        assert session.query(Photo).count() == 0
        assert removing.to_delete(now(), 5) == []
