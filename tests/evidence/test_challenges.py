"""Capture challenges: given to one person, good for one picture, for a fortnight; a bad one refuses nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crew_app.evidence.challenges import GOOD_FOR, Challenge, answered, give
from crew_app.routes.challenges import AT_ONCE
from crew_app.web import pictures
from tests.support.client import accepted
from tests.support.counting import counts, sql
from tests.support.pictures import announcement, jpeg
from tests.support.tickets import make_ticket

KEY = "a key of this installation"
WANG, LI = UUID(int=1), UUID(int=2)
AT = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


class TestTokens:
    def test_whoever_got_it_can_answer_it_for_a_fortnight(self):
        token = give(WANG, KEY, AT)
        found = answered(token, WANG, KEY, AT + GOOD_FOR)
        assert found
        assert found.given_at == AT
        assert answered(token, WANG, KEY, AT + GOOD_FOR + timedelta(seconds=1)) is None
        assert answered(token, WANG, KEY, AT - timedelta(seconds=1)) is None

    def test_nobody_else_can_nor_another_installation(self):
        token = give(WANG, KEY, AT)
        assert answered(token, LI, KEY, AT) is None
        assert answered(token, WANG, KEY + "x", AT) is None

    def test_no_two_are_alike(self):
        assert len({answered(give(WANG, KEY, AT), WANG, KEY, AT) for _ in range(50)}) == 50

    @given(st.text(max_size=130))
    def test_what_was_made_up_is_none(self, token):
        assert answered(token, WANG, KEY, AT) is None

    @given(st.integers(0, 78), st.sampled_from("0123456789abcdef."))
    def test_a_changed_one_is_none(self, place, letter):
        token = give(WANG, KEY, AT)
        other = token[:place] + letter + token[place + 1 :]
        assert other == token or answered(other, WANG, KEY, AT) is None


def challenges(client):
    response = client.get("/photos/challenges")
    assert response.status_code == 200
    return response.get_json()


def shoot(client, ticket, token, size=8, **more):
    """Announce a live shot; returns its row."""
    fields = announcement(jpeg(size), photo_source="live", photo_challenge=token, **more)
    accepted(client.send(f"/tickets/{ticket}/photos", {"role": "after", **fields}))
    return fields["photo_id"]


def row(app, photo_id):
    ((challenge, at),) = sql(app, f"SELECT challenge_id, challenged_at FROM photos WHERE id = '{UUID(photo_id).hex}'")
    return challenge, at


class TestGiving:
    def test_fresh_ones_for_whoever_asks_and_nothing_is_written_down(self, app, world, sign_in):
        client = sign_in("technician")
        before = counts(app)
        first, second = challenges(client), challenges(client)
        assert len({*first, *second}) == 2 * AT_ONCE
        assert counts(app) == before

    def test_no_copy_of_them_is_kept_anywhere(self, world, sign_in):
        response = sign_in("technician").get("/photos/challenges")
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Crew-Person"] == str(world.people["technician"])

    def test_strangers_get_none(self, world, stranger):
        assert stranger.get("/photos/challenges", headers={"Accept": "application/json"}).status_code in (302, 401)


class TestAnswering:
    @pytest.fixture
    def ticket(self, app, world):
        return make_ticket(app, world, "accepted")

    def test_the_first_picture_uses_it_up(self, app, world, sign_in, ticket):
        client = sign_in("technician")
        token = challenges(client)[0]
        challenge, at = row(app, shoot(client, ticket, token))
        assert challenge == token[:32]
        assert at is not None
        assert row(app, shoot(client, ticket, token, 16)) == (None, None)

    def test_somebody_elses_counts_for_nothing_and_refuses_nothing(self, app, world, sign_in, ticket):
        token = challenges(sign_in("second"))[0]
        assert row(app, shoot(sign_in("technician"), ticket, token)) == (None, None)

    def test_without_the_check_somebody_elses_would_count(self, app, world, sign_in, ticket, monkeypatch):
        token = challenges(sign_in("second"))[0]
        monkeypatch.setattr(pictures, "answered", lambda *_: Challenge(UUID(int=7), AT))
        assert row(app, shoot(sign_in("technician"), ticket, token)) != (None, None)

    @pytest.mark.parametrize("token", ["", "x", "a.b.c", "0" * 200])
    def test_none_or_nonsense_is_still_a_photo(self, app, world, sign_in, ticket, token):
        assert row(app, shoot(sign_in("technician"), ticket, token)) == (None, None)

    def test_several_in_a_form_each_have_their_own(self, app, world, sign_in, ticket):
        client = sign_in("technician")
        tokens = challenges(client)
        shots = [announcement(jpeg(size), photo_source="live") for size in (8, 16, 24)]
        fields: dict[str, Any] = {name: [shot[name] for shot in shots] for name in shots[0]}
        fields |= {"photo_challenge": [tokens[0], "", tokens[1]], "photo_shape": ["image/jpeg 8x6"] * 3}
        fields |= {"photo_copy_of": ["", "", shots[0]["photo_id"]], "role": "after"}
        accepted(client.send(f"/tickets/{ticket}/photos", fields))
        found = [row(app, shot["photo_id"])[0] for shot in shots]
        assert found == [tokens[0][:32], None, tokens[1][:32]]
        (copy_of,) = sql(app, "SELECT copy_of_id FROM photos WHERE copy_of_id IS NOT NULL")
        assert copy_of[0] == UUID(shots[0]["photo_id"]).hex
