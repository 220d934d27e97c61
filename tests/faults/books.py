"""What the application itself says of its books: stock ledger and audit chain."""

from pathlib import Path

from crew_app import create_app
from crew_app.cli.audit import problems as of_the_chain
from crew_app.cli.ledger import problems as of_the_ledger
from crew_app.core.db import db
from tests.support.database import settings_for, sqlite_url


def wrong_books(folder: Path, url: str = "") -> list[str]:
    """What `crew ledger check` and `crew audit verify` complain about."""
    app = create_app(settings_for(folder, url or sqlite_url(folder)))
    with app.app_context():
        found = [*of_the_ledger(), *of_the_chain(())]
        db.session.remove()
        db.engine.dispose()
    return found
