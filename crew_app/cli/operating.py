"""Commands for whoever keeps the service running: options and help only."""

import sys
from collections.abc import Callable
from typing import Any

import click


def register(crew: click.Group, database: click.Group, with_app: Callable[..., Any]) -> None:
    """Add them to `crew`."""
    crew.add_command(click.command("check")(with_app(check)))
    crew.add_command(click.command("hosts")(with_app(hosts)))
    options = (
        click.argument("to_url"),
        click.option("--yes", is_flag=True, help="The service is stopped, and may stay so until this is done."),
    )
    copied = with_app(copy)
    for option in options:
        copied = option(copied)
    database.add_command(click.command("copy")(copied))


def check() -> None:
    """Prove stock books and audit chain and keep the result; ends with 1 when something does not fit."""
    from crew_app.cli.checking import run

    sys.exit(1 if run() else 0)


def hosts() -> None:
    """Say which machines serve this database, and what waits on their disks."""
    from crew_app.cli.machines import lines

    for line in lines():
        click.echo(line)


def copy(to_url: str, *, yes: bool) -> None:
    """Copy this database into an empty PostgreSQL database (postgresql://user:password@host/name)."""
    from crew_app.cli.moving import copy_to

    if not yes:
        raise click.ClickException(
            "Stop the service first: what is written meanwhile would be missing. Then add --yes."
        )
    for line in copy_to(to_url):
        click.echo(line)
