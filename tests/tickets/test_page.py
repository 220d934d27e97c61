"""The page of a ticket says what to do next, until when, and with what."""

import re

import pytest

from tests.support.client import accepted, some_id
from tests.support.tickets import make_ticket

ACCEPT_BY, FINISH_BY = "接单时限", "完工时限"


@pytest.mark.parametrize(
    ("state", "named"),
    [("open", {ACCEPT_BY}), ("accepted", {FINISH_BY}), ("on_hold", set()), ("finished", set())],
)
def test_it_names_the_one_deadline_that_runs(app, world, sign_in, state, named):
    text = sign_in("technician").page(f"/tickets/{make_ticket(app, world, state)}").text
    assert {words for words in (ACCEPT_BY, FINISH_BY) if words in text} == named


@pytest.mark.parametrize(("state", "primary"), [("accepted", "完工"), ("on_hold", "恢复")])
def test_one_button_stands_out(app, world, sign_in, state, primary):
    response = sign_in("technician").get(f"/tickets/{make_ticket(app, world, state)}")
    html = response.get_data(as_text=True)
    actions = html[html.index('<div class="actions">') : html.index("</main>")]
    assert shown(actions) == [primary]


def shown(html):
    """The words on primary buttons that are not hidden, by themselves or with their form."""
    visible = re.sub(r"<form[^>]* hidden>.*?</form>", "", html, flags=re.DOTALL)
    buttons = re.findall(r"<button([^>]*)>(.*?)</button>", visible, flags=re.DOTALL)
    primary = [inner for attributes, inner in buttons if "btn-primary" in attributes and " hidden" not in attributes]
    return [words for inner in primary for words in re.findall(r"<span>(.*?)</span>", inner)]


def test_suggested_materials_say_what_is_in_the_bag(app, world, sign_in):
    client = sign_in("technician")
    ticket = make_ticket(app, world, "accepted")
    fields = {"move_id": some_id(), "item_id": str(world.items["tube"]), "quantity": "2"}
    accepted(client.send(f"/tickets/{ticket}/materials", fields))
    assert "工具包里有 8 支" in client.page(f"/tickets/{ticket}").text
