"""The demo hospital: its data, and the words that greet whoever started it."""

import os
import sys
from pathlib import Path

import click
import qrcode

from crew_app import create_app
from crew_app.cli.serving import upgrade_database
from crew_app.config import read_settings
from crew_app.core.clock import now
from crew_app.core.db import db
from crew_app.demo.people import PASSWORD, SHOWN, people
from crew_app.demo.records import ZONE
from crew_app.evidence.opening import open_store
from crew_app.people.queries import anybody
from crew_app.web.certificate import own_address

FOLDER = Path("demo-data")


def prepare_demo(*, fresh: bool = False) -> None:
    """Make the demo's database and photos when there are none yet."""
    os.environ.setdefault("CREW_DATA", str(FOLDER))
    os.environ["CREW_DEMO"] = "1"
    settings = read_settings()
    if fresh:
        for ending in ("", "-wal", "-shm"):
            (settings.data / f"crew.db{ending}").unlink(missing_ok=True)
    app = create_app(settings)
    with app.app_context():
        upgrade_database()
        if anybody():
            return
        from crew_app.demo.load import load_demo

        click.echo("Making a year of a hospital …")
        at = now()
        at = now()
        today = at.astimezone(ZONE).date()
        load_demo(db.engine, open_store(settings), today, now=at)


def welcome(host: str, port: int, *, https: bool) -> None:
    """Say where it is, for this machine and for a phone on the same network, and who may sign in."""
    scheme = "https" if https else "http"
    click.echo(f"\n  On this machine:   {scheme}://localhost:{port}")
    if host not in ("127.0.0.1", "localhost"):
        address = f"{scheme}://{own_address()}:{port}"
        click.echo(f"  On a phone:        {address}\n")
        symbol = qrcode.QRCode(border=1)
        symbol.add_data(address)
        symbol.print_ascii(out=sys.stdout, invert=True)
    if not https:
        click.echo("  For the camera on a phone: make demo HTTPS=1 HOST=0.0.0.0 (the phone warns once; go on).")
    click.echo(f"\n  Demo log-ins, all with the password {PASSWORD}:")
    for login in SHOWN:
        click.echo(f"    {login:<10}{people()[login].name}  {people()[login].role.value}")
    click.echo("")
