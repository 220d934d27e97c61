"""Photos a job needs: what the site asks for its kind, asked at the finish, never of what was recorded late."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from crew_app.core.db import session, write_transaction
from crew_app.tickets import shots
from crew_app.tickets.models import PhotoRole, Ticket
from crew_app.tickets.rules import Kind
from tests.support.client import accepted, refused, stamp
from tests.support.counting import counts, one
from tests.support.pictures import announcement, jpeg
from tests.support.taken import revisions
from tests.support.tickets import make_ticket, report_fields, state_of

RULES = {"after-all": "1", "before-lamp": "1", "after-lamp": "2", "before-drain": "0", "after-drain": ""}


@pytest.fixture
def asked(world, sign_in):
    """The north asks for one photo before and two after of lamps, none of drains, one after of all else."""
    accepted(sign_in("manager").send("/shot-rules", RULES | {"site_id": str(world.sites["north"])}))


def photograph(sign_in, ticket, role, size=8, **more):
    fields = announcement(jpeg(size), **more)
    accepted(sign_in("technician").send(f"/tickets/{ticket}/photos", {"role": role, **fields}))
    return fields["photo_id"]


def missing(app, ticket):
    with app.app_context():
        return shots.missing(session.get_one(Ticket, UUID(str(ticket))))


def finish(sign_in, ticket, **more):
    return sign_in("technician").send(f"/tickets/{ticket}/completion", {"note": "更换灯管"}, **more)


def test_the_rule_of_its_kind_counts_else_that_of_all_others_else_none(app, world, sign_in, asked):
    lamp, drain, paint = (make_ticket(app, world, "accepted", job_kind=kind) for kind in ("lamp", "drain", "paint"))
    assert missing(app, lamp) == {PhotoRole.BEFORE: 1, PhotoRole.AFTER: 2}
    assert missing(app, drain) == {}
    assert missing(app, paint) == {PhotoRole.AFTER: 1}
    south = make_ticket(app, world, "accepted", owner="southerner", place="south-room", reporter="southerner")
    assert missing(app, south) == {}


def test_announced_photos_count_and_drawn_copies_do_not(app, world, sign_in, asked):
    ticket = make_ticket(app, world, "accepted")
    before = photograph(sign_in, ticket, "before", 8)
    photograph(sign_in, ticket, "after", 16)
    more = {"photo_copy_of": before, "photo_challenge": "", "photo_shape": "image/jpeg 24x18"}
    photograph(sign_in, ticket, "after", 24, **more)
    assert missing(app, ticket) == {PhotoRole.AFTER: 1}


def test_finishing_asks_for_them(app, world, sign_in, asked):
    ticket = make_ticket(app, world, "accepted")
    before = counts(app)
    assert "照片" in refused(finish(sign_in, ticket), 422, "shots-missing")
    assert (state_of(app, ticket), counts(app)["ticket_events"]) == ("accepted", before["ticket_events"])
    for role, size in (("before", 8), ("after", 16), ("after", 24)):
        photograph(sign_in, ticket, role, size)
    accepted(finish(sign_in, ticket))
    assert state_of(app, ticket) == "finished"


def test_without_javascript_the_page_asks_for_the_reason(app, world, sign_in, asked):
    ticket = make_ticket(app, world, "accepted")
    client = sign_in("technician")
    page = client.page(f"/tickets/{ticket}")
    assert [found.get("required") for found in page.all("textarea", name="no_photo_reason")] == [""]
    assert [found.text for found in page.all("b", data_shots_count="")] == ["0", "0"]
    client.form(f"/tickets/{ticket}/completion", {"note": "更换灯管", "no_photo_reason": "病人在场"})
    assert one(app, "SELECT note FROM ticket_events WHERE verb = 'finish'") == "更换灯管\n未拍照：病人在场"
    assert missing(app, ticket) == {PhotoRole.BEFORE: 1, PhotoRole.AFTER: 2}


def test_when_all_are_there_no_reason_is_asked_for(app, world, sign_in, asked):
    ticket = make_ticket(app, world, "accepted", job_kind="paint")
    photograph(sign_in, ticket, "after")
    (reason,) = sign_in("technician").page(f"/tickets/{ticket}").all("textarea", name="no_photo_reason")
    assert "disabled" in reason.attrib
    accepted(finish(sign_in, ticket))


def test_spaces_are_no_reason(app, world, sign_in, asked):
    ticket = make_ticket(app, world, "accepted")
    fields = {"no_photo_reason": " \u3000\n"}
    refused(sign_in("technician").send(f"/tickets/{ticket}/completion", fields), 422, "shots-missing")


def test_what_was_recorded_late_is_never_refused(app, world, sign_in, asked):
    ticket = make_ticket(app, world, "accepted")
    late = stamp(datetime.now(UTC) - timedelta(minutes=4))
    accepted(finish(sign_in, ticket, made_at=late))
    assert missing(app, ticket) == {PhotoRole.BEFORE: 1, PhotoRole.AFTER: 2}


def test_a_repair_on_the_spot_is_not_refused_and_needs_nothing_before(app, world, sign_in, asked):
    fields = report_fields(world, fixed="1", note="已修好")
    accepted(sign_in("technician").send("/tickets", fields), 201)
    assert missing(app, fields["ticket_id"]) == {PhotoRole.AFTER: 2}


def test_carrying_driving_and_emergencies_are_not_asked(app, world, sign_in, asked):
    ticket = make_ticket(app, world, "accepted")
    for kind in Kind:
        with app.app_context(), write_transaction():
            session.get_one(Ticket, ticket).kind = kind
        assert bool(missing(app, ticket)) is (kind in shots.ASKED)


class TestRules:
    def test_they_are_shown_changed_and_taken_back(self, app, world, sign_in, asked):
        boss = sign_in("manager")
        page = boss.page("/shot-rules")
        assert chosen(page, "after-lamp") == "2"
        assert chosen(page, "after-all") == "1"
        assert chosen(page, "after-drain") == "0"
        accepted(boss.send("/shot-rules", RULES | {"before-lamp": "", "after-lamp": ""}))
        assert chosen(boss.page("/shot-rules"), "after-lamp") == "—"
        assert missing(app, make_ticket(app, world, "accepted")) == {PhotoRole.AFTER: 1}
        assert one(app, "SELECT count(*) FROM shot_rules") == 2

    def test_the_same_again_changes_nothing(self, app, world, sign_in, asked):
        before = one(app, "SELECT group_concat(changed_at) FROM shot_rules")
        accepted(sign_in("manager").send("/shot-rules", RULES))
        assert one(app, "SELECT group_concat(changed_at) FROM shot_rules") == before

    @pytest.mark.parametrize("number", ["6", "-1", "1.5", "一", "1 "])
    def test_nonsense_is_refused(self, app, world, sign_in, number):
        refused(sign_in("manager").send("/shot-rules", {"after-lamp": number}), 422, "shots")
        assert one(app, "SELECT count(*) FROM shot_rules") == 0

    def test_only_those_who_set_targets(self, app, world, sign_in):
        for login in ("technician", "requester", "guard"):
            refused(sign_in(login).send("/shot-rules", RULES), 403)
            assert sign_in(login).get("/shot-rules").status_code == 403

    def test_nobody_of_another_site(self, app, world, sign_in):
        fields = RULES | {"site_id": str(world.sites["north"])}
        refused(sign_in("outsider").send("/shot-rules", fields), 422, "unknown-site")

    def test_more_leads_there(self, world, sign_in):
        assert sign_in("manager").page("/more").all("a", href="/shot-rules")
        assert not sign_in("technician").page("/more").all("a", href="/shot-rules")


def test_a_changed_rule_renews_the_pages_that_phones_keep(app, world, sign_in):
    ticket, client = make_ticket(app, world, "accepted"), sign_in("technician")
    before = revisions(client)[f"/tickets/{ticket}"]
    accepted(sign_in("manager").send("/shot-rules", RULES))
    assert revisions(client)[f"/tickets/{ticket}"] != before


def chosen(page, name):
    (select,) = page.all("select", name=name)
    options = [option for option in select.iter("option") if "selected" in option.attrib] or list(select.iter("option"))
    return options[0].text
