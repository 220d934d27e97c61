"""How the server answers: to the outbox in headers and plain words, to a plain form by redirect, always guarded."""

from http import HTTPStatus

import pytest

from crew_app.core.errors import Refused
from crew_app.tickets import actions, floods
from crew_app.web.headers import HEADERS
from tests.support.client import accepted, path_of, refused, some_id
from tests.support.tickets import make_ticket, report_fields


def test_the_outbox_gets_no_html_but_where_to_look(world, sign_in):
    fields = report_fields(world)
    response = sign_in("technician").send("/tickets", fields)
    assert accepted(response, 201) == f"/tickets/{fields['ticket_id']}"
    assert response.mimetype == "text/plain"


def test_a_plain_form_is_redirected_to_where_to_look(world, sign_in):
    fields = report_fields(world)
    response = sign_in("technician").form("/tickets", fields)
    assert response.status_code == HTTPStatus.SEE_OTHER
    assert path_of(response) == f"/tickets/{fields['ticket_id']}"


def test_a_refusal_says_why_in_the_persons_language(app, world, sign_in):
    ticket = make_ticket(app, world, "finished")
    response = sign_in("technician", language="en").send(f"/tickets/{ticket}/acceptance")
    assert "To be verified" in refused(response, 422, "wrong-state")


def test_a_refused_plain_form_is_answered_with_a_page(app, world, sign_in):
    ticket = make_ticket(app, world, "finished")
    response = sign_in("technician").form(f"/tickets/{ticket}/acceptance")
    assert response.status_code == 422
    assert response.mimetype == "text/html"
    assert response.headers["Crew-Refusal"] == "wrong-state"


def test_an_outbox_without_a_session_is_told_so_and_gets_no_receipt(app, world, stranger):
    response = stranger.send("/tickets", report_fields(world), person=world.people["technician"])
    assert response.status_code == 401
    assert "Crew-Receipt" not in response.headers
    assert not response.get_data()


def test_a_missing_right_is_a_refusal_with_a_receipt(app, world, sign_in):
    """Without the receipt a phone would take it for a lost session and stop sending everything else."""
    ticket = make_ticket(app, world)
    refused(sign_in("requester").send(f"/tickets/{ticket}/acceptance"), 403, "may-not")


def test_an_unknown_ticket_is_a_refusal_with_a_receipt(sign_in):
    refused(sign_in("technician").send(f"/tickets/{some_id()}/acceptance"), 404, "unknown-ticket")


def test_an_unexpected_error_keeps_the_entry_on_the_phone(app, world, sign_in, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError("broken")

    ticket = make_ticket(app, world)
    monkeypatch.setattr(actions, "accept", fail)
    response = sign_in("technician").send(f"/tickets/{ticket}/acceptance")
    assert response.status_code == 500
    assert "broken" not in response.get_data(as_text=True)


def test_too_many_is_for_later(world, stranger, monkeypatch):
    monkeypatch.setattr(floods, "REPORTS", floods.Limits(0, 0, 0, 0))
    answer = stranger.form(f"/t/{world.tags['room']}/reports", {"ticket_id": some_id(), "job_kind": "lamp"})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("path", ["/", "/login", "/healthz", "/t/nonsense", "/tickets/nonsense", "/sync/directory"])
def test_every_answer_carries_the_security_headers(stranger, path):
    response = stranger.get(path)
    for name, value in HEADERS.items():
        assert response.headers[name] == value


def test_pages_are_not_kept_by_caches_in_between_and_vary_by_what_chooses_them(sign_in):
    response = sign_in("technician").get("/")
    assert {"HX-Request", "Cookie", "Accept-Language"} <= set(response.vary)
    assert response.cache_control.no_store
    assert response.cache_control.private


def test_a_page_names_the_person_it_was_made_for(world, sign_in, stranger):
    assert sign_in("technician").get("/").headers["Crew-Person"] == str(world.people["technician"])
    assert stranger.get("/login").headers["Crew-Person"] == ""


def test_htmx_gets_the_main_part_only(sign_in):
    client = sign_in("technician")
    whole, part = client.get("/"), client.get("/", headers={"HX-Request": "true"})
    assert "<html" in whole.get_data(as_text=True)
    assert "<html" not in part.get_data(as_text=True)
    assert '<main id="main"' in part.get_data(as_text=True)


def test_going_back_in_the_browser_gets_the_whole_page(sign_in):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in sign_in("technician").get("/", headers=headers).get_data(as_text=True)


def test_htmx_without_a_session_is_told_so(stranger):
    response = stranger.get("/", headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert response.headers["Crew-Sign-In"] == "required"


def test_a_browser_without_a_session_is_sent_to_the_sign_in_page_and_back(stranger):
    response = stranger.get("/tickets?state=open")
    assert response.status_code == 302
    assert path_of(response) == "/login?next=/tickets?state%3Dopen"


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/tickets/1", 404), ("/sign-out", 405)])
def test_the_usual_mistakes_have_a_page(sign_in, path, status):
    assert sign_in("technician").page(path, status).text


def test_words_with_placeholders_are_filled_in(app, world, sign_in):
    fields = report_fields(world, description="x" * 2001)
    assert "2000" in refused(sign_in("technician").send("/tickets", fields), 422, "too-long")


def test_errors_are_told_apart_by_code_not_by_words():
    refusal = Refused("some-code", "some words")
    assert (refusal.code, refusal.message, refusal.status) == ("some-code", "some words", 422)
