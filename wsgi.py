"""Entry point for a WSGI server: `granian --interface wsgi wsgi:app`."""

import gc

from crew_app import create_app
from crew_app.web import draining, hosts, scheduler, watching

app = create_app()
watching.speak(app)
hosts.start(app)
scheduler.start(app)
draining.start(app)
# What stands by now stays for as long as the process: looking through it again and again cost a tenth of each request.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
