"""Everything that knows Flask and is not a page: start-up, access, commands, languages, errors."""

from flask import Flask
from flask_compress import Compress
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from crew_app.config import Settings
from crew_app.core.db import db, engine_options, tune
from crew_app.evidence.images import MAX_BYTES
from crew_app.evidence.opening import open_store
from crew_app.people.actions import LIFETIME
from crew_app.people.limits import OPTION
from crew_app.web import (
    access,
    assets,
    cookies,
    desk_words,
    doors,
    errors,
    exported,
    filters,
    fragments,
    headers,
    heads,
    idling,
    languages,
    notices,
    people,
    phones,
    photos,
    registers,
    rendering,
    strangers,
)
from crew_app.web.gate import Gate
from crew_app.web.paths import MIGRATIONS
from crew_app.web.tokens import Cookieless, Limiter
from crew_app.web.trusted_hosts import TrustedHosts

LONGEST_BODY = MAX_BYTES + 64 * 1024
WORKING_PLACES = 2
"""Requests that are worked on at once in one process; more only makes all of them slower."""


def configure(app: Flask, settings: Settings) -> None:
    """Copy the settings to where Flask and its extensions look for them."""
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        SESSION_COOKIE_NAME=cookies.name_of(cookies.SESSION, https=settings.https),
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.https,
        PERMANENT_SESSION_LIFETIME=LIFETIME,
        SESSION_REFRESH_EACH_REQUEST=False,  # an answer on its way would put back the cookie of before a sign-in
        MAX_CONTENT_LENGTH=LONGEST_BODY,
        MAX_FORM_MEMORY_SIZE=access.LONGEST_FORM,
        COMPRESS_MIMETYPES=["text/html", "application/json", "text/plain", "application/manifest+json"],
        COMPRESS_ALGORITHM=["gzip"],
        COMPRESS_MIN_SIZE=800,
        COMPRESS_LEVEL=5,  # a third less time than 6 for 1.4 % more bytes
    )
    app.extensions["crew_store"] = open_store(settings)
    app.extensions["crew_api_limiter"] = Limiter(settings.api_per_minute)
    app.session_interface = cookies.Sessions()
    app.wsgi_app = TrustedHosts(app.wsgi_app, settings)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    Compress(app)


def start_database(app: Flask) -> None:
    """Connect the database and its migrations."""
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)
    with app.app_context():
        tune(db.engine)
        db.engine.update_execution_options(**{OPTION: app.config["SETTINGS"].profile})


def start_sign_in(app: Flask) -> None:
    """Know who asks."""
    people.start(app)
    phones.start(app)
    doors.start(app)
    strangers.start(app)


def start_languages(app: Flask) -> None:
    """Speak the person's language."""
    languages.start(app)


def start_templates(app: Flask) -> None:
    """Filters and functions for templates; an unknown name in a template is an error."""
    filters.start(app)
    rendering.start(app)
    registers.start(app)
    desk_words.start(app)
    fragments.start(app)
    notices.start(app)
    heads.start(app)
    photos.start(app)


def start_guards(app: Flask) -> None:
    """Access rules, same-origin rule, security headers, and words for whatever goes wrong."""
    headers.start(app)
    access.start(app)
    idling.start(app)
    exported.start(app)
    errors.start(app)


def start_assets(app: Flask) -> None:
    """Serve the built front end, and let slow bodies wait outside."""
    app.wsgi_app = Gate(app.wsgi_app, WORKING_PLACES, access.LONGEST_REPORT)  # type: ignore[method-assign]
    app.wsgi_app = Cookieless(app.wsgi_app)  # type: ignore[method-assign]
    assets.start(app)
