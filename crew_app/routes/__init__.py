"""Pages and commands, one blueprint per noun. A route loads, parses, calls one action, and renders."""

from flask import Flask

from crew_app.routes import (
    health,
    materials,
    offline,
    people,
    photos,
    places,
    reports,
    review,
    scan,
    session,
    shell,
    stock,
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
    stock,
    places,
    tags,
    reports,
    scan,
    people,
    session,
    shell,
    offline,
    sync,
    health,
)


def register(app: Flask) -> None:
    """Register every blueprint."""
    for module in MODULES:
        app.register_blueprint(module.blueprint)
