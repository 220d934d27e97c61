"""The demo hospital in a database of its own, loaded once per run; whoever writes works on a copy."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from crew_app import create_app
from crew_app.core.db import db, session
from crew_app.demo.load import load_demo
from crew_app.evidence.store import LocalStore
from tests.support.database import settings_for, sqlite_url

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="session")
def demo_hospital(tmp_path_factory: pytest.TempPathFactory, empty_file: Path) -> Iterator[Flask]:
    """An application on a freshly loaded demo hospital, as it is found on `TODAY`."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(empty_file, folder / "crew.db")
    settings = settings_for(folder, sqlite_url(folder), demo=True)
    app = create_app(settings)
    with app.app_context():
        load_demo(db.engine, LocalStore(settings.photo_store), TODAY)
        session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()
