"""Words: facts are appended to a job in whatever state it is."""

from tests.support.behaviour import CommandOnTicket, NeedsWords
from tests.support.client import accepted, refused, unseen
from tests.support.counting import one
from tests.support.tickets import make_ticket

EVERY_STATE = ("open", "accepted", "on_hold", "finished", "verified", "cancelled")


class TestNotes(NeedsWords, CommandOnTicket):
    resource = "notes"
    possible = EVERY_STATE
    may_not = ()

    def fields(self, world):
        return {"note": "已通知护士站"}

    def test_the_crew_of_the_site_and_the_reporter_may_write(self, app, world, sign_in, ticket):
        for login in ("second", "guard", "supervisor", "manager", "requester"):
            accepted(sign_in(login).send(self.path(ticket), self.fields(world)))
        assert one(app, "SELECT COUNT(*) FROM ticket_events WHERE verb = 'note'") == 5

    def test_reporters_write_to_their_own_reports_only(self, app, world, sign_in):
        unseen(sign_in("requester").send(self.path(make_ticket(app, world, reporter="guard")), self.fields(world)))

    def test_words_are_kept_as_they_are(self, app, world, sign_in, ticket):
        words = "第一行\n<script>alert(1)</script> 'quotes' \"and\" 100 % 🔧"
        accepted(sign_in("technician").send(self.path(ticket), {"note": words}))
        assert one(app, "SELECT note FROM ticket_events WHERE verb = 'note'") == words
        page = sign_in("technician").page(f"/tickets/{ticket}")
        assert "<script>alert(1)</script> 'quotes'" in page.text
        assert "<script>alert(1)" not in page.html

    def test_control_characters_are_left_out(self, app, world, sign_in, ticket):
        accepted(sign_in("technician").send(self.path(ticket), {"note": "a\x00b\x1b[31mc\r\nd"}))
        assert one(app, "SELECT note FROM ticket_events WHERE verb = 'note'") == "ab[31mc\nd"

    def test_spaces_of_any_keyboard_stay_spaces(self, app, world, sign_in, ticket):
        accepted(sign_in("technician").send(self.path(ticket), {"note": "灯管\u3000两支\t一个\xa0角阀"}))
        assert str(one(app, "SELECT note FROM ticket_events WHERE verb = 'note'")).split() == [
            "灯管",
            "两支",
            "一个",
            "角阀",
        ]

    def test_more_than_fits_is_refused_and_not_cut(self, app, world, sign_in, ticket):
        refused(sign_in("technician").send(self.path(ticket), {"note": "很" * 2001}), 422, "too-long")
        accepted(sign_in("technician").send(self.path(ticket), {"note": "很" * 2000}))
