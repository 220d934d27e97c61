"""Pages of the storeroom with a form each, as those see them who have the most of them."""

from decimal import Decimal

from crew_app.core.clock import server_moment
from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.stock.accounts import common
from crew_app.stock.actions import Line, post
from crew_app.stock.models import AccountKind, Reason
from crew_app.storeroom import issues
from crew_app.storeroom.models import Slip
from crew_app.storeroom.slips import Asked
from tests.support.stockcounts import approve, begin, hand_in, tally
from tests.support.world import BUILT_AT


def goods_pages(world, sign_in):
    """Goods come in, move, and are written off."""
    slip = f"/stock/slips/{world.slips['scrap']}"
    forms = [f"/stock/{name}/new" for name in ("receipts", "transfers", "write-offs")]
    plan = f"/stock/purchases/{world.slips['plan']}"
    forms += ["/stock/catalogue/new", "/stock/purchases/new", "/stock/demand", f"/stock/items/{world.items['tube']}"]
    seen = {"storekeeper": [*forms, slip, plan], "supervisor": [slip, plan], "manager": ["/stock/write-offs"]}
    return [sign_in(login).page(path) for login, paths in seen.items() for path in paths]


def issue_pages(app, world, sign_in):
    """Requests to be decided, handed out and closed; a tool that is lent for long; an old part owed."""
    keeper, boss, nurse = sign_in("storekeeper"), sign_in("supervisor"), sign_in("requester")
    path = f"/stock/requests/{world.requests['ward']}"
    pages = [nurse.page("/stock/requests/new"), nurse.page(path), boss.page(path)]
    pages.append(boss.page(f"/stock/departments/{world.departments['ward']}"))
    lend_and_owe(app, world)
    assert (
        boss.send(f"{path}/approval", {"line_item": str(world.items["tube"]), "line_granted": "2"}).status_code == 200
    )
    pages.append(keeper.page(f"/stock/issues/new?request={world.requests['ward']}"))
    hand_out_half(app, world)
    return pages + [keeper.page(each) for each in (path, "/stock/loans", "/stock/old-parts", "/stock/issues/new")]


def lend_and_owe(app, world):
    with app.app_context(), write_transaction():
        item, by, then = world.item("valve"), world.person("storekeeper"), server_moment(BUILT_AT)
        item.is_tool = True
        removed = common(world.sites["north"], AccountKind.REMOVED)
        post(Reason.LOAN, [Line(item, Decimal(1), world.account("store"), world.account("loan"))], by=by, at=then)
        post(Reason.USE, [Line(item, Decimal(1), removed, world.account("owed"))], by=by, at=then)


def hand_out_half(app, world):
    """One of the two tubes of the ward's request."""
    with app.app_context(), write_transaction():
        half = [Asked(world.item("tube"), Decimal(1))]
        request = session.get_one(Slip, world.requests["ward"])
        handing = issues.Handing(new_id(), world.account("store"), world.person("requester"), half, request=request)
        issues.hand_out(handing, by=world.person("storekeeper"), at=server_moment())


def count_pages(world, sign_in):
    """Stock counts at each stage, and discrepancies with and without a count since."""
    keeper, job = sign_in("storekeeper"), sign_in("technician")
    path, bag = begin(sign_in, world), begin(sign_in, world, account_id=str(world.accounts["bag"]))
    pages = [keeper.page(path), keeper.page("/stock/counts")]
    tally(job, path, world, "tube", 1)
    hand_in(sign_in, path)
    pages.append(sign_in("supervisor").page(f"{path}/differences"))
    fields = {"move_id": str(new_id()), "item_id": str(world.items["tube"]), "quantity": "40"}
    ticket = str(new_id())
    report = {"ticket_id": ticket, "job_kind": "lamp", "place_id": str(world.places["room"])}
    assert job.send("/tickets", report).status_code == 201
    assert job.send(f"/tickets/{ticket}/materials", fields).status_code == 200
    gaps = [link.get("href") for link in keeper.page("/stock/discrepancies").all("a")]
    (gap,) = [href for href in gaps if (href or "").startswith("/stock/discrepancies/") and "." not in href]
    pages.append(keeper.page(gap))
    tally(job, bag, world, "tube", 1)
    hand_in(sign_in, bag)
    approve(sign_in("supervisor"), bag)
    return [*pages, keeper.page(gap)]
