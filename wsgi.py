"""Entry point for a WSGI server: `granian --interface wsgi wsgi:app`."""

from crew_app import create_app
from crew_app.web import draining, hosts, scheduler, watching

app = create_app()
watching.speak(app)
hosts.start(app)
scheduler.start(app)
draining.start(app)
