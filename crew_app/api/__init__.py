"""The JSON API, version 1: what other systems of the hospital read and do here."""

from flask import Flask

from crew_app.api import document, events, places, readings, rounds, stock, tickets, whoami
from crew_app.api.declared import blueprint

MODULES = (whoami, tickets, places, stock, readings, rounds, events, document)
"""Each declares its operations when it is loaded."""


def register(app: Flask) -> None:
    """Serve them."""
    app.register_blueprint(blueprint)
