"""Sites: added by whoever administers all, changed by whoever administers them."""

import pytest

from tests.support.client import accepted
from tests.support.counting import one, sql
from tests.support.office import everywhere

SITE = {"name": "东院", "name_en": "East campus", "timezone": "Asia/Urumqi"}


def test_a_name_is_changed_and_written_down(app, world, sign_in):
    client, path = sign_in("administrator"), f"/admin/sites/{world.sites['north']}"
    accepted(client.send(path, {"name": "北区", "name_en": "North campus", "timezone": "Asia/Shanghai"}))
    assert "北区" in client.page("/admin/sites").text
    assert sql(app, "SELECT field, before, after FROM changes WHERE kind = 'sites'") == [("name", "北院", "北区")]


def test_another_ones_site_is_not_there(app, world, sign_in):
    client, path = sign_in("administrator"), f"/admin/sites/{world.sites['south']}"
    assert client.get(path).status_code == 404
    assert client.send(path, SITE).status_code == 404
    assert one(app, "SELECT name FROM sites WHERE code = 'south'") == "南院"


def test_who_administers_one_site_adds_none(app, world, sign_in):
    assert sign_in("administrator").send("/admin/sites", {**SITE, "code": "east"}).status_code == 403
    assert one(app, "SELECT COUNT(*) FROM sites") == 2


def test_who_administers_all_adds_one_and_administers_it(app, world, sign_in):
    with app.app_context():
        everywhere(world)
    client = sign_in("administrator")
    accepted(client.send("/admin/sites", {**SITE, "code": "east"}))
    page = client.page("/admin/sites")
    assert "东院" in page.text
    assert one(app, "SELECT COUNT(*) FROM memberships m JOIN sites s ON s.id = m.site_id WHERE s.code = 'east'") == 1
    again = client.send("/admin/sites", {**SITE, "code": "east"})
    assert again.headers["Crew-Refusal"] == "site-taken"


@pytest.mark.parametrize("wrong", [{"name": ""}, {"timezone": "Mars/Base"}, {"name": "长" * 81}])
def test_nonsense_is_refused(app, world, sign_in, wrong):
    path = f"/admin/sites/{world.sites['north']}"
    assert sign_in("administrator").send(path, {**SITE, **wrong}).status_code == 422


def test_the_office_shows_only_doors_that_open(app, world, sign_in):
    for login in ("administrator", "manager", "supervisor", "storekeeper", "technician"):
        client = sign_in(login)
        doors = [link.get("href") for link in client.page("/admin").all("a") if link.get("href", "").startswith("/")]
        assert [door for door in doors if client.get(door).status_code == 403] == []
