"""A port that another server has is not shared with it."""

import socket

import pytest
from click.testing import CliRunner

from crew_app.cli import crew


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_that_is_taken_is_named_before_anything_is_made(command, tmp_path, monkeypatch):
    monkeypatch.setenv("CREW_DATA", str(tmp_path / "data"))
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = CliRunner().invoke(crew, [command, "--host", "127.0.0.1", "--port", port])
    assert done.exit_code == 1
    assert port in done.output
    assert not (tmp_path / "data").exists()
