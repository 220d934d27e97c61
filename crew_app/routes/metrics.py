"""Numbers for Prometheus: of all server processes of this machine, and of what all machines share."""

import hmac
import ipaddress
from contextlib import suppress

from flask import Blueprint, Response, current_app, request

from crew_app.config import Settings
from crew_app.core.clock import now
from crew_app.core.errors import Unseen
from crew_app.core.words import N_
from crew_app.web import gauges
from crew_app.web.access import public
from crew_app.web.watching import Watch

blueprint = Blueprint("metrics", __name__)
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host")


@blueprint.get("/metrics")
@public
def show() -> Response:
    """For whoever has the token, or asks from an address that the settings name; for nobody else it is not there."""
    if not _may():
        raise Unseen("not-found", N_("This page does not exist, or not for you."))
    watch: Watch = current_app.extensions["crew_watch"]
    lines = [*watch.layout.lines(watch.counters.totals()), *gauges.lines(now())]
    body = "".join(f"{line}\n" for line in lines)
    return Response(body, headers={"Cache-Control": "no-store"}, content_type="text/plain; version=0.0.4")


def _may() -> bool:
    settings: Settings = current_app.config["SETTINGS"]
    watching = settings.watching
    told = request.headers.get("Authorization", "")
    if watching.metrics_token and hmac.compare_digest(told.encode(), f"Bearer {watching.metrics_token}".encode()):
        return True
    if watching.metrics_from:
        return any(_address() in network for network in watching.metrics_from)
    return not watching.metrics_token and _from_this_machine()


def _from_this_machine() -> bool:
    """Asked here, and not by a proxy of this machine for somebody else."""
    return _address().is_loopback and not any(name in request.headers for name in FORWARDED)


def _address() -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    with suppress(ValueError):
        return ipaddress.ip_address(request.remote_addr or "")
    return ipaddress.IPv6Address("::")
