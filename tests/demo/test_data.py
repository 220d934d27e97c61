"""The catalogues and generators of the demo hospital: counts, proportions, references, repeatability."""

import io
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from PIL import ExifTags, Image

from crew_app.demo.assets import asset_kinds, assets
from crew_app.demo.books import books
from crew_app.demo.demand import shares
from crew_app.demo.history import TOTAL, history, state_after
from crew_app.demo.hospital import SITES, departments, places
from crew_app.demo.items import CATEGORIES, items
from crew_app.demo.job_kinds import job_kinds
from crew_app.demo.people import SHOWN, people, with_role
from crew_app.demo.pictures import SCENES, photo
from crew_app.demo.records import ZONE, Holder
from crew_app.demo.tables import rows
from crew_app.people.rules import Role, Trade
from crew_app.places.models import PlaceKind
from crew_app.stock.models import AccountKind, Reason
from crew_app.tickets.models import PhotoRole
from crew_app.tickets.rules import HoldReason, Priority, State, Verb
from crew_app.web.paths import PACKAGE

pytestmark = pytest.mark.xdist_group("demo")

NOW = datetime(2026, 11, 24, 15, 20, tzinfo=ZONE)
SOURCE_YEAR = {
    "lamp": 3753,
    "appliance": 2712,
    "drain": 2025,
    "lock": 1800,
    "lift_upkeep": 384,
    "nurse_call": 293,
    "switch_socket": 181,
    "lamp_post": 172,
    "chair": 122,
    "aircon": 56,
    "lift_repair": 35,
    "aircon_move": 26,
    "pump": 14,
}


@pytest.fixture(scope="module")
def year():
    """One year of tickets."""
    return history(NOW)


@pytest.fixture(scope="module")
def postings(year):
    """The ledger of that year."""
    return books(year, NOW)


def test_there_are_167_items_with_plausible_prices():
    assert len(items()) == len(rows("items")) == 167
    for item in items().values():
        assert item.name
        assert item.name_en
        assert item.spec
        assert item.category in CATEGORIES
        assert Decimal("0.5") <= item.price <= 2000
        assert item.minimum >= 0


def test_every_kind_has_words_and_known_materials():
    types = {place.type for place in places().values()} | {f"@{code}" for code in asset_kinds()}
    for kind in job_kinds().values():
        assert len(kind.cases) >= 6
        for case in kind.cases:
            assert all((case.report, case.report_en, case.finish, case.finish_en))
            assert set(case.places) <= types, case
            assert all(part.item in items() and 0 < part.low <= part.high for part in case.parts), case


def test_kinds_weigh_what_the_source_says():
    for code, number in SOURCE_YEAR.items():
        assert job_kinds()[code].weight == number


@pytest.mark.skipif(not (PACKAGE.parent / "node_modules" / "lucide-static").exists(), reason="front end not set up")
def test_every_icon_exists():
    folder = PACKAGE.parent / "node_modules" / "lucide-static" / "icons"
    icons = [kind.icon for kind in job_kinds().values()] + [kind.icon for kind in asset_kinds().values()]
    assert [icon for icon in icons if not (folder / f"{icon}.svg").exists()] == []


def test_the_hospital_has_its_size():
    kinds = Counter(place.kind for place in places().values())
    assert len(SITES) == 2
    assert kinds[PlaceKind.BUILDING] == 9
    assert 40 <= len(departments()) <= 50
    assert 690 <= kinds[PlaceKind.ROOM] <= 730
    assert {"B1", "RF"} <= {code.partition("-")[2][:2] for code in places()}


def test_places_lie_in_known_places_of_the_same_site():
    seen = set()
    for place in places().values():
        seen.add(place.code)
        assert place.parent is None or place.parent in seen
        assert place.department is None or departments()[place.department].site == place.site
        assert place.path.endswith(place.name)
        assert max(len(place.path), len(place.path_en)) <= 240


