"""Pages and commands, one blueprint per noun. A route loads, parses, calls one action, and renders."""

from flask import Flask

from crew_app.routes import (
    asset_checks,
    asset_counts,
    asset_scraps,
    asset_transfers,
    assets,
    discards,
    health,
    late,
    materials,
    offline,
    people,
    phones,
    photos,
    places,
    reports,
    review,
    scan,
    session,
    shell,
    stock,
    switch,
    sync,
    tags,
    ticket_states,
    tickets,
    today,
)

MODULES = (
    today,
    tickets,
    ticket_states,
    materials,
    photos,
    review,
    late,
    stock,
    places,
    assets,
    asset_transfers,
    asset_scraps,
    asset_counts,
    asset_checks,
    tags,
    reports,
    scan,
    people,
    phones,
    session,
    switch,
    shell,
    offline,
    discards,
    sync,
    health,
)


def register(app: Flask) -> None:
    """Register every blueprint."""
    for module in MODULES:
        app.register_blueprint(module.blueprint)
