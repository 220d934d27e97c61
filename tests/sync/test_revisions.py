"""Whatever changes a page changes its revision: pages before and after, beside the manifest before and after."""

import random

import pytest

from crew_app.core.db import session, write_transaction
from crew_app.core.ids import new_id
from crew_app.people.models import Membership, PersonTrade
from crew_app.people.rules import Role, Trade
from crew_app.routes import sync
from tests.support.pictures import announcement, jpeg
from tests.support.proof import cover
from tests.support.proof import take as photograph
from tests.support.taken import revisions, settled, take
from tests.support.tickets import make_ticket, report_fields


def note(world, ticket):
    return "requester", f"/tickets/{ticket}/notes", {"note": "快点"}


def acceptance(world, ticket):
    return "technician", f"/tickets/{ticket}/acceptance", {}


def hold(world, ticket):
    return "technician", f"/tickets/{ticket}/hold", {"reason": "material", "note": "缺灯管"}


def resumption(world, ticket):
    return "technician", f"/tickets/{ticket}/resumption", {}


def release(world, ticket):
    return "technician", f"/tickets/{ticket}/release", {"note": "下班"}


def completion(world, ticket):
    return "technician", f"/tickets/{ticket}/completion", {"note": "换好了"}


def verification(world, ticket):
    return "supervisor", f"/tickets/{ticket}/verification", {}


def sending_back(world, ticket):
    return "supervisor", f"/tickets/{ticket}/return", {"note": "还闪"}


def cancellation(world, ticket):
    return "supervisor", f"/tickets/{ticket}/cancellation", {"note": "误报"}


def material(world, ticket):
    fields = {"move_id": str(new_id()), "item_id": str(world.items["tube"]), "quantity": "40"}
    return "technician", f"/tickets/{ticket}/materials", fields


def from_store(world, ticket):
    fields = {"move_id": str(new_id()), "item_id": str(world.items["valve"]), "quantity": "2"}
    return "technician", f"/tickets/{ticket}/materials", fields | {"source_id": str(world.accounts["store"])}


def report(world, ticket):
    return "guard", "/tickets", report_fields(world)


def photo(world, ticket):
    return "technician", f"/tickets/{ticket}/photos", {"role": "before"} | announcement(jpeg())


CHANGES = (
    *(note, acceptance, hold, resumption, release, completion, verification, sending_back, cancellation),
    *(material, from_store, report, photo),
)


def seen(clients):
    """Everything these phones would keep: revision and content."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for login, client in clients.items():
        named = revisions(client)
        contents = take(client, named)
        found |= {(login, url): (named[url], settled(contents[url])) for url in named}
    return found


def _difference(old, new):
    return sorted(set(old.split("<")) ^ set(new.split("<")))[:4]


def check(before, after):
    """Gives the pages that changed."""
    common = before.keys() & after.keys()
    changed = {page for page in common if before[page][1] != after[page][1]}
    missed = {page for page in changed if before[page][0] == after[page][0]}
    assert [(page, *_difference(before[page][1], after[page][1])) for page in missed] == []
    return changed


@pytest.mark.parametrize("seed", [3, 7])
def test_no_command_changes_a_page_unnoticed(app, world, sign_in, seed):
    """Every kind of change once, in a mixed order; what is not possible just then changes nothing."""
    ticket = make_ticket(app, world)
    clients = {login: sign_in(login) for login in ("technician", "supervisor")}
    before = seen(clients)
    for change in random.Random(seed).sample(CHANGES, k=len(CHANGES)):
        login, path, fields = change(world, ticket)
        done = sign_in(login).send(path, fields).status_code < 300
        after = seen(clients)
        changed = check(before, after)
        assert changed or not done
        before = after


def test_a_photo_whose_bytes_arrive_changes_the_page_of_its_job(app, world, sign_in):
    ticket, client = make_ticket(app, world, "accepted"), sign_in("technician")
    fields = {"role": "before"} | announcement(jpeg())
    client.send(f"/tickets/{ticket}/photos", fields)
    before = seen({"technician": client})
    assert client.send(f"/photos/{fields['photo_id']}/original", body=jpeg()).status_code == 200
    assert ("technician", f"/tickets/{ticket}") in check(before, seen({"technician": client}))


def test_what_is_covered_in_a_photo_changes_the_page_and_the_small_picture(app, world, sign_in):
    ticket, client = make_ticket(app, world, "accepted"), sign_in("technician")
    photo = photograph(client, ticket)
    before = seen({"technician": client})
    assert f"/photos/{photo}/thumb" in client.get("/sync/manifest").get_json()["thumbs"]
    cover(app, photo, (0, 0, 300, 300))
    assert ("technician", f"/tickets/{ticket}") in check(before, seen({"technician": client}))
    assert f"/photos/{photo}/thumb?v=1" in client.get("/sync/manifest").get_json()["thumbs"]
    assert f"/photos/{photo}/thumb?v=1" in client.page(f"/tickets/{ticket}").html


def retitle(world):
    world.person("technician").name = "王师傅"


def promote(world):
    me = world.person("technician")
    me.memberships.append(Membership(site_id=world.sites["north"], role=Role.SUPERVISOR))


def retrain(world):
    me = world.person("technician")
    me.trades.append(PersonTrade(trade=Trade.PLUMBING))


def rename_item(world):
    world.item("tube").name = "灯管（长）"


def rename_place(world):
    world.place("room").path = "住院楼 / 七楼 / 值班室"


@pytest.mark.parametrize("change", [retitle, promote, retrain, rename_item, rename_place])
def test_a_change_beside_the_jobs_is_noticed_too(app, world, sign_in, change):
    make_ticket(app, world, "accepted")
    client = sign_in("technician")
    before = seen({"technician": client})
    with app.app_context(), write_transaction():
        change(world)
        session.flush()
    assert check(before, seen({"technician": client}))


def test_another_language_or_build_renews_every_page(app, world, sign_in, monkeypatch):
    make_ticket(app, world)
    chinese, english = revisions(sign_in("technician")), revisions(sign_in("technician", language="en"))
    assert chinese.keys() == english.keys()
    assert not set(chinese.values()) & set(english.values())
    monkeypatch.setattr(sync, "build", lambda: "later")
    assert not set(chinese.values()) & set(revisions(sign_in("technician")).values())


def test_nothing_is_renewed_without_a_reason(app, world, sign_in):
    make_ticket(app, world)
    client = sign_in("supervisor")
    assert revisions(client) == revisions(client)
