"""Entry point for a WSGI server: `granian --interface wsgi wsgi:app`."""

from crew_app import create_app
from crew_app.web import draining, scheduler

app = create_app()
scheduler.start(app)
draining.start(app)
