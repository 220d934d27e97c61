"""Pages and commands, one blueprint per noun. A route loads, parses, calls one action, and renders."""

from flask import Flask

from crew_app.routes import (
    demand,
    discards,
    health,
    late,
    levels,
    materials,
    offline,
    people,
    phones,
    photos,
    places,
    purchases,
    receipts,
    reports,
    review,
    scan,
    session,
    shell,
    slips,
    stock,
    stock_lists,
    stock_values,
    switch,
    sync,
    tags,
    ticket_states,
    tickets,
    today,
    transfers,
    write_offs,
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
    stock_lists,
    stock_values,
    levels,
    demand,
    purchases,
    receipts,
    transfers,
    write_offs,
    slips,
    places,
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