def test_there_are_1500_assets_as_in_the_source():
    kinds = Counter(asset.kind for asset in assets().values())
    assert len(assets()) == 1500
    assert (kinds["lift"], kinds["extinguisher"], kinds["pressure_vessel"]) == (16, 330, 6)
    assert all(places()[asset.place].site == asset.site and asset.model and asset.serial for asset in assets().values())
    assert len({asset.serial for asset in assets().values()}) > 1490


def test_there_are_52_people_and_every_trade_at_every_site():
    roles = Counter(person.role for person in people().values())
    assert sum(roles.values()) == 52
    assert roles[Role.TECHNICIAN] == 27
    assert {people()[login].role for login in SHOWN} == set(Role)
    for site in SITES:
        assert {trade for person in with_role(Role.TECHNICIAN, site) for trade in person.trades} == set(Trade)
        assert with_role(Role.SUPERVISOR, site)
        assert with_role(Role.STOREKEEPER, site)


def test_the_shares_keep_the_sum():
    assert sum(shares(TOTAL).values()) == TOTAL


def test_the_year_has_the_given_proportions(year):
    counts = Counter(ticket.job_kind for ticket in year)
    total = sum(kind.weight for kind in job_kinds().values())
    assert len(year) == TOTAL
    for code, number in SOURCE_YEAR.items():
        assert counts[code] == pytest.approx(TOTAL * number / total, rel=0.03, abs=4)
    assert len({ticket.number + ticket.site for ticket in year}) == TOTAL
    assert all(NOW - timedelta(days=366) < ticket.opened_at <= NOW for ticket in year)


def test_some_work_waits_comes_back_or_is_dropped(year):
    verbs = Counter(verb for ticket in year for verb in {event.verb for event in ticket.events})
    held = sum(any(e.hold_reason is HoldReason.MATERIAL for e in ticket.events) for ticket in year)
    assert 0.006 < held / TOTAL < 0.012
    assert 0.015 < verbs[Verb.SEND_BACK] / TOTAL < 0.025
    assert 0.006 < verbs[Verb.CANCEL] / TOTAL < 0.014
    assert 0.04 < sum(ticket.on_round for ticket in year) / TOTAL < 0.08


def test_days_have_a_rhythm(year):
    hours = Counter(ticket.opened_at.astimezone(ZONE).hour for ticket in year)
    weekdays = Counter(ticket.opened_at.astimezone(ZONE).weekday() for ticket in year)
    assert hours[9] > 10 * hours[3]
    assert weekdays[0] > 1.5 * weekdays[6]


