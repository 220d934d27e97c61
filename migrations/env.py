"""How migrations run: within the application's own connection, as one transaction each."""

from alembic import context
from flask import current_app

import crew_app.core.receipts
import crew_app.evidence.models
import crew_app.held.models
import crew_app.places.models
import crew_app.stock.models
import crew_app.storeroom.demand_models
import crew_app.storeroom.models
import crew_app.tickets.models  # noqa: F401 - tables register themselves on import
from crew_app.core.db import WRITE, Base, db


def run() -> None:
    """Run the migrations that are asked for."""
    settings = dict(current_app.extensions["migrate"].configure_args)
    with db.engine.connect().execution_options(**{WRITE: True}) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.commit()
        context.configure(
            connection=connection, target_metadata=Base.metadata, transaction_per_migration=True, **settings
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
