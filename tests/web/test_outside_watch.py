"""Sentry and OpenTelemetry: off unless asked for, said by name when their package is missing, told no values."""

import sys
from dataclasses import replace

import pytest

from crew_app.config import BadSetting
from crew_app.config_readers import BadSetting as Same
from crew_app.config_watching import read_watching
from crew_app.web import outside_watch

EVENT = {
    "event_id": "1",
    "level": "error",
    "message": "秘密姓名",
    "logentry": {"message": "秘密姓名"},
    "user": {"id": "秘密姓名"},
    "request": {"url": "http://x/t/8282H5BW0A5GZJ", "data": {"name": "秘密姓名"}, "cookies": {"crew": "secret"}},
    "breadcrumbs": {"values": [{"message": "秘密姓名"}]},
    "extra": {"x": "秘密姓名"},
    "contexts": {"trace": {"x": "秘密姓名"}},
    "server_name": "host",
    "exception": {
        "values": [
            {
                "type": "ValueError",
                "value": "秘密姓名",
                "stacktrace": {"frames": [{"function": "fail", "lineno": 3, "vars": {"name": "秘密姓名"}}]},
            }
        ]
    },
}


def test_what_leaves_the_house_is_the_kind_and_the_place():
    told = outside_watch.scrubbed(EVENT, {})
    assert "秘密姓名" not in repr(told)
    assert "8282H5BW0A5GZJ" not in repr(told)
    (one,) = told["exception"]["values"]
    assert one == {"type": "ValueError", "module": None, "stacktrace": {"frames": [{"function": "fail", "lineno": 3}]}}
    assert "秘密姓名" in repr(EVENT)  # sabotage: without it, it would


@pytest.mark.parametrize(
    ("setting", "package"),
    [
        ({"sentry_dsn": "https://key@sentry.example.org/1"}, "sentry"),
        ({"otlp_endpoint": "http://127.0.0.1:4318"}, "otel"),
    ],
)
def test_a_package_that_is_missing_is_named(app, monkeypatch, setting, package):
    for name in ("sentry_sdk", "opentelemetry.exporter.otlp.proto.http.trace_exporter"):
        monkeypatch.setitem(sys.modules, name, None)
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, watching=replace(settings.watching, **setting))
    with pytest.raises(BadSetting, match=rf"crew-app\[{package}\]"):
        outside_watch.start(app)


def test_nothing_is_begun_unless_asked_for(app):
    outside_watch.start(app)
    assert app.extensions["crew_watch"].tell_span is None
    assert "sentry_sdk" not in sys.modules


@pytest.mark.parametrize(
    "environ",
    [
        {"LOG_FORMAT": "xml"},
        {"LOG_REQUESTS": "often"},
        {"METRICS_TOKEN": "short"},
        {"METRICS_TOKEN": "with space in it here"},
        {"METRICS_TOKEN_FILE": "not-there"},
        {"METRICS_FROM": "everywhere"},
        {"METRICS_FROM": "10.0.0.1/8"},
        {"SENTRY_DSN": "key"},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "localhost:4317"},
        {"NIGHT_CHECKS": "maybe"},
    ],
)
def test_settings_that_cannot_be_meant_are_refused_by_name(environ):
    assert Same is BadSetting
    (name,) = environ
    with pytest.raises(BadSetting, match=name.removesuffix("_FILE")):
        read_watching(environ)