def test_urgent_work_is_answered_first(year):
    def typical(priority):
        waits = sorted(
            event.at - ticket.opened_at
            for ticket in year
            for event in ticket.events
            if ticket.priority is priority and event.verb is Verb.ACCEPT and not ticket.on_the_spot
        )
        return waits[len(waits) // 2]

    assert typical(Priority.EMERGENCY) < timedelta(minutes=8)
    assert typical(Priority.EMERGENCY) < typical(Priority.URGENT) < typical(Priority.NORMAL) < typical(Priority.LOW)


def test_every_list_has_something_to_show(year):
    states = Counter(ticket.state for ticket in year)
    assert 30 <= sum(states[s] for s in (State.OPEN, State.ACCEPTED, State.ON_HOLD, State.FINISHED)) <= 70
    assert all(states[state] >= 4 for state in State)
    mine = [ticket for ticket in year if ticket.owner == "wang"]
    assert {State.ACCEPTED, State.ON_HOLD, State.FINISHED} <= {ticket.state for ticket in mine}
    assert any(t.state is State.ACCEPTED and Verb.SEND_BACK in [e.verb for e in t.events] for t in mine)


def test_each_ticket_follows_the_state_machine(year):
    for ticket in year:
        assert ticket.events[0].verb is Verb.OPEN
        assert ticket.state is state_after(ticket.events)
        assert [event.at for event in ticket.events] == sorted(event.at for event in ticket.events)
        assert ticket.events[-1].at <= NOW
        assert ticket.place in places()
        assert ticket.asset is None or assets()[ticket.asset].place == ticket.place


def test_nobody_works_elsewhere_or_verifies_own_work(year):
    for ticket in year:
        worked = {e.person for e in ticket.events if e.verb in (Verb.ACCEPT, Verb.FINISH, Verb.MATERIAL)}
        judged = {e.person for e in ticket.events if e.verb in (Verb.VERIFY, Verb.SEND_BACK)}
        assert not worked & judged
        for login in (worked | judged) - {None}:
            assert ticket.site in people()[login].sites
        if ticket.owner:
            assert job_kinds()[ticket.job_kind].trade in people()[ticket.owner].trades


def test_the_last_days_have_photos_before_and_after(year):
    shown = [
        ticket for ticket in year if {photo.role for photo in ticket.photos} >= {PhotoRole.BEFORE, PhotoRole.AFTER}
    ]
    assert len(shown) >= 8
    assert all(ticket.opened_at > NOW - timedelta(days=2) for ticket in shown)
    assert {photo.scene for ticket in shown for photo in ticket.photos} == set(SCENES)


def test_every_photo_of_the_work_has_its_event(year):
    for ticket in year:
        told = [(event.note, event.at) for event in ticket.events if event.verb is Verb.PHOTO]
        assert told == [(p.role.value, p.at) for p in ticket.photos if p.role is not PhotoRole.REPORT]


def test_the_books_never_go_below_zero_but_once(year, postings):
    left = Counter[tuple[Holder, str]]()
    short = []
    for posting in postings:
        for move in posting.moves:
            assert move.quantity > 0
            left[move.source, move.item] -= move.quantity
            left[move.target, move.item] += move.quantity
            if move.source.kind is not AccountKind.SUPPLIER and left[move.source, move.item] < 0:
                short.append((move.source.person, move.item))
    assert short == [("dian2", "XL-0003")]
    used = sum(len(ticket.uses) for ticket in year)
    assert Counter(posting.reason for posting in postings)[Reason.USE] == used > 6000


def test_a_bag_holds_what_its_owner_uses(postings):
    bag = Counter[str]()
    for move in (move for posting in postings for move in posting.moves):
        bag[move.item] += move.quantity * ((move.target.person == "wang") - (move.source.person == "wang"))
    assert 15 <= len(+bag) <= 45
    assert bag["DG-0001"] >= 2


@pytest.mark.parametrize("hour", [0, 7])
def test_any_moment_will_do(hour):
    now = datetime(2027, 3, 1, hour, 5, tzinfo=ZONE)
    tickets = history(now)
    assert len(tickets) == TOTAL
    assert max(posting.at for posting in books(tickets, now)) <= now


def test_it_is_the_same_every_time(year, postings):
    again = history(NOW)
    assert again == year
    assert books(again, NOW) == postings


def test_it_is_the_same_in_another_process(year):
    script = (
        "import sys\nfrom datetime import datetime\nfrom crew_app.demo.history import history\n"
        "from crew_app.demo.records import ZONE\n"
        "now = datetime.fromisoformat(sys.argv[1]).astimezone(ZONE)\n"
        "sys.stdout.buffer.write(repr(history(now)[-500:]).encode())"
    )
    run = [sys.executable, "-c", script, NOW.isoformat()]
    seeded = {"PYTHONHASHSEED": "1"}
    told = subprocess.run(run, check=True, capture_output=True, cwd=PACKAGE.parent, env=seeded).stdout
    assert told.decode() == repr(year[-500:])


@pytest.mark.parametrize("scene", list(SCENES))
def test_a_picture_changes_with_the_repair(scene):
    before, after = (photo(scene, fixed=fixed, taken_at=NOW, hand=1) for fixed in (False, True))
    assert before != after
    with Image.open(io.BytesIO(before)) as image:
        assert image.size == (1200, 1600)
        assert image.getexif().get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] == "2026:11:24 15:20:00"


def test_a_photo_is_the_same_every_time_and_different_in_another_hand():
    first = photo("tap", fixed=True, taken_at=NOW, hand=5)
    assert first == photo("tap", fixed=True, taken_at=NOW, hand=5)
    assert first != photo("tap", fixed=True, taken_at=NOW, hand=6)
