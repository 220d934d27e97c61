"""Which labels are printed: by place, kind, department, tag, or one by one; what has no tag gets one when asked."""

import pytest
from sqlalchemy import func, select

from crew_app.core.db import session
from crew_app.labels import choosing
from crew_app.labels.choosing import MOST, Selection, Tagged
from crew_app.labels.forms import parse_selection, parse_setup
from crew_app.labels.stocks import STOCKS
from crew_app.places.models import Tag
from tests.support import degraded
from tests.support.client import accepted


@pytest.fixture
def supervisor(sign_in):
    return sign_in("supervisor")


def chosen(app, world, **how):
    with app.app_context():
        selection = Selection(world.sites["north"], **how)
        names = [one.code for found in choosing.subjects(selection) for one in found]
        assert len(names) == choosing.count(selection).all
        return names


def test_by_place_with_everything_below(app, world):
    north = ["north-B1", "north-B1-7", "north-B1-701", "north-B1-702", "pump"]
    assert chosen(app, world) == north
    assert chosen(app, world, place_id=world.places["north-floor"]) == north[1:]
    assert chosen(app, world, place_id=world.places["room"]) == ["north-B1-701", "pump"]


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("place:", ["north-B1", "north-B1-7", "north-B1-701", "north-B1-702"]),
        ("place:room", ["north-B1-701", "north-B1-702"]),
        ("asset:", ["pump"]),
        ("asset:pump", ["pump"]),
        ("asset:lift", []),
    ],
)
def test_by_kind(app, world, kind, codes):
    assert chosen(app, world, kind=kind) == codes


def test_by_department_and_one_by_one(app, world):
    assert chosen(app, world, department_id=world.departments["ward"]) == ["north-B1-701", "north-B1-702", "pump"]
    assert chosen(app, world, only=("pump", world.tags["room"], "south-pump")) == ["north-B1-701", "pump"]


def test_by_tag(app, world, supervisor):
    assert chosen(app, world, tagged=Tagged.MISSING) == ["north-B1", "north-B1-7"]
    assert chosen(app, world, tagged=Tagged.RETIRED) == []
    accepted(supervisor.send(f"/tags/{world.tags['room']}/replacement", {"reason": "褪色"}))
    accepted(supervisor.send(f"/tags/{world.tags['pump']}/retirement", {}))
    assert chosen(app, world, tagged=Tagged.RETIRED) == ["north-B1-701", "pump"]
    assert chosen(app, world, tagged=Tagged.MISSING) == ["north-B1", "north-B1-7", "pump"]


def test_count_and_sheets_are_shown_before_printing(supervisor):
    page = supervisor.page("/labels?stock=a4-24&first=23", headers={"Accept-Language": "en"})
    assert "3 labels" in page.text
    assert "on 2 sheets" in page.text
    assert "2 of them have no tag yet" in page.text
    assert page.response.get_data(as_text=True).count('class="label-sheet"') == 1


def test_what_has_none_gets_a_tag_once(app, world, supervisor):
    assert "/labels/tags" in supervisor.page("/labels").actions
    for _ in range(2):
        accepted(supervisor.send("/labels/tags", {"site_id": str(world.sites["north"])}))
    assert "/labels/tags" not in supervisor.page("/labels").actions
    with app.app_context():
        floor = select(func.count()).select_from(Tag).where(Tag.place_id == world.places["north-floor"])
        assert session.scalar(floor) == 1
        assert choosing.count(Selection(world.sites["north"])).without == 0
        assert choosing.count(Selection(world.sites["south"])).without == 2


def test_the_document_has_what_was_chosen(world, supervisor):
    response = supervisor.get("/labels/sheet.pdf", query_string={"kind": "asset:pump", "stock": "a4-8"})
    assert "inline" in response.headers["Content-Disposition"]
    (page,) = degraded.rendered(response.get_data())
    assert degraded.read(page) == [f"http://localhost/t/{world.tags['pump']}"]


def test_the_page_to_print_has_the_same(world, supervisor):
    page = supervisor.page("/labels/print?kind=asset:pump&stock=roll-50x30")
    assert page.response.get_data(as_text=True).count('width="50mm" height="30mm"') == 1
    assert "增压泵" in page.text


@pytest.mark.parametrize("login", ["technician", "requester", "storekeeper"])
@pytest.mark.parametrize("path", ["/labels", "/labels/sheet.pdf", "/labels/print", "/labels/blank"])
def test_only_who_manages_tags_prints(sign_in, login, path):
    assert sign_in(login).get(path).status_code == 403


def test_nothing_of_another_site(world, supervisor):
    page = supervisor.get("/labels", query_string={"site_id": str(world.sites["south"])})
    assert page.status_code == 422
    shown = supervisor.get("/labels", query_string={"place_id": str(world.places["south-room"])})
    assert shown.status_code == 404


@pytest.mark.parametrize(
    "fields",
    [{"stock": "a3-99"}, {"first": "-4"}, {"first": "99999999"}, {"right": "nan"}, {"right": "1e9"}, {"lower": "-99"}],
)
def test_nonsense_counts_as_nothing(fields):
    setup = parse_setup(fields)
    assert setup.stock.code == "a4-24"
    assert 1 <= setup.first <= 24
    assert abs(setup.right) <= 10
    assert abs(setup.lower) <= 10


def test_a_selection_reads_codes_as_people_type_them(world):
    typed = {"only": f"pump， north-B1\n{world.tags['room'][:5].lower()}-{world.tags['room'][5:]}", "kind": "x"}
    found = parse_selection(typed, world.sites["north"])
    assert found.only == ("pump", "north-B1", world.tags["room"])
    assert found.kind == ""


def test_pages_are_counted_from_the_first_label():
    stock = STOCKS["a4-24"]
    assert [stock.pages(count, first) for count, first in ((0, 5), (24, 1), (24, 2), (1, 24), (MOST, 1))] == [
        0,
        1,
        2,
        1,
        209,
    ]
