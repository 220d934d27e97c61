"""What is there for the demo is not there for anybody else."""

import pytest

from crew_app import create_app
from crew_app.core.db import db
from crew_app.demo.people import PASSWORD, SHOWN
from tests.support.applications import client_of
from tests.support.client import CrewClient
from tests.support.database import settings_for


@pytest.fixture
def demonstration(settings):
    """The same installation, served as the demo."""
    app = create_app(settings_for(settings.data, settings.database_url, demo=True))
    app.test_client_class = CrewClient
    yield app
    with app.app_context():
        db.engine.dispose()


def test_the_demo_shows_its_log_ins(demonstration):
    text = client_of(demonstration).page("/login").text
    assert PASSWORD in text
    for login in SHOWN:
        assert login in text


def test_an_installation_shows_none_of_them(stranger):
    html = stranger.page("/login").html
    assert PASSWORD not in html
    for login in SHOWN:
        assert f">{login}<" not in html


def test_nobody_signs_in_to_an_installation_with_the_demos_password(app, stranger):
    for login in SHOWN:
        data = {"login": login, "password": PASSWORD}
        assert stranger.post("/login", data=data).status_code in (422, 429)


def test_an_installation_is_no_demo_unless_it_says_so(app):
    assert app.config["SETTINGS"].demo is False
    with app.test_request_context():
        template = app.jinja_env.from_string("{{ demo }}")
        context: dict[str, object] = {}
        app.update_template_context(context)
        assert template.render(context) == "False"
