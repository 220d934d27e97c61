"""One posting at a time: what is refused, what is written, what it costs, what it opens, and that it is sealed."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import delete, text, update

from crew_app.core.clock import Moment, server_moment
from crew_app.core.db import session
from crew_app.core.errors import Refused
from crew_app.core.ids import new_id
from crew_app.places.models import Department
from crew_app.stock import accounts, actions, chain, checks
from crew_app.stock.actions import Line, Why, issue, post, receive, reverse
from crew_app.stock.models import Account, AccountKind, Balance, Discrepancy, Entry, Move, Posting, Reason, Valuation

AT = datetime(2026, 11, 1, 8, tzinfo=UTC)


@pytest.fixture
def books(app, world):
    with app.app_context():
        yield Books(world)
        session.rollback()


class Books:
    """The north's books: 190 tubes at 12.50 in the store and 10 in the technician's bag."""

    def __init__(self, world):
        self.world, self.keeper = world, world.person("storekeeper")
        self.tube, self.cable = world.item("tube"), world.item("cable")
        self.store, self.bag, self.supplier = (world.account(name) for name in ("store", "bag", "supplier"))
        self.scrap, self.difference, self.owed = (world.account(name) for name in ("scrap", "difference", "owed"))
        self.removed = accounts.common(world.sites["north"], AccountKind.REMOVED)

    def line(self, quantity="1", source=None, target=None, item=None, **more):
        return Line(item or self.tube, Decimal(quantity), source or self.store, target or self.bag, **more)

    def post(self, *lines, reason=Reason.ISSUE, at=None, **more):
        return post(reason, lines, by=self.keeper, at=at or server_moment(AT), **more)

    def held(self, account, item=None):
        row = session.get(Balance, (account.id, (item or self.tube).id), populate_existing=True)
        return row.quantity if row else None

    def value(self, item=None):
        row = session.get_one(Valuation, (self.world.sites["north"], (item or self.tube).id))
        return row.quantity, row.value, row.last_price

    def refusal(self, *lines, **more):
        with pytest.raises(Refused) as refusal:
            self.post(*lines, **more)
        return refusal.value


@pytest.mark.parametrize(
    ("quantity", "code"), [("0", "quantity"), ("-1", "quantity"), ("100000.001", "quantity"), ("100000", "")]
)
def test_a_quantity_is_above_zero_and_at_most_what_is_plausible(books, quantity, code):
    if code:
        assert books.refusal(books.line(quantity)).code == code
    else:
        assert books.post(books.line(quantity))[0].quantity == Decimal(quantity)


def test_the_smallest_quantity_is_a_thousandth(books):
    books.post(books.line("0.001"))
    assert books.held(books.bag) == Decimal("10.001")


def test_what_makes_no_sense_is_refused(books):
    assert books.refusal().code == "nothing"
    assert books.refusal(books.line(target=books.store)).code == "same-account"
    assert books.refusal(books.line(target=books.world.account("south-bag"))).code == "other-site"
    assert session.query(Posting).filter_by(received_at=AT).count() == 0


def test_a_posting_says_why_by_whom_when_and_under_which_receipt(books):
    key, document, move_id = new_id(), new_id(), new_id()
    at = Moment(AT, AT + timedelta(minutes=2), AT - timedelta(minutes=1), timedelta(minutes=1), receipt=key)
    (move,) = books.post(books.line("2", move_id=move_id), reason=Why(Reason.ISSUE, "für Station 7", document), at=at)
    posting = move.posting
    assert (posting.reason, posting.note, posting.document_id) == (Reason.ISSUE, "für Station 7", document)
    assert (posting.at, posting.device_at, posting.received_at) == (at.at, at.device_at, at.received_at)
    assert (posting.receipt_key, posting.person_id, posting.site_id) == (key, books.keeper.id, books.store.site_id)
    assert (move.id, move.site_id, move.item_id, move.reverses_id) == (move_id, posting.site_id, books.tube.id, None)
    assert (move.from_account_id, move.to_account_id) == (books.store.id, books.bag.id)
    assert books.post(books.line(), note="kurz")[0].posting.note == "kurz"
    assert books.post(books.line())[0].posting.note == ""


def test_balances_follow_and_are_made_when_there_are_none(books):
    books.post(books.line("3"), books.line("4", item=books.cable), books.line("5", target=books.scrap))
    assert [books.held(one) for one in (books.store, books.bag, books.scrap)] == [182, 13, 5]
    assert (books.held(books.store, books.cable), books.held(books.bag, books.cable)) == (471, 29)
    kept = session.get_one(Balance, (books.scrap.id, books.tube.id))
    assert kept.site_id == books.world.sites["north"]


def test_short_ways_to_issue_and_receive(books):
    assert issue(books.tube, Decimal(2), books.store, books.bag, by=books.keeper, at=server_moment(AT)).quantity == 2
    taken = receive(books.tube, Decimal(7), books.supplier, books.store, by=books.keeper, at=server_moment(AT))
    assert (taken.posting.reason, taken.posting.person_id, taken.posting.at) == (Reason.RECEIPT, books.keeper.id, AT)
    assert books.held(books.store) == 195


def test_what_is_about_to_happen_needs_enough_and_is_told_how_much_there_is(books):
    refusal = books.refusal(books.line("190.5"), strict=True)
    assert refusal.code == "not-enough"
    assert refusal.params == {"item": books.tube.name, "left": "190", "unit": books.tube.unit}
    session.rollback()
    assert books.post(books.line("190"), strict=True)


def test_never_less_than_nothing_is_said_to_be_left(books):
    books.post(books.line("12", books.bag, books.scrap))
    assert books.refusal(books.line("1", books.bag, books.scrap), strict=True).params["left"] == "0"


def test_what_has_happened_is_never_refused_but_opens_a_discrepancy_of_what_is_missing(books):
    at = Moment(AT, AT + timedelta(hours=1))
    (first,) = books.post(books.line("12", books.bag, books.scrap), at=at)
    (second,) = books.post(books.line("3", books.bag, books.scrap), at=at)
    found = session.query(Discrepancy).order_by(Discrepancy.missing).all()
    assert [(one.move_id, one.missing) for one in found] == [(first.id, Decimal(2)), (second.id, Decimal(3))]
    assert {(one.site_id, one.account_id, one.item_id) for one in found} == {
        (books.bag.site_id, books.bag.id, books.tube.id)
    }
    assert {one.opened_at for one in found} == {at.received_at}


@pytest.mark.parametrize("source", ["supplier", "difference", "scrap"])
def test_what_is_no_goods_one_can_touch_may_fall_below_zero(books, source):
    books.post(books.line("5000", getattr(books, source), books.store), strict=True)
    assert session.query(Discrepancy).count() == 0


def test_a_correction_opens_no_discrepancy(books):
    (taken,) = books.post(books.line("5"))
    books.post(books.line("15", books.bag, books.scrap))
    reverse(taken, by=books.keeper, at=server_moment(AT), note="falsch")
    assert session.query(Discrepancy).count() == 0


def test_a_move_is_undone_once_and_a_correction_never(books):
    (move,) = books.post(books.line("5"))
    undone = reverse(move, by=books.keeper, at=server_moment(AT), note="falsch")
    assert (undone.reverses_id, undone.posting.reason, undone.posting.note) == (move.id, Reason.REVERSAL, "falsch")
    assert (undone.posting.person_id, undone.posting.at) == (books.keeper.id, AT)
    assert (books.held(books.store), books.held(books.bag)) == (190, 10)
    for again in (move, undone):
        with pytest.raises(Refused) as refusal:
            reverse(again, by=books.keeper, at=server_moment(AT))
        assert refusal.value.code == "already-reversed"


def test_the_old_part_that_was_owed_for_it_is_not_owed_any_more_and_no_other(books):
    owed = [books.line("2", books.removed, books.owed), books.line("1", books.removed, books.owed)]
    other = books.line("2", books.removed, books.owed, item=books.cable)
    used, *_rest = books.post(books.line("2", books.bag, books.scrap), *owed, other, reason=Reason.USE)
    books.post(books.line("2", books.removed, books.owed))
    reverse(used, by=books.keeper, at=server_moment(AT))
    assert (books.held(books.owed), books.held(books.owed, books.cable)) == (3, 2)


def test_each_of_two_equal_uses_gives_back_one_old_part(books):
    used = [books.line("2", books.bag, books.scrap) for _ in range(2)]
    owed = [books.line("2", books.removed, books.owed) for _ in range(2)]
    first, second, *_rest = books.post(*used, *owed)
    reverse(first, by=books.keeper, at=server_moment(AT))
    assert books.held(books.owed) == 2
    reverse(second, by=books.keeper, at=server_moment(AT))
    assert books.held(books.owed) == 0


def test_undoing_a_move_of_old_parts_gives_back_only_that(books):
    first, _second = books.post(*(books.line("2", books.removed, books.owed) for _ in range(2)))
    reverse(first, by=books.keeper, at=server_moment(AT))
    assert books.held(books.owed) == 2


def test_goods_come_in_at_what_was_paid_and_go_out_at_the_average(books):
    assert books.value() == (200, Decimal(2500), None)
    (taken,) = books.post(books.line("200", books.supplier, books.store, unit_cost=Decimal("13.5")))
    assert taken.unit_cost == Decimal("13.5")
    assert books.value() == (400, Decimal(5200), Decimal("13.5"))
    (gone,) = books.post(books.line("100", books.store, books.scrap, unit_cost=Decimal(99)))
    assert gone.unit_cost == 13
    assert books.value() == (300, Decimal(3900), Decimal("13.5"))
    (within,) = books.post(books.line("100"))
    assert within.unit_cost == 13
    assert books.value()[:2] == (300, Decimal(3900))


def test_goods_found_again_are_worth_the_average_and_are_no_price_paid(books):
    (found,) = books.post(books.line("1", books.difference, books.store))
    (priced,) = books.post(books.line("1", books.difference, books.store, unit_cost=Decimal(3)))
    assert (found.unit_cost, priced.unit_cost) == (Decimal("12.5"), 3)
    assert books.value() == (202, Decimal("2515.5"), None)


def test_a_correction_goes_back_at_the_cost_of_what_it_corrects(books):
    (gone,) = books.post(books.line("10", books.store, books.scrap))
    books.post(books.line("200", books.supplier, books.store, unit_cost=Decimal(50)))
    assert reverse(gone, by=books.keeper, at=server_moment(AT)).unit_cost == Decimal("12.5")


def test_old_parts_are_worth_nothing(books):
    for source in (books.removed, books.owed):
        assert books.post(books.line("1", source, books.scrap))[0].unit_cost == 0


def test_without_stock_the_last_price_counts_and_before_that_the_catalogue(books):
    valve = books.world.item("valve")
    books.post(books.line("30", books.store, books.scrap, item=valve))
    assert books.post(books.line("1", books.store, books.scrap, item=valve))[0].unit_cost == 18
    books.post(books.line("1", books.supplier, books.store, item=valve, unit_cost=Decimal(20)))
    assert books.value(valve)[0] == 0
    assert books.post(books.line("1", books.difference, books.scrap, item=valve))[0].unit_cost == 20
    session.execute(delete(Valuation))
    session.expire_all()
    assert books.post(books.line("1", books.difference, books.store, item=valve))[0].unit_cost == 18
    assert books.value(valve) == (1, 18, None)


def test_whoever_looks_at_postings_sees_each_one_when_it_is_in_the_books(books, monkeypatch):
    seen = []

    def look(moves, at):
        seen.append(([move.id for move in moves], at, session.query(Entry).filter_by(posting_id=moves[0].posting_id)))
        assert seen[-1][2].count() == 1

    monkeypatch.setattr(actions, "AFTER_POST", [look])
    at = server_moment(AT)
    (move,) = books.post(books.line(), at=at)
    assert [one[:2] for one in seen] == [([move.id], at)]


def test_each_posting_gets_the_next_place_of_its_site_and_time_never_runs_back(books):
    last = session.query(Entry).filter_by(site_id=books.store.site_id).order_by(Entry.position.desc()).first()
    assert last
    early = server_moment(last.posted_at - timedelta(days=9))
    (first,) = books.post(books.line(), at=early)
    (second,) = books.post(books.line(), at=server_moment(AT))
    entries = [session.query(Entry).filter_by(posting_id=move.posting_id).one() for move in (first, second)]
    assert [entry.position for entry in entries] == [last.position + 1, last.position + 2]
    assert [entry.posted_at for entry in entries] == [last.posted_at, AT]
    assert entries[0].hash == chain.seal(last.hash, entries[0], first.posting, [first])
    assert entries[1].hash == chain.seal(entries[0].hash, entries[1], second.posting, [second])


ID = UUID(int=1)
SEALED = (
    f'["{"0" * 64}",1,"2026-11-01T08:00:00.000000+00:00","{ID.hex}","{ID.hex}","{ID.hex}",null,"{ID.hex}",'
    '"2026-11-01T08:00:00.000000+00:00",null,"2026-11-01T08:00:00.000001+00:00","issue","灯",'
    f'[["{UUID(int=2).hex}","{ID.hex}","{ID.hex}","{ID.hex}",null,1500,125000],'
    f'["{UUID(int=3).hex}","{ID.hex}","{ID.hex}","{ID.hex}","{ID.hex}",1,1]]]'
)


def test_what_is_sealed_is_written_in_one_form_for_ever():
    at = {"at": AT, "device_at": None, "received_at": AT + timedelta(microseconds=1)}
    posting = Posting(id=ID, site_id=ID, person_id=ID, document_id=ID, reason=Reason.ISSUE, note="灯", **at)
    entry = Entry(site_id=ID, position=1, posting_id=ID, posted_at=AT)
    ids = {"item_id": ID, "from_account_id": ID, "to_account_id": ID}
    small = Move(id=UUID(int=3), quantity=Decimal("0.001"), unit_cost=Decimal("0.0001"), reverses_id=ID, **ids)
    large = Move(id=UUID(int=2), quantity=Decimal("1.5"), unit_cost=Decimal("12.5"), **ids)
    assert chain.seal(chain.START, entry, posting, [small, large]) == hashlib.sha256(SEALED.encode()).hexdigest()
    assert json.loads(SEALED)[1:] == chain.content(entry, posting, [large, small])


def test_accounts_are_made_once_and_only_where_they_are_wanted(books):
    person, north = books.world.person("second"), books.world.sites["north"]
    bag = accounts.own_bag(person, north)
    assert accounts.own_bag(person, north).id == bag.id
    assert (bag.kind, bag.person_id, bag.site_id) == (AccountKind.BAG, person.id, north)
    assert (bag.name, bag.name_en) == (person.name, person.name_en)
    loan = accounts.personal(person, north, AccountKind.LOAN)
    assert (loan.kind, loan.person_id) == (AccountKind.LOAN, person.id)
    with pytest.raises(ValueError, match="store"):
        accounts.personal(person, north, AccountKind.STORE)
    ward = session.query(Department).filter_by(site_id=north).one()
    given = accounts.department(ward)
    assert (given.department_id, given.kind, given.site_id, given.name) == (
        *(ward.id, AccountKind.DEPARTMENT, north, ward.name),
    )
    assert given.name_en == ward.name_en
    assert accounts.department(ward).id == given.id


def test_of_a_common_account_a_site_has_one(books):
    north, south = books.world.sites["north"], books.world.sites["south"]
    assert accounts.common(north, AccountKind.SCRAP).id == books.scrap.id
    made = accounts.common(south, AccountKind.REMOVED)
    assert (made.site_id, made.kind) == (south, AccountKind.REMOVED)
    assert accounts.common(south, AccountKind.REMOVED).id == made.id != books.removed.id
    assert session.query(Account).filter_by(kind=AccountKind.REMOVED).count() == 2


def test_a_balance_that_is_not_the_sum_of_its_moves_is_found_with_both_figures(books):
    assert (checks.drifts(), checks.unbalanced_items()) == ([], [])
    here = (Balance.account_id == books.bag.id, Balance.item_id == books.tube.id)
    session.execute(update(Balance).where(*here).values(quantity=Decimal("10.5")))
    (found,) = checks.drifts()
    assert (UUID(found.account_id), UUID(found.item_id)) == (books.bag.id, books.tube.id)
    assert (found.from_moves, found.kept) == (Decimal(10), Decimal("10.5"))
    assert [UUID(one) for one in checks.unbalanced_items()] == [books.tube.id]


def test_a_value_that_is_not_what_the_moves_say_is_found_with_both_figures(books):
    assert checks.misvalued() == []
    session.execute(update(Valuation).where(Valuation.item_id == books.tube.id).values(value=Decimal(1)))
    found = {(UUID(one.site_id), UUID(one.item_id)): (one.from_moves, one.kept) for one in checks.misvalued()}
    assert found[books.world.sites["north"], books.tube.id] == (Decimal(2500), Decimal(1))


def test_a_whole_chain_has_no_breaks_even_when_it_is_walked_page_by_page(books, monkeypatch):
    for _ in range(4):
        books.post(books.line(), books.line("2", item=books.cable))
    session.flush()
    for page in (1, 2, 3, 500):
        monkeypatch.setattr(checks, "PAGE", page)
        assert list(checks.breaks()) == []


def test_a_posting_outside_of_the_chain_and_a_hash_that_does_not_fit_are_found(books):
    stray = Posting(id=new_id(), site_id=books.store.site_id, reason=Reason.ISSUE, person_id=books.keeper.id, at=AT)
    stray.received_at, stray.note = AT, ""
    session.add(stray)
    session.flush()
    (found,) = checks.breaks()
    assert (found.site_id, found.position, found.posting_id, found.what) == (
        *(books.store.site_id, 0, stray.id, "not in the chain"),
    )


def test_how_much_there_is_and_which_guards_are_missing(books):
    assert checks.missing_triggers() == []
    summary = checks.summary()
    assert summary == {"postings": 10, "moves": 10, "ledger_entries": 10}
    session.execute(text("DROP TRIGGER moves_no_delete"))
    assert checks.missing_triggers() == ["moves_no_delete"]
