"""Fills an empty database with the demo hospital."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, Engine, insert

from crew_app.core.db import WRITE, Base, write_transaction
from crew_app.demo import (
    connections,
    desk,
    evidence,
    firms,
    labels,
    meters,
    money,
    notices,
    rounds,
    service,
    shifts,
    storeroom,
    summaries,
    walked,
)
from crew_app.demo.books import books
from crew_app.demo.demand import DAYS
from crew_app.demo.history import history
from crew_app.demo.loading import (
    fixed,
    house,
    imports,
    late,
    needs,
    phones,
    photos,
    registers,
    satisfaction,
    staff,
    stock,
    targets,
    wards,
    work,
)
from crew_app.demo.loading.ids import Row
from crew_app.demo.loading.ledger import Ledger
from crew_app.demo.records import ZONE, DemoTicket
from crew_app.evidence.models import Photo
from crew_app.evidence.store import Store
from crew_app.fixed_assets.models import (
    AssetCard,
    AssetCount,
    AssetEvent,
    AssetScrap,
    AssetSighting,
    AssetTransfer,
)
from crew_app.held.models import HeldEntry
from crew_app.imports.models import ImportRun
from crew_app.people.identity_models import AccountRule, Identity
from crew_app.people.models import Membership, Person, PersonTrade, Site
from crew_app.phones.models import Device, DevicePerson
from crew_app.places.models import Asset, AssetKind, Department, Place, Tag
from crew_app.registers.credential_models import Credential, CredentialKind, LicenceNeed
from crew_app.registers.gate_models import GateEntry, GateVisit
from crew_app.registers.shift_models import HandOver, HandOverLine, HandOverNote, HandOverSignature, ShiftPost
from crew_app.registers.training_models import Training, TrainingRecord
from crew_app.stock.models import Account, Balance, Discrepancy, Entry, Item, Move, Posting, Valuation
from crew_app.storeroom.demand_models import Demand, StockLevel
from crew_app.storeroom.ward_models import DepartmentLimit, DepartmentPerson
from crew_app.surveys.models import SurveyAddress, SurveyAnswer, SurveyQuestion, SurveyScore
from crew_app.tickets.follower_models import TicketFollower, TicketRating
from crew_app.tickets.models import JobKind, Ticket, TicketEvent, TicketNumber, TicketPhoto
from crew_app.tickets.target_models import TargetRule

AFTERNOON = time(15, 20, tzinfo=ZONE)
BATCH = 5_000

Rows = tuple[type[Base], Iterable[Row]]


def load_demo(engine: Engine, store: Store, today: date, now: datetime | None = None) -> None:
    """Put a year of the demo hospital into an empty database; photos go into the store first.

    A year of rows in one transaction; then, in another that needs an application context on the same database, what
    goes on in the storeroom today. Everything follows from `now`, the moment at which the hospital is found; without
    it, the afternoon of `today`.
    """
    now = now or datetime.combine(today, AFTERNOON)
    tickets = history(now)
    drawn = list(photos.photo_rows(tickets, work.ticket_ids(tickets), store))
    options = {WRITE: True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        for model, rows in (
            *_hospital(now),
            *_fixed(now),
            *_registers(now),
            *_stock(),
            *_work(tickets, now, drawn),
            *_ledger(tickets, now),
            *_satisfaction(tickets, now),
        ):
            _insert(connection, model, rows)
    with write_transaction():
        shifts.stir(now)
        storeroom.stir(now)
        rounds.stir(now)
        walked.stir(now)
        meters.stir(now)
        firms.stir(now)
        desk.stir(now)
        notices.stir(now)
        service.stir(now)
        labels.stir(now)
        evidence.stir(now)
        money.stir(now)
        notices.settle(now)
        connections.stir(now)
        summaries.stir(now)


def _hospital(now: datetime) -> Iterator[Rows]:
    at = now - timedelta(days=DAYS + 30)
    yield Site, house.site_rows()
    yield Department, house.department_rows()
    yield Person, staff.person_rows(at)
    yield Membership, staff.membership_rows()
    yield DepartmentPerson, wards.department_person_rows()
    yield DepartmentLimit, wards.department_limit_rows()
    yield PersonTrade, staff.trade_rows()
    yield Identity, staff.account_rows(now)
    yield AccountRule, staff.account_rule_rows()
    yield Place, house.place_rows()
    yield AssetKind, house.asset_kind_rows()
    yield Asset, house.asset_rows()
    yield Tag, house.tag_rows(at)
    yield JobKind, staff.job_kind_rows()
    yield TargetRule, targets.rule_rows(now)
    yield Device, phones.device_rows(now)
    yield DevicePerson, phones.device_person_rows(now)
    yield ImportRun, imports.run_rows(now)


def _fixed(now: datetime) -> Iterator[Rows]:
    yield AssetCard, fixed.card_rows()
    yield AssetEvent, fixed.event_rows(now)
    yield AssetTransfer, fixed.transfer_rows(now)
    yield AssetScrap, fixed.scrap_rows(now)
    yield AssetCount, fixed.count_rows(now)
    yield AssetSighting, fixed.sighting_rows(now)


def _registers(now: datetime) -> Iterator[Rows]:
    yield GateVisit, registers.visit_rows(now)
    yield GateEntry, registers.gate_entry_rows(now)
    yield ShiftPost, registers.post_rows(now)
    yield HandOver, registers.hand_over_rows(now)
    yield HandOverLine, registers.line_rows()
    yield HandOverNote, registers.note_rows(now)
    yield HandOverSignature, registers.signature_rows(now)
    yield CredentialKind, registers.kind_rows()
    yield LicenceNeed, registers.need_rows()
    yield Credential, registers.paper_rows(now)
    yield Training, registers.training_rows(now)
    yield TrainingRecord, registers.record_rows(now)


def _stock() -> Iterator[Rows]:
    yield Item, stock.item_rows()
    yield Account, stock.account_rows()
    yield StockLevel, needs.level_rows()


def _work(tickets: list[DemoTicket], now: datetime, drawn: list[photos.PhotoRows]) -> Iterator[Rows]:
    ids = work.ticket_ids(tickets)
    yield Ticket, work.ticket_rows(tickets, ids)
    yield TicketEvent, work.event_rows(tickets, ids, now)
    yield TicketNumber, work.number_rows(tickets)
    yield Photo, (rows.photo for rows in drawn)
    yield TicketPhoto, (rows.binding for rows in drawn)
    yield Account, stock.ticket_account_rows(tickets, ids)
    yield Demand, needs.demand_rows(tickets, ids)
    yield HeldEntry, late.held_rows(tickets, ids, now)


def _satisfaction(tickets: list[DemoTicket], now: datetime) -> Iterator[Rows]:
    ids, answers = work.ticket_ids(tickets), list(satisfaction.answer_rows(now))
    yield TicketFollower, satisfaction.follower_rows(tickets, ids)
    yield TicketRating, satisfaction.rating_rows(tickets, ids, now)
    yield SurveyQuestion, satisfaction.question_rows()
    yield SurveyAddress, satisfaction.address_rows()
    yield SurveyAnswer, (answer for answer, _ in answers)
    yield SurveyScore, (mark for _, marks in answers for mark in marks)


def _ledger(tickets: list[DemoTicket], now: datetime) -> Iterator[Rows]:
    ledger = Ledger()
    for posting in books(tickets, now):
        ledger.write(posting)
    yield Posting, ledger.postings
    yield Move, ledger.moves
    yield Entry, ledger.entries
    yield Valuation, ledger.valuations()
    yield Balance, ledger.balances()
    yield Discrepancy, ledger.discrepancies


def _insert(connection: Connection, model: type[Base], rows: Iterable[Row]) -> None:
    rows = list(rows)
    for start in range(0, len(rows), BATCH):
        connection.execute(insert(model.__table__), rows[start : start + BATCH])  # type: ignore[arg-type]
