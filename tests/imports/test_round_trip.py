"""What goes out as a list comes in elsewhere as the same: export, import into an empty hospital, export, equal."""

import shutil

import pytest
from sqlalchemy import select

from crew_app import create_app
from crew_app.core.clock import now
from crew_app.core.db import db, session, write_transaction
from crew_app.imports import working
from crew_app.people import actions as people
from crew_app.people.models import Person
from crew_app.people.rules import Role
from crew_app.stock.models import Item
from tests.imports.test_pages import brought_in
from tests.support.applications import client_of
from tests.support.client import CrewClient
from tests.support.database import settings_for, sqlite_url
from tests.support.people import PASSWORD
from tests.support.sheets import rows

LISTS = [
    ("departments", "/admin/departments"),
    ("places", "/admin/places"),
    ("assets", "/admin/assets"),
    ("items", "/stock"),
    ("people", "/people"),
]


@pytest.fixture
def elsewhere(tmp_path, empty_file, compiled_templates):
    """An empty hospital with one administrator."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    shutil.copy(empty_file, folder / "crew.db")
    app = create_app(settings_for(folder, sqlite_url(folder)))
    app.jinja_env.bytecode_cache = compiled_templates
    app.test_client_class = CrewClient
    with app.app_context():
        with write_transaction():
            site = people.add_site("north", "北院")
            people.add_person("boss", "管理", PASSWORD, site, [Role.ADMINISTRATOR], at=now())
        yield app
        db.engine.dispose()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_round_trip(app, elsewhere, sign_in, language, ending):
    with app.app_context(), write_transaction():
        session.add(Item(code="T-1", name="=cmd", unit="只", price=1, spec="-5℃", pinyin=""))
    here = sign_in("administrator", language=language)
    there = client_of(elsewhere, language=language)
    there.sign_in("boss")
    there.person_id = session.scalars(select(Person.id).where(Person.login == "boss")).one()

    def work():
        with elsewhere.app_context():
            working.work(b"elsewhere")
        session.rollback()  # this context would go on seeing what was there before

    for subject, path in LISTS:
        brought_in(there, work, subject, here.get(f"{path}/list.{ending}").get_data())
        gone, came = (rows(client, f"{path}/list.xlsx") for client in (here, there))
        if subject == "people":
            gone, came = ([row[1:] for row in found if row[1] != "管理"] for found in (gone, came))
        assert sorted(map(str, gone)) == sorted(map(str, came)), subject
        assert gone
