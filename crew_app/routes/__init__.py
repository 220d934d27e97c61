"""Pages and commands, one blueprint per noun. A route loads, parses, calls one action, and renders."""

from flask import Flask

from crew_app.routes import (
    departments,
    discards,
    health,
    issues,
    late,
    loans,
    materials,
    offline,
    old_parts,
    people,
    phones,
    photos,
    places,
    receipts,
    reports,
    requests,
    review,
    scan,
    session,
    shell,
    slips,
    stock,
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
    requests,
    issues,
    loans,
    old_parts,
    departments,
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
