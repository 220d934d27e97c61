"""How migrations run: within the application's own connection, as one transaction each."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

import crew_app.connections.models
import crew_app.core.chain
import crew_app.core.chain_heads
import crew_app.core.changes
import crew_app.core.receipts
import crew_app.core.removals
import crew_app.deliveries.models
import crew_app.desk.announcement_models
import crew_app.desk.call_models
import crew_app.desk.chain_models
import crew_app.emergencies.models
import crew_app.evidence.models
import crew_app.evidence.proof_models
import crew_app.evidence.rule_models
import crew_app.fixed_assets.models
import crew_app.held.models
import crew_app.imports.models
import crew_app.labels.models
import crew_app.notifications.models
import crew_app.people.identity_models
import crew_app.places.door_models
import crew_app.places.models
import crew_app.places.word_models
import crew_app.registers.credential_models
import crew_app.registers.gate_models
import crew_app.registers.shift_models
import crew_app.registers.training_models
import crew_app.reports.cost_models
import crew_app.reports.figure_models
import crew_app.reports.point_models
import crew_app.reports.summary_models
import crew_app.roster.days
import crew_app.roster.models
import crew_app.rounds.contractor_models
import crew_app.rounds.flag_models
import crew_app.rounds.hazard_models
import crew_app.rounds.models
import crew_app.rounds.series_models
import crew_app.rounds.walking
import crew_app.stock.models
import crew_app.storeroom.counts.models
import crew_app.storeroom.demand_models
import crew_app.storeroom.models
import crew_app.storeroom.ward_models
import crew_app.tickets.joining_models
import crew_app.tickets.models
import crew_app.tickets.review_models
import crew_app.tickets.target_models
import crew_app.trips.models  # noqa: F401 - tables register themselves on import
from crew_app.core.db import WRITE, Base, db


def run() -> None:
    """Run the migrations that are asked for."""
    settings = dict(current_app.extensions["migrate"].configure_args)
    with db.engine.connect().execution_options(**{WRITE: True}) as connection:
        _check_foreign_keys(connection, "OFF")
        context.configure(
            connection=connection, target_metadata=Base.metadata, transaction_per_migration=True, **settings
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        _check_foreign_keys(connection, "ON")


def _check_foreign_keys(connection: Connection, state: str) -> None:
    """SQLite changes a table by copying it and dropping the old one; inside a transaction this setting does nothing."""
    if connection.dialect.name == "sqlite":
        raw = connection.connection.dbapi_connection
        raw.execute(f"PRAGMA foreign_keys={state}")  # type: ignore[union-attr]


run()
