"""What every command on a ticket has in common, tested alike for each: subclasses say what to send and as whom."""

from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

import pytest

from crew_app.core.ids import new_id
from tests.support.client import UNKNOWN_ID, accepted, path_of, refused, unseen
from tests.support.counting import counts
from tests.support.tickets import make_ticket, state_of


class CommandOnTicket:
    """One resource below /tickets/<id>."""

    resource: str
    actor: ClassVar[str] = "technician"
    possible: ClassVar[tuple[str, ...]]
    """The states in which it is possible."""
    leads_to: ClassVar[str | None] = None
    """The state afterwards; None when it stays as it was."""
    may_not: ClassVar[tuple[str, ...]] = ("guard", "storekeeper", "administrator")
    """People of the site who see the ticket and may not do this."""

    def fields(self, world: Any) -> dict[str, Any]:
        """What the form sends."""
        return {}

    def path(self, ticket: UUID | str) -> str:
        """Where the form posts to."""
        return f"/tickets/{ticket}/{self.resource}"

    @pytest.fixture
    def ticket(self, app, world):
        """A ticket in a state in which it is possible."""
        return make_ticket(app, world, min(self.possible))

    def test_it_works_and_leads_back_to_the_ticket_or_the_queue(self, app, world, sign_in, ticket):
        location = accepted(sign_in(self.actor).send(self.path(ticket), self.fields(world)))
        assert location in (f"/tickets/{ticket}", "/review")
        assert self.leads_to is None or state_of(app, ticket) == self.leads_to

    def test_it_works_without_javascript(self, app, world, sign_in, ticket):
        response = sign_in(self.actor).form(self.path(ticket), self.fields(world))
        assert response.status_code == HTTPStatus.SEE_OTHER
        assert path_of(response) in (f"/tickets/{ticket}", "/review")

    def test_the_same_request_again_changes_nothing_more(self, app, world, sign_in, ticket):
        client, key, fields = sign_in(self.actor), new_id(), self.fields(world)
        first = accepted(client.send(self.path(ticket), fields, key=key))
        after = counts(app)
        assert accepted(client.send(self.path(ticket), fields, key=key)) == first
        assert counts(app) == after

    @pytest.mark.parametrize("state", ["open", "accepted", "on_hold", "finished", "verified", "cancelled"])
    def test_it_is_possible_in_these_states_and_in_no_other(self, app, world, sign_in, state):
        ticket = make_ticket(app, world, state)
        before = counts(app)
        response = sign_in(self.actor).send(self.path(ticket), self.fields(world))
        if state in self.possible:
            accepted(response)
            assert state_of(app, ticket) == (self.leads_to or state)
        else:
            assert response.status_code in (403, 422)
            assert response.headers["Crew-Refusal"] in ("wrong-state", "not-owner", "may-not-cancel")
            assert response.headers["Crew-Receipt"]
            assert state_of(app, ticket) == state
            assert counts(app) == before

    def test_looking_is_not_changing(self, sign_in, ticket):
        client = sign_in(self.actor)
        assert client.get(self.path(ticket)).status_code == HTTPStatus.METHOD_NOT_ALLOWED
        assert client.put(self.path(ticket)).status_code == HTTPStatus.METHOD_NOT_ALLOWED

    def test_people_of_another_site_are_told_that_there_is_nothing(self, app, world, sign_in, ticket):
        before = counts(app)
        unseen(sign_in("outsider").send(self.path(ticket), self.fields(world)))
        assert counts(app) == before

    def test_people_without_the_right_are_refused(self, app, world, sign_in, ticket):
        before = counts(app)
        for login in self.may_not:
            refused(sign_in(login).send(self.path(ticket), self.fields(world)), 403)
        assert counts(app) == before

    def test_nobody_is_asked_to_sign_in(self, app, world, stranger, ticket):
        before = counts(app)
        assert stranger.send(self.path(ticket), self.fields(world)).status_code == HTTPStatus.UNAUTHORIZED
        assert counts(app) == before

    @pytest.mark.parametrize("ticket_id", [UNKNOWN_ID, "1", "not-an-id", "00000000-0000-0000-0000-000000000000"])
    def test_an_id_of_nothing_is_not_found(self, world, sign_in, ticket_id):
        unseen(sign_in(self.actor).send(self.path(ticket_id), self.fields(world)))


class NeedsWords:
    """Commands that ask for the reason."""

    words_field: ClassVar[str] = "note"

    @pytest.mark.parametrize("words", ["", "   ", "\n\t", "\u200b"])
    def test_a_reason_is_asked_for(self: Any, app, world, sign_in, ticket, words):
        before = counts(app)
        fields = self.fields(world) | {self.words_field: words}
        refused(sign_in(self.actor).send(self.path(ticket), fields), 422, "words-missing")
        assert counts(app) == before
