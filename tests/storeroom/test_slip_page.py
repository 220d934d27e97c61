"""The page of a slip: for those who may see it, with what was signed, how it stands, and the paper it prints as."""

import pytest

from crew_app.core.clock import server_moment
from crew_app.core.db import write_transaction
from crew_app.storeroom import queries, slips
from crew_app.storeroom.models import Signer
from tests.support.client import some_id, unseen


@pytest.fixture
def path(world):
    return f"/stock/slips/{world.slips['scrap']}"


def test_what_was_signed_is_drawn(app, world, sign_in, path):
    with app.app_context(), write_transaction():
        slip = queries.slip(world.person("storekeeper"), world.slips["scrap"])
        slips.sign(slip, slips.Drawn(Signer.STOREKEEPER, "赵秀兰", "M10 10l5 5"), at=server_moment())
    page = sign_in("supervisor").page(path)
    assert 'd="M10 10l5 5"' in page.html
    assert "赵秀兰" in page.text
    assert page.html.count('d="M10 10l5 5"') == 2, "it prints as well"


def test_it_is_for_the_storeroom_and_those_who_approve(sign_in, path):
    for login in ("storekeeper", "supervisor", "manager"):
        assert "BF-" in sign_in(login).page(path).text
    for login in ("technician", "requester", "guard", "administrator", "outsider"):
        unseen(sign_in(login).get(path))
    unseen(sign_in("storekeeper").get(f"/stock/slips/{some_id()}"))


def test_the_paper_has_all_that_a_slip_must_say(sign_in, path):
    page = sign_in("storekeeper").page(path)
    (paper,) = page.all("section", class_="paper")
    words = " ".join(paper.itertext())
    for wanted in ("北院", "BF-", "规格", "单位", "数量", "单价", "金额", "合计", "¥25.00", "库管员", "审批人"):
        assert wanted in words


def test_a_purchase_list_has_a_page_as_well(world, sign_in):
    page = sign_in("manager").page(f"/stock/slips/{world.slips['purchase']}", headers={"Accept-Language": "en"})
    assert "Approved" in page.text
