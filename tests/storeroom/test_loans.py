"""Tool loans: lent to a person, seen every half year, taken back."""

from datetime import UTC, datetime, timedelta

import pytest

from crew_app.core.db import session, write_transaction
from crew_app.storeroom.models import Slip
from crew_app.storeroom.ward_models import LoanCheck
from tests.storeroom.test_issues import PATH, handing
from tests.support.client import accepted, refused, unseen
from tests.support.counting import one
from tests.tickets.test_materials import balance

HALF_YEAR = timedelta(days=181)
DUE = "半年"


@pytest.fixture
def keeper(app, world, sign_in):
    with app.app_context(), write_transaction():
        world.item("valve").is_tool = True
    return sign_in("storekeeper")


@pytest.fixture
def lent(world, keeper):
    fields = handing(world, ("valve", "2"), receiver_path="", storekeeper_paper="")
    return accepted(keeper.send("/stock/loans", fields), 201)


@pytest.fixture
def path(world):
    return f"/stock/loans/{world.accounts['loan']}"


def giving_back(world, quantity="1", store="store"):
    fields = {"item_id": str(world.items["valve"]), "quantity": quantity}
    return fields | {"store_id": str(world.accounts[store])}


def test_a_tool_is_lent_and_everybody_sees_their_own(app, world, keeper, lent, sign_in):
    assert balance(app, "loan", "valve") == 2
    assert "角阀" in sign_in("technician").page(lent).text
    assert "员工technician" in sign_in("supervisor").page(lent).text
    for login in ("second", "outsider", "requester"):
        assert "员工technician" not in sign_in(login).page(lent).text


def test_a_signature_is_kept_where_there_is_one(app, world, keeper):
    accepted(keeper.send("/stock/loans", handing(world, ("valve", "1"), receiver_path=PATH)), 201)
    with app.app_context():
        slip = session.query(Slip).filter_by(kind="issue").one()
        assert [signature.path for signature in slip.signatures] == [PATH, ""]
        assert slip.number.startswith("CK-")


def test_only_tools_are_lent_and_no_more_than_there_are(app, world, keeper):
    refused(keeper.send("/stock/loans", handing(world, ("tube", "1"))), 422, "not-a-tool")
    refused(keeper.send("/stock/loans", handing(world, ("valve", "31"))), 422, "not-enough")
    refused(keeper.send("/stock/loans", handing(world, ("valve", "1"), receiver="southerner")), 422, "receiver")
    assert balance(app, "loan", "valve") == 0


def test_it_comes_back(app, world, keeper, lent, path):
    assert f"{path}/returns" in keeper.page("/stock/loans").actions
    accepted(keeper.send(f"{path}/returns", giving_back(world)))
    assert balance(app, "loan", "valve") == 1
    refused(keeper.send(f"{path}/returns", giving_back(world, "2")), 422, "not-enough")
    accepted(keeper.send(f"{path}/returns", giving_back(world)))
    assert balance(app, "store", "valve") == 30
    refused(keeper.send(f"{path}/checks", giving_back(world)), 422, "not-lent")


@pytest.mark.parametrize(("login", "status"), [("technician", 403), ("manager", 403), ("outsider", 404)])
def test_others_do_not_book_it(world, sign_in, lent, path, login, status):
    for verb in ("returns", "checks"):
        assert sign_in(login).send(f"{path}/{verb}", giving_back(world)).status_code == status


def test_it_goes_back_into_a_store_of_this_site_only(app, world, keeper, lent, path):
    unseen(keeper.send(f"{path}/returns", giving_back(world, store="south-store")))
    refused(keeper.send(f"{path}/returns", giving_back(world, store="bag")), 403)
    assert balance(app, "loan", "valve") == 2


def test_whoever_holds_it_half_a_year_shows_it(app, world, keeper, path):
    long_ago = datetime.now(UTC) - timedelta(days=80)
    accepted(keeper.send("/stock/loans", handing(world, ("valve", "1")), made_at=long_ago), 201)
    assert DUE not in keeper.page("/stock/loans").text
    with app.app_context(), write_transaction():
        check = {"account_id": world.accounts["loan"], "item_id": world.items["valve"]}
        session.add(
            LoanCheck(site_id=world.sites["north"], person_id=world.people["storekeeper"], at=long_ago, **check)
        )
    assert "/checks" not in keeper.page("/stock/loans").html
    assert one(app, "SELECT COUNT(*) FROM loan_checks") == 1
