"""The application under test: real settings, a real database, real files, in the test's own folder."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from crew_app import create_app
from crew_app.config import Settings
from crew_app.core.db import db
from tests.support.client import CrewClient
from tests.support.database import Template, settings_for, sqlite_url
from tests.support.world import World

SignIn = Callable[..., CrewClient]
ON_POSTGRES = os.environ.get("CREW_TEST_DATABASE") == "postgresql"


@pytest.fixture(scope="session", autouse=True)
def _rules_compiled_once() -> Iterator[None]:
    """Most of making an application is compiling the same few hundred routes again, by a part of Werkzeug."""
    compile_rule = Rule._compile_builder  # noqa: SLF001 - only how long it takes
    known: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (rule.rule, rule.subdomain, rule.host, repr(rule.defaults), append_unknown)
        if key not in known:
            known[key] = compile_rule(rule, append_unknown)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", compile_once)
        yield


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once per run, although each test has an application of its own."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """An installation with the small hospital, on SQLite; with `make test-postgres` on PostgreSQL."""
    if ON_POSTGRES:
        found: Settings = request.getfixturevalue("postgres_settings")
        return found
    sqlite_template: Template = request.getfixturevalue("sqlite_template")
    shutil.copy(sqlite_template.source, tmp_path / "crew.db")
    return settings_for(tmp_path, sqlite_url(tmp_path))


@pytest.fixture
def app(settings: Settings, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The application on SQLite."""
    yield from _running(settings, compiled_templates)


@pytest.fixture
def installation(settings: Settings, compiled_templates: FileSystemBytecodeCache) -> Iterator[Callable[..., Flask]]:
    """Makes the application with other settings."""
    with ExitStack() as made:
        running = contextmanager(_running)
        yield lambda **changes: made.enter_context(running(replace(settings, **changes), compiled_templates))


@pytest.fixture
def world(request: pytest.FixtureRequest) -> World:
    """What is in the small hospital of `app`."""
    template: Template = request.getfixturevalue("postgres_template" if ON_POSTGRES else "sqlite_template")
    return deepcopy(template.world)


@pytest.fixture
def postgres_settings(tmp_path: Path, postgres_template: Template, new_postgres: Callable[[str], str]) -> Settings:
    """An installation with the small hospital, on PostgreSQL."""
    return settings_for(tmp_path, new_postgres(postgres_template.source))


@pytest.fixture
def postgres_app(postgres_settings: Settings, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The application on PostgreSQL."""
    yield from _running(postgres_settings, compiled_templates)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_app(request: pytest.FixtureRequest) -> Flask:
    """The application, once on each database."""
    app: Flask = request.getfixturevalue("app" if request.param == "sqlite" else "postgres_app")
    return app


@pytest.fixture
def any_world(any_app: Flask, request: pytest.FixtureRequest) -> World:
    """What is in the small hospital of `any_app`."""
    on_sqlite = any_app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    template: Template = request.getfixturevalue("sqlite_template" if on_sqlite else "postgres_template")
    return deepcopy(template.world)


@pytest.fixture
def sign_in(app: Flask, world: World) -> SignIn:
    """Gives a client that is signed in under a log-in name of the small hospital."""
    return signing_in(app, world)


@pytest.fixture
def any_sign_in(any_app: Flask, any_world: World) -> SignIn:
    """The same for `any_app`."""
    return signing_in(any_app, any_world)


@pytest.fixture
def stranger(app: Flask) -> CrewClient:
    """Somebody who is not signed in."""
    return client_of(app)


def signing_in(app: Flask, world: World) -> SignIn:
    """A function that signs people in."""

    def sign_in(login: str, *, language: str = "zh-CN") -> CrewClient:
        client = client_of(app, language=language)
        client.sign_in(login)
        client.person_id = world.people.get(login)
        return client

    return sign_in


def client_of(app: Flask, *, language: str = "zh-CN") -> CrewClient:
    """A phone of its own: nobody is signed in yet."""
    client = app.test_client()
    assert isinstance(client, CrewClient)
    client.language = language
    return client


def _running(settings: Settings, compiled: FileSystemBytecodeCache) -> Iterator[Flask]:
    app = create_app(settings)
    app.jinja_env.bytecode_cache = compiled
    app.test_client_class = CrewClient
    yield app
    with app.app_context():
        db.engine.dispose()
