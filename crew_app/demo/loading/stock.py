"""Rows of the catalogue and of the accounts."""

from collections.abc import Iterable, Iterator
from functools import cache
from uuid import UUID

from crew_app.demo.hospital import SITES
from crew_app.demo.items import CATEGORIES, items
from crew_app.demo.loading.ids import Row, known
from crew_app.demo.people import with_role
from crew_app.demo.records import DemoTicket, Holder
from crew_app.people.rules import Role
from crew_app.stock.catalogue import pinyin
from crew_app.stock.models import AccountKind

FIXED = {
    AccountKind.SUPPLIER: ("供应商", "Suppliers"),
    AccountKind.STORE: ("五金库房", "Hardware store"),
    AccountKind.SCRAP: ("报废", "Scrap"),
    AccountKind.DIFFERENCE: ("盘点差异", "Count differences"),
    AccountKind.REMOVED: ("拆下旧件", "Taken out"),
    AccountKind.OFF_BOOK: ("账外物资", "Off the books"),
}
HOME = {"main": ("本部", "main campus"), "east": ("东院", "east campus")}


def item_rows() -> Iterator[Row]:
    """The catalogue."""
    for item in items().values():
        yield {
            "id": known("item", item.code),
            "code": item.code,
            "name": item.name,
            "name_en": item.name_en,
            "spec": item.spec,
            "unit": item.unit,
            "category": CATEGORIES[item.category],
            "price": item.price,
            "pinyin": pinyin(f"{item.name} {item.spec}"),
            "pack_unit": item.pack_unit,
            "pack_size": item.pack_size,
            "old_for_new": "old" in item.flags,
            "is_tool": "tool" in item.flags,
            "requestable": "ward" in item.flags,
        }


def account_rows() -> Iterator[Row]:
    """Suppliers, stores, scrap and differences of each site, and a bag for every technician."""
    for site in SITES:
        for kind, (name, name_en) in FIXED.items():
            yield _account(Holder(kind, site), f"{HOME[site][0]}{name}", f"{name_en}, {HOME[site][1]}")
    for person in with_role(Role.TECHNICIAN):
        for site in person.sites:
            yield _account(Holder(AccountKind.BAG, site, person.login), person.name, person.name_en)


def ticket_account_rows(tickets: Iterable[DemoTicket], ids: dict[int, UUID]) -> Iterator[Row]:
    """An account for every ticket that took material."""
    for ticket in tickets:
        if ticket.uses:
            holder = Holder(AccountKind.TICKET, ticket.site, ticket=ticket.serial)
            yield _account(holder, ticket.number, "") | {"ticket_id": ids[ticket.serial]}


def _account(holder: Holder, name: str, name_en: str) -> Row:
    return {
        "id": account_id(holder),
        "site_id": known("site", holder.site),
        "kind": holder.kind,
        "name": name,
        "name_en": name_en,
        "person_id": known("person", holder.person) if holder.person else None,
        "ticket_id": None,
        "department_id": None,
    }


@cache
def account_id(holder: Holder) -> UUID:
    """The id of an account."""
    return known("account", f"{holder.kind}:{holder.site}:{holder.person or ''}:{holder.ticket or ''}")
