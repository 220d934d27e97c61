"""Changes that another web site started are refused; everything a phone of ours sends goes through."""

import pytest

from crew_app.core.ids import new_id
from tests.support.counting import one
from tests.support.tickets import report_fields

REFUSED = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:81"},
]
TAKEN = [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"}, {}]


def post(client, world, headers):
    fields = report_fields(world, _key=str(new_id()), _person=str(client.person_id))
    return client.post("/tickets", data=fields, headers=headers)


@pytest.mark.parametrize("headers", REFUSED, ids=str)
def test_a_change_from_elsewhere_is_refused(app, world, sign_in, headers):
    response = post(sign_in("technician"), world, headers)
    assert response.status_code == 403
    assert response.headers["Crew-Refusal"] == "cross-site"
    assert one(app, "SELECT COUNT(*) FROM tickets") == 0


@pytest.mark.parametrize("headers", TAKEN, ids=str)
def test_a_change_from_our_own_pages_is_carried_out(app, world, sign_in, headers):
    assert post(sign_in("technician"), world, headers).status_code == 303
    assert one(app, "SELECT COUNT(*) FROM tickets") == 1


@pytest.mark.parametrize("path", ["/login", "/sign-out", "/language", "/password"])
def test_what_has_no_receipt_keeps_to_the_same_rule(sign_in, path):
    response = sign_in("technician").post(path, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403


def test_reading_from_elsewhere_is_a_link_and_allowed(sign_in):
    assert sign_in("technician").get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_the_session_cookie_does_not_travel_with_foreign_requests(stranger):
    cookie = stranger.sign_in("technician").headers["Set-Cookie"]
    assert "SameSite=Lax" in cookie
    assert "HttpOnly" in cookie
