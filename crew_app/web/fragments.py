"""htmx: a fragment request gets the main part of the same page. The only Python module that knows htmx."""

from flask import Flask
from htmx_flask import Htmx, request

_htmx = Htmx()


def start(app: Flask) -> None:
    """Let templates choose their layout by who asks."""
    _htmx.init_app(app)
    app.add_template_global(fragment)


def fragment() -> bool:
    """Whether this request comes from htmx and needs no frame around the page."""
    return bool(request.htmx) and "HX-History-Restore-Request" not in request.headers
