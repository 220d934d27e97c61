"""The local certificate, with which phones on the same network may use the camera."""

import ipaddress
import stat

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from crew_app.web import certificate
from crew_app.web.certificate import make_certificate


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """The address of this machine is asked of the network, which tests have none of."""
    monkeypatch.setattr(certificate, "own_address", lambda: "192.0.2.7")


def names(path):
    issued = x509.load_pem_x509_certificate(path.read_bytes())
    extension = issued.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME)
    found = extension.value
    assert isinstance(found, x509.SubjectAlternativeName)
    return set(found.get_values_for_type(x509.DNSName)), set(found.get_values_for_type(x509.IPAddress))


def test_it_is_good_for_this_machine_by_name_and_address(tmp_path):
    make_certificate(tmp_path / "server.pem", tmp_path / "server.key", "0.0.0.0")  # noqa: S104 - every address
    hosts, addresses = names(tmp_path / "server.pem")
    assert "localhost" in hosts
    assert {ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("192.0.2.7")} <= addresses
    assert ipaddress.ip_address("0.0.0.0") not in addresses  # noqa: S104 - that is no address of anything


def test_it_is_good_for_a_name_that_is_asked_for(tmp_path):
    make_certificate(tmp_path / "server.pem", tmp_path / "server.key", "crew.local")
    assert "crew.local" in names(tmp_path / "server.pem")[0]


def test_nobody_else_reads_the_key_and_the_chain_is_there(tmp_path):
    make_certificate(tmp_path / "server.pem", tmp_path / "server.key", "localhost")
    assert stat.S_IMODE((tmp_path / "server.key").stat().st_mode) == 0o600
    assert b"PRIVATE KEY" not in (tmp_path / "server.pem").read_bytes()
    authority = x509.load_pem_x509_certificate((tmp_path / "authority.pem").read_bytes())
    assert authority.subject == authority.issuer
