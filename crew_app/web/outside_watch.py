"""Errors and spans that leave the house, where the settings ask for it: kinds and places, never values.

The only module that knows Sentry and OpenTelemetry; both packages are optional.
"""

import time
from typing import Any

from flask import Flask

from crew_app.config import BadSetting, Settings
from crew_app.web.logs import Seen

KEPT_OF_FRAMES = ("filename", "abs_path", "function", "module", "lineno", "context_line", "in_app")
KEPT_OF_EVENTS = ("event_id", "level", "platform", "release", "environment", "timestamp", "sdk")
_NAMED = "needs the packages of crew-app[{extra}]: pip install 'crew-app[{extra}]'"


def start(app: Flask) -> None:
    """Begin what the settings name; `BadSetting` when its package is missing."""
    settings: Settings = app.config["SETTINGS"]
    watching = settings.watching
    if watching.sentry_dsn:
        _start_sentry(watching.sentry_dsn)
    if watching.otlp_endpoint:
        app.extensions["crew_watch"].tell_span = _spans(watching.otlp_endpoint)


def _start_sentry(dsn: str) -> None:
    try:
        import sentry_sdk  # noqa: PLC0415 - optional
    except ImportError as error:
        raise BadSetting("SENTRY_DSN " + _NAMED.format(extra="sentry")) from error
    sentry_sdk.init(
        dsn=dsn,
        before_send=scrubbed,
        before_breadcrumb=lambda *_: None,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        auto_session_tracking=False,
    )


def scrubbed(event: Any, _hint: Any) -> Any:
    """What may leave of an event: its kind and the places in the code; no words, no request, no user, no variables."""
    kept = {name: event[name] for name in KEPT_OF_EVENTS if name in event}
    found = (event.get("exception") or {}).get("values") or ()
    kept["exception"] = {"values": [_kind_and_places(one) for one in found]}
    return kept


def _kind_and_places(one: dict[str, Any]) -> dict[str, Any]:
    frames = (one.get("stacktrace") or {}).get("frames") or ()
    places = [{name: frame[name] for name in KEPT_OF_FRAMES if name in frame} for frame in frames]
    return {"type": one.get("type"), "module": one.get("module"), "stacktrace": {"frames": places}}


def _spans(endpoint: str) -> Any:
    """A function that tells a request as a span, sent by a thread of its own."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - optional
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - optional
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - optional
    except ImportError as error:
        raise BadSetting("OTEL_EXPORTER_OTLP_ENDPOINT " + _NAMED.format(extra="otel")) from error
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces")))
    tracer = provider.get_tracer("crew_app")

    def tell(seen: Seen, seconds: float) -> None:
        over = time.time_ns()
        span = tracer.start_span(f"{seen.method} {seen.route}", start_time=over - int(seconds * 1e9))
        facts = {"http.route": seen.route, "http.request.method": seen.method, "crew.request": seen.id}
        span.set_attributes(facts | {"http.response.status_code": seen.status, "crew.statements": seen.statements})
        span.end(over)

    return tell
