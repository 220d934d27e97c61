"""A local certificate, so that phones on the same network may use the camera."""

import ipaddress
import os
import socket
from pathlib import Path

import trustme


def make_certificate(certificate: Path, key: Path, host: str) -> None:
    """Write a certificate for this machine's names and addresses, with a chain of its own, and its key."""
    authority = trustme.CA(organization_name="crew_app")
    issued = authority.issue_cert(
        *sorted({"localhost", "127.0.0.1", own_address(), socket.gethostname(), *_named(host)})
    )
    descriptor = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(issued.private_key_pem.bytes())
    certificate.write_bytes(b"".join(part.bytes() for part in issued.cert_chain_pems))
    authority.cert_pem.write_to_path(certificate.with_name("authority.pem"))


def own_address() -> str:
    """This machine's address on the local network; 127.0.0.1 when it has none. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def _named(host: str) -> set[str]:
    try:
        return set() if ipaddress.ip_address(host).is_unspecified else {host}
    except ValueError:
        return {host}
