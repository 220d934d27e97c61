"""The queue of finished work: what speaks for a closer look comes first, chance picks more, the rest passes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.evidence.flagging import judge
from crew_app.evidence.models import Photo
from crew_app.evidence.proof_models import Oddity, PhotoFlag
from crew_app.people.models import Person
from crew_app.tickets import risks, usual
from crew_app.tickets.events import AFTER_EVENT
from crew_app.tickets.review_models import Risk
from crew_app.tickets.rules import State
from tests.support.client import accepted, refused
from tests.support.counting import one, sql
from tests.support.pictures import announcement, jpeg
from tests.support.review import not_drawn, queued, risks_of, set_rule
from tests.support.tickets import bring_to, make_ticket, state_of


@pytest.fixture(autouse=True)
def proven(app, world):
    """Everybody has been here for years, so that only what a test adds speaks for a closer look."""
    with app.app_context(), write_transaction():
        session.query(Person).update({Person.created_at: datetime.now(UTC) - timedelta(days=900)})


def flag(app, photo_id, **more):
    with app.app_context(), write_transaction():
        photo = session.get_one(Photo, photo_id)
        session.add(
            PhotoFlag(site_id=photo.site_id, photo_id=photo.id, kind=Oddity.GALLERY, made_at=datetime.now(UTC), **more)
        )


def with_photo(app, client, ticket, role="after"):
    fields = announcement(jpeg())
    accepted(client.send(f"/tickets/{ticket}/photos", fields | {"role": role}))
    return one(app, "SELECT id FROM photos ORDER BY received_at DESC LIMIT 1"), fields["photo_id"]


def test_nothing_speaks_against_ordinary_work(app, world, sign_in):
    ticket = make_ticket(app, world, "accepted")
    accepted(sign_in("technician").send(f"/tickets/{ticket}/completion"))
    assert (risks_of(app, ticket), one(app, "SELECT risk FROM tickets")) == (set(), 0)


def test_what_was_sent_back_or_not_fixed_is_looked_at_again(app, world, sign_in):
    ticket = make_ticket(app, world, "finished", reporter="requester")
    accepted(sign_in("supervisor").send(f"/tickets/{ticket}/return", {"note": "重做"}))
    accepted(sign_in("technician").send(f"/tickets/{ticket}/completion"))
    assert risks_of(app, ticket) == {"sent_back"}
    accepted(sign_in("requester").send(f"/tickets/{ticket}/objection", {"note": "还漏"}))
    accepted(sign_in("technician").send(f"/tickets/{ticket}/completion"))
    assert {"sent_back", "not_fixed"} & risks_of(app, ticket) == risks_of(app, ticket) != set()


def test_costly_is_what_the_site_says(app, world, sign_in):
    set_rule(app, world, costly=Decimal(1))
    ticket, worker = make_ticket(app, world, "accepted"), sign_in("technician")
    taking = {"move_id": str(new_id()), "item_id": str(world.items["tube"]), "quantity": "2"}
    accepted(worker.send(f"/tickets/{ticket}/materials", taking))
    accepted(worker.send(f"/tickets/{ticket}/completion"))
    assert "costly" in risks_of(app, ticket)


def test_material_logged_afterwards_counts_too(app, world, sign_in):
    set_rule(app, world, costly=Decimal(1))
    ticket, worker = make_ticket(app, world, "accepted"), sign_in("technician")
    accepted(worker.send(f"/tickets/{ticket}/completion"))
    assert risks_of(app, ticket) == set()
    taking = {"move_id": str(new_id()), "item_id": str(world.items["tube"]), "quantity": "2"}
    accepted(worker.send(f"/tickets/{ticket}/materials", taking))
    assert "costly" in risks_of(app, ticket)


def test_a_new_colleague_is_looked_at_until_ten_jobs_were_passed(app, world, sign_in):
    with app.app_context(), write_transaction():
        session.query(Person).update({Person.created_at: datetime.now(UTC) - timedelta(days=3)})
    first = make_ticket(app, world, "finished")
    assert risks_of(app, first) == {"new_person"}
    for _ in range(risks.PROVEN):
        make_ticket(app, world, "verified")
    assert risks_of(app, make_ticket(app, world, "finished")) == set()


def test_emergencies_hazards_and_dangerous_trades_are_safety(app, world):
    with app.app_context(), write_transaction():
        ticket = bring_to(world, State.FINISHED)
        ticket.priority = 1
        risks.weigh(ticket, datetime.now(UTC))
        ticket_id = ticket.id
    assert risks_of(app, ticket_id) == {"safety"}


def test_a_picture_that_looks_odd_comes_first_until_somebody_finds_it_harmless(app, world, sign_in):
    plain, odd = make_ticket(app, world, "finished"), make_ticket(app, world, "accepted")
    worker = sign_in("technician")
    _, photo_id = with_photo(app, worker, odd)

    flag(app, UUID(photo_id))
    accepted(worker.send(f"/tickets/{odd}/completion"))
    assert risks_of(app, odd) == {"flag"}
    assert queued(sign_in("supervisor").page("/review")) == [odd, plain]
    with app.app_context(), write_transaction():
        (found,) = session.query(PhotoFlag)
        judge(found, harmless=True, by=world.person("supervisor"), at=server_moment(datetime.now(UTC)))
    assert risks_of(app, odd) == set()


def test_without_the_hook_nothing_would_be_weighed(app, world, sign_in, monkeypatch):
    monkeypatch.setattr(
        "crew_app.tickets.events.AFTER_EVENT", [one for one in AFTER_EVENT if "risks" not in one.__module__]
    )
    ticket = make_ticket(app, world, "finished", reporter="requester")
    accepted(sign_in("supervisor").send(f"/tickets/{ticket}/return", {"note": "重做"}))
    accepted(sign_in("technician").send(f"/tickets/{ticket}/completion"))
    assert risks_of(app, ticket) == set()


@pytest.mark.parametrize(("percent", "drawn"), [(0, False), (100, True)])
def test_chance_draws_as_many_as_the_site_wants(app, world, sign_in, percent, drawn):
    set_rule(app, world, sample_percent=percent)
    ticket = make_ticket(app, world, "accepted")
    accepted(sign_in("technician").send(f"/tickets/{ticket}/completion"))
    assert bool(one(app, "SELECT sampled FROM tickets")) is drawn
    page = sign_in("supervisor").page("/review")
    assert (f"/tickets/{ticket}/verification" in page.actions) is drawn
    assert ("/review/rest" in page.actions) is not drawn


def test_what_was_not_drawn_is_passed_together_and_the_story_says_so(app, world, sign_in):
    jobs = [make_ticket(app, world, "finished") for _ in range(3)]
    not_drawn(app, *jobs[:2])
    supervisor = sign_in("supervisor")
    accepted(supervisor.send("/review/rest", {"ticket_id": [str(job) for job in jobs]}))
    assert set(sql(app, "SELECT state, count(*) FROM tickets GROUP BY state")) == {("verified", 2), ("finished", 1)}
    notes = sql(app, "SELECT note FROM ticket_events WHERE verb = 'verify'")
    assert len(notes) == 2
    assert all("100" in str(note) for (note,) in notes)


def test_todays_page_says_that_they_wait_and_not_to_whoever_did_the_work(app, world, sign_in):
    job = make_ticket(app, world, "finished", owner="foreman")
    assert 'href="/review#pass-rest"' not in sign_in("supervisor").page("/").html
    not_drawn(app, job)
    assert 'href="/review#pass-rest"' in sign_in("supervisor").page("/").html
    assert 'href="/review#pass-rest"' not in sign_in("foreman").page("/").html


def test_own_work_is_never_among_what_is_passed_together(app, world, sign_in):
    own, other = make_ticket(app, world, "finished", owner="foreman"), make_ticket(app, world, "finished")
    not_drawn(app, own, other)
    foreman = sign_in("foreman")
    assert str(own) not in foreman.page("/review").html
    accepted(foreman.send("/review/rest", {"ticket_id": [str(own), str(other)]}))
    assert (state_of(app, own), state_of(app, other)) == ("finished", "verified")
    refused(foreman.send("/review/rest", {"ticket_id": str(own)}), 422, "rest-changed")


@pytest.mark.parametrize("sent", [[], ["nonsense"]])
def test_nothing_that_fits_is_refused_in_words(app, world, sign_in, sent):
    refused(sign_in("supervisor").send("/review/rest", {"ticket_id": sent}), 422, "rest-changed")


def test_nobody_passes_the_rest_of_another_site_or_without_the_right(app, world, sign_in):
    job = make_ticket(app, world, "finished")
    not_drawn(app, job)
    assert sign_in("outsider").send("/review/rest", {"ticket_id": str(job)}).status_code in (403, 422)
    assert sign_in("technician").send("/review/rest", {"ticket_id": str(job)}).status_code == 403
    assert one(app, "SELECT state FROM tickets") == "finished"


def test_after_a_verdict_comes_the_job_that_stood_behind_it(app, world, sign_in):
    first, second, third = (make_ticket(app, world, "finished") for _ in range(3))
    supervisor = sign_in("supervisor")
    where = accepted(supervisor.send(f"/tickets/{second}/verification", {"next_id": str(third)}))
    assert f"/tickets/{third}/verification" in supervisor.page(where).actions
    gone = accepted(supervisor.send(f"/tickets/{third}/return", {"note": "x", "next_id": str(second)}))
    assert f"/tickets/{first}/verification" in supervisor.page(gone).actions


def test_marks_of_whoever_sends_it_back_are_shown_to_the_crew_and_belong_to_the_picture(app, world, sign_in):
    ticket, worker = make_ticket(app, world, "accepted"), sign_in("technician")
    _, after = with_photo(app, worker, ticket)
    accepted(worker.send(f"/tickets/{ticket}/completion"))
    drawn = announcement(jpeg(80, 60)) | {"photo_copy_of": after, "photo_challenge": "", "photo_shape": ""}
    accepted(sign_in("supervisor").send(f"/tickets/{ticket}/return", drawn | {"note": "这里还漏"}))
    rows = sql(app, "SELECT role, copy_of_id FROM ticket_photos JOIN photos ON photos.id = photo_id ORDER BY position")
    assert [role for role, _ in rows] == ["after", "return"]
    assert rows[1][1] is not None
    refused(worker.send(f"/tickets/{ticket}/photos", announcement(jpeg(90, 60)) | {"role": "return"}), 422)


def test_whoever_did_the_work_cannot_mark_it_either(app, world, sign_in):
    ticket = make_ticket(app, world, "finished", owner="foreman")
    drawn = announcement(jpeg(80, 60)) | {"note": "x"}
    refused(sign_in("foreman").send(f"/tickets/{ticket}/return", drawn), 403, "own-work")
    assert one(app, "SELECT count(*) FROM photos") == 0


def test_figures_count_what_came_back_of_what_was_looked_at(app, world, sign_in):
    supervisor, worker = sign_in("supervisor"), sign_in("technician")
    job = make_ticket(app, world, "finished")
    accepted(supervisor.send(f"/tickets/{job}/return", {"note": "重做"}))
    accepted(worker.send(f"/tickets/{job}/completion"))
    accepted(supervisor.send(f"/tickets/{job}/verification"))
    unseen = make_ticket(app, world, "finished")
    not_drawn(app, unseen)
    accepted(supervisor.send("/review/rest", {"ticket_id": str(unseen)}))
    text = " ".join(supervisor.page("/review/figures?days=30").text.split())
    assert "3 2 1 50.0 %" in text


def test_of_other_sites_no_figures(app, world, sign_in):
    make_ticket(app, world, "verified")
    assert "<table" in sign_in("supervisor").page("/review/figures").html
    assert "<table" not in sign_in("outsider").page("/review/figures").html


def test_much_more_than_such_jobs_take_is_unusual(app, world, sign_in):
    worker = sign_in("technician")
    job = None
    for quantity in ["1"] * usual.ENOUGH + ["3"]:
        job = make_ticket(app, world, "accepted")
        taking = {"move_id": str(new_id()), "item_id": str(world.items["tube"]), "quantity": quantity}
        accepted(worker.send(f"/tickets/{job}/materials", taking))
        accepted(worker.send(f"/tickets/{job}/completion"))
    assert "unusual" in risks_of(app, job)
    page = sign_in("supervisor").page("/review")
    assert f"/tickets/{job}/verification" in page.actions


def test_every_reason_has_a_weight_words_and_a_check():
    assert set(risks.WEIGHTS) == set(risks.RISK_LABELS) == set(Risk)
    assert set(risks.CHECKS) <= set(Risk)
