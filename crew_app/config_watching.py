"""Settings of what watches over the service: its log, its metrics, checks at night."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crew_app.config_readers import BadSetting, one_of, secret, yes_or_no

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Watching:
    """How the service is watched."""

    log_json: bool = False
    log_requests: bool = True
    """Whether each request gets a line."""
    metrics_token: str = field(default="", repr=False)
    metrics_from: tuple[Network, ...] = ()
    """Who may read the metrics without a token; nobody said: this machine."""
    night_checks: bool = False
    """Whether the worker proves stock books and audit chain every night, in a process of its own."""
    sentry_dsn: str = field(default="", repr=False)
    otlp_endpoint: str = ""


def read_watching(env: Mapping[str, str]) -> Watching:
    """Read them; `BadSetting` names what is wrong."""
    token = env.get("METRICS_TOKEN") or env.get("METRICS_TOKEN_FILE")
    return Watching(
        log_json=one_of(env, "LOG_FORMAT", "text", "json"),
        log_requests=yes_or_no(env, "LOG_REQUESTS", usual="1"),
        metrics_token=_strong(secret(env, "METRICS_TOKEN", "itself")) if token else "",
        metrics_from=_networks(env, "METRICS_FROM"),
        night_checks=yes_or_no(env, "NIGHT_CHECKS", usual="1"),
        sentry_dsn=_address(env, "SENTRY_DSN"),
        otlp_endpoint=_address(env, "OTEL_EXPORTER_OTLP_ENDPOINT"),
    )


def _strong(token: str) -> str:
    if len(token) < 16:  # noqa: PLR2004 - as the message says
        raise BadSetting("METRICS_TOKEN needs 16 characters that nobody guesses")
    return token


def _networks(env: Mapping[str, str], name: str) -> tuple[Network, ...]:
    parts = [part.strip() for part in (env.get(name) or "").split(",") if part.strip()]
    try:
        return tuple(ipaddress.ip_network(part) for part in parts)
    except ValueError as error:
        raise BadSetting(f"{name} must be addresses or networks with commas between them, like 10.0.0.0/8") from error


def _address(env: Mapping[str, str], name: str) -> str:
    url = env.get(name) or ""
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise BadSetting(f"{name} must be an address that begins with https://")
    return url
