"""Entry point for a WSGI server: `granian --interface wsgi wsgi:app`."""

from crew_app import create_app

app = create_app()
