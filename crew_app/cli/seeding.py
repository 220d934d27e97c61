"""`crew seed`: years of a group of hospitals, to see how the application carries them."""

import json
from datetime import date
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import select

from crew_app.cli.serving import upgrade_database
from crew_app.config import Settings
from crew_app.core.clock import now
from crew_app.core.db import db, session
from crew_app.demo.growth.copies import original
from crew_app.demo.growth.grow import analyse, grow, made
from crew_app.demo.growth.size import Found, Size
from crew_app.demo.load import load_demo
from crew_app.demo.loading.ids import known
from crew_app.demo.people import people
from crew_app.demo.records import ZONE
from crew_app.evidence.opening import open_store
from crew_app.people.models import Person
from crew_app.people.queries import anybody
from crew_app.reports import day_figures

NOTE = "seed.json"


def seed(scale: float) -> None:
    """Fill the database; goes on where it was when the same scale was broken off."""
    settings: Settings = current_app.config["SETTINGS"]
    upgrade_database()
    _refuse_real(settings.data / NOTE, scale)
    words = ", ".join(Size(scale, Found(1, 1, 1)).words())
    click.echo(f"Makes about {words} of {Size(scale, Found(1, 1, 1)).hospitals} hospitals, beside the demo's year.")
    if not anybody():
        click.echo("First the demo hospital …")
        at = now()
        load_demo(db.engine, open_store(settings), at.astimezone(ZONE).date(), now=at)
    session.remove()
    (settings.data / NOTE).write_text(json.dumps({"scale": scale, "begun": str(date.today())}))  # noqa: DTZ011
    grow(db.engine, scale, click.echo)
    click.echo("Counting the days …")
    day_figures.catch_up(now())
    session.remove()
    analyse(db.engine)
    click.echo(", ".join(f"{many:,} {name.replace('_', ' ')}" for name, many in made(db.engine).items()) + ".")


def _refuse_real(note: Path, scale: float) -> None:
    """People who are not of the demo must never find years of invented work among theirs."""
    if anybody() and not _demo():
        raise click.ClickException("this database has people who are not of the demo; nothing was changed")
    if note.exists() and json.loads(note.read_text())["scale"] != scale:
        raise click.ClickException("this database was filled at another scale; nothing was changed")


def _demo() -> bool:
    """Whether everybody is of the demo, or of a hospital that this has made after it."""
    own = {original(known("person", login).hex) for login in people()}
    return all(original(person_id.hex) in own for person_id in session.scalars(select(Person.id)))
