"""crew_app: scan a tag, see what is open there, act, and go on, with or without a network."""

import gc

gc.disable()  # none of what is loaded now is garbage, and looking through it again and again takes a tenth of a start

from flask import Flask

from crew_app import api, routes, web
from crew_app.config import Settings, read_settings
from crew_app.connections import telling
from crew_app.desk import dispatch, hearing
from crew_app.registers import round_facts
from crew_app.rounds import flagging
from crew_app.storeroom import follow_ups
from crew_app.storeroom.counts import late
from crew_app.tickets import risks
from crew_app.web import looking, sealing, showing, trail, watching

gc.enable()


def create_app(settings: Settings | None = None) -> Flask:
    """Put the application together; settings come from the environment unless given."""
    settings = settings or read_settings()
    app = Flask(__name__, static_folder=None)
    web.configure(app, settings)
    web.start_database(app)
    web.start_sign_in(app)
    web.start_languages(app)
    web.start_templates(app)
    web.start_guards(app)
    web.start_assets(app)
    routes.register(app)
    api.register(app)
    sealing.start()
    trail.start()
    late.watch()
    follow_ups.start()
    flagging.start()
    round_facts.start()
    risks.start()
    dispatch.start()
    hearing.start()
    telling.start()
    looking.start(app)
    showing.start()
    watching.start(app)
    return app
