"""The `crew` command."""

import os
import sys
from pathlib import Path
from typing import Any, TextIO

import click
from flask import current_app

from crew_app.backups.troubles import BackupTrouble
from crew_app.cli import operating
from crew_app.cli.running import with_app
from crew_app.cli.safekeeping import backup, doctor, restore
from crew_app.config import BadSetting
from crew_app.core.db import write_transaction
from crew_app.core.errors import CrewError


@click.group()
@click.version_option(package_name="crew-app")
def crew() -> None:
    """Scan, repair, log, photograph, verify: the hospital crew's application."""


def main() -> None:
    """Run the command, with plain words instead of a traceback for what a person can put right."""
    os.umask(0o077)  # the database and the photos are nobody else's business
    try:
        crew()
    except BadSetting as error:
        sys.exit(f"crew: {error}")
    except BackupTrouble as error:
        sys.exit(f"crew: {error}")
    except CrewError as error:
        sys.exit(f"crew: {error.message % error.params if error.params else error.message}")


@crew.group("db")
def database() -> None:
    """The database."""


@database.command()
@with_app
def upgrade() -> None:
    """Bring the database up to the present version."""
    from crew_app.cli.serving import upgrade_database

    upgrade_database()
    click.echo("The database is up to date.")


@crew.group()
def user() -> None:
    """People."""


@user.command("add")
@click.argument("login")
@click.option("--name", default="", help="Name as people say it.")
@click.option("--role", "roles", multiple=True, required=True, help="May be given several times.")
@click.option("--trade", "trades", multiple=True, help="May be given several times.")
@click.option("--site", "site_code", default="", help="Code of the site; made when there is none yet.")
@click.option("--site-name", default="", help="Name of a site that is made.")
@click.password_option(help="Asked for when not given.")
@with_app
def add_user(
    login: str,
    name: str,
    roles: tuple[str, ...],
    trades: tuple[str, ...],
    site_code: str,
    site_name: str,
    password: str,
) -> None:
    """Add a person."""
    from crew_app.cli.people import add
    from crew_app.cli.serving import upgrade_database

    upgrade_database()
    with write_transaction():
        click.echo(add(login, name, roles, trades, site_code, site_name, password))


@user.command("unlock")
@click.argument("login")
@with_app
def unlock_user(login: str) -> None:
    """Let somebody try to sign in again at once, after too many wrong tries."""
    from crew_app.cli.people import unlock

    with write_transaction():
        click.echo(unlock(login))


@user.command("sign-out")
@click.argument("login", default="")
@click.option("--all", "everybody", is_flag=True, help="Everybody, instead of one person.")
@with_app
def sign_out_users(login: str, *, everybody: bool) -> None:
    """End all sign-ins of a person, or of everybody. What waits on phones stays there until they sign in again."""
    from crew_app.cli.people import sign_out

    if everybody == bool(login):
        raise click.UsageError("Give a log-in name, or --all.")
    with write_transaction():
        click.echo(sign_out(login))


@crew.command(hidden=True)
@click.option("--scale", type=click.FloatRange(min=0.0001, max=2), required=True, help="1 is three million jobs.")
@with_app
def seed(scale: float) -> None:
    """Fill an empty or a demo database with years of a group of hospitals."""
    from crew_app.cli.seeding import seed as fill

    fill(scale)


@crew.group()
def ledger() -> None:
    """The stock ledger."""


@ledger.command("check")
@with_app
def check_ledger() -> None:
    """Prove that the books are right; ends with 1 when they are not."""
    from crew_app.cli.ledger import problems, verdict

    count = 0
    for problem in problems():
        click.echo(problem)
        count += 1
    click.echo(verdict(count))
    sys.exit(1 if count else 0)


@crew.group()
def audit() -> None:
    """The audit chain."""


@audit.command("verify")
@click.option("--heads", type=click.File(), help="Lines that `crew audit heads` once printed, kept elsewhere.")
@with_app
def verify_audit(heads: TextIO | None) -> None:
    """Prove that no evidence was altered, deleted, put in, moved or cut off; ends with 1 when some was."""
    from crew_app.cli.audit import problems, read_heads, verdict

    count = 0
    for problem in problems(read_heads(heads or ())):
        click.echo(problem)
        count += 1
    click.echo(verdict(count))
    sys.exit(1 if count else 0)


@audit.command("heads")
@with_app
def show_heads() -> None:
    """Print how far each chain has come, to be kept where nobody of this machine can change it."""
    from crew_app.cli.audit import heads

    for line in heads():
        click.echo(line)


@crew.group()
def store() -> None:
    """The picture store, where photos are in a bucket (PHOTO_STORE=s3://…)."""


@store.command("status")
@with_app
def store_status() -> None:
    """What waits on this machine, and whether the bucket answers."""
    from crew_app.cli.store import status

    for line in status():
        click.echo(line)


@store.command("drain")
@with_app
def drain_store() -> None:
    """Move what waits now; ends with 1 when something is left."""
    from crew_app.cli.store import drain_now

    words, fine = drain_now()
    click.echo(words)
    sys.exit(0 if fine else 1)


@store.command("move")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_app
def move_store(folder: Path) -> None:
    """Copy the photos of a folder into the bucket and check each by its fingerprint; may be repeated."""
    from crew_app.cli.store import move

    fine = True
    for line, good in move(folder):
        click.echo(line)
        fine = fine and good
    sys.exit(0 if fine else 1)


@crew.group()
def rounds() -> None:
    """Rounds and their plans."""


@rounds.command("tick")
@with_app
def tick_once() -> None:
    """Make the runs that are due and mark what was missed, once."""
    from crew_app.web import scheduler

    click.echo(f"Runs made: {scheduler.tick(current_app)}")


@crew.command("import")
@click.argument(
    "subject", type=click.Choice(["departments", "places", "assets", "people", "items", "stock", "templates"])
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--site", "site_code", required=True, help="Code of the site.")
@click.option("--by", "login", default="", help="Log-in of whoever it happens for; else an administrator of the site.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@with_app
def bring_in(subject: str, file: Path, site_code: str, login: str, *, dry_run: bool) -> None:
    """Bring in a list (Excel, CSV), all of it or nothing; repeated, it makes nothing twice."""
    from crew_app.cli.lists import bring

    with current_app.test_request_context():  # words need a language
        for line in bring(subject, file, site_code, login, dry_run=dry_run):
            click.echo(line)


@crew.command("dump")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--site", "site_code", default="", help="Code of the site; else all of them.")
@click.option("--by", "login", default="", help="Log-in of whoever it happens for; photos are logged as fetched.")
@click.option("--csv", "as_csv", is_flag=True, help="Tables as CSV instead of JSON lines.")
@click.option("--photos", is_flag=True, help="With the original photos.")
@with_app
def take_out(file: Path, site_code: str, login: str, *, as_csv: bool, photos: bool) -> None:
    """Write all data into a ZIP, without passwords, PINs, tokens and keys."""
    from crew_app.cli.lists import take_out as write

    click.echo(write(file, site_code, login, "csv" if as_csv else "jsonl", photos=photos))


@crew.command()
@with_app
def worker() -> None:
    """Do the worker's jobs forever, where the servers do not (CREW_SCHEDULER=0)."""
    from threading import Event

    from crew_app.web import scheduler, watching

    app: Any = current_app
    watching.speak(app)
    scheduler.work(app._get_current_object(), Event())  # noqa: SLF001 - Flask's way; threads know no current one


@crew.command()
@click.option("--site", default="", help="Code of the site, where there are several.")
@click.option("--place", default="", help="Code of a place: it and everything below it.")
@click.option("--kind", default="", help="Code of a kind of asset, or place:room, place:floor, place:building.")
@click.option("--department", default="", help="Code of a department.")
@click.option("--only", default="", help="Codes of places, assets or tags, with commas between.")
@click.option("--missing", is_flag=True, help="Only what has no tag yet; with --make-tags.")
@click.option("--retired", is_flag=True, help="Only what had a tag that was retired.")
@click.option("--make-tags", is_flag=True, help="Make a tag for what has none.")
@click.option("--blank", default=0, help="So many blank labels instead, to be claimed by scanning; with --by.")
@click.option("--by", default="", help="Log-in of the person in whose name tags are made.")
@click.option("--stock", default="a4-24", show_default=True, help="a4-24, a4-21, a4-10, a4-8, roll-50x30, roll-40x60.")
@click.option("--first", default=1, show_default=True, help="First label that is left on the first sheet.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The PDF to write.")
@with_app
def labels(stock: str, first: int, out: Path, **asked: Any) -> None:
    """Write labels into a PDF file: of places and assets, or blank ones."""
    from crew_app.cli.labels import Order, setup_of, write

    click.echo(write(Order(**asked), setup_of(stock, first), out))


_HOST = click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True, help="Address to listen on.")
_PORT = click.option("--port", envvar="PORT", default=8000, show_default=True, help="Port to listen on.")
_HTTPS = click.option(
    "--https",
    is_flag=True,
    envvar="HTTPS",
    help="Serve HTTPS with a local certificate, so that phones may use the camera.",
)


@crew.command()
@_HOST
@_PORT
@_HTTPS
@click.option("--workers", default=1, show_default=True, help="Processes.")
def serve(host: str, port: int, workers: int, *, https: bool) -> None:
    """Serve the installation in CREW_DATA."""
    from crew_app.cli.serving import prepare, refuse_taken_port, run

    refuse_taken_port(host, port)
    prepare()
    run(host, port, workers, https=https)


@crew.command()
@_HOST
@_PORT
@_HTTPS
@click.option("--fresh", is_flag=True, help="Throw the present demo data away first.")
@click.option("--no-serve", is_flag=True, help="Only make the data.")
def demo(host: str, port: int, *, https: bool, fresh: bool, no_serve: bool) -> None:
    """Serve a demo hospital; makes its data the first time."""
    from crew_app.cli.demonstration import prepare_demo, welcome
    from crew_app.cli.serving import refuse_taken_port, run

    if not no_serve:
        refuse_taken_port(host, port)
    prepare_demo(fresh=fresh)
    if not no_serve:
        welcome(host, port, https=https)
        run(host, port, 1, https=https)


operating.register(crew, database, with_app)
for command in (backup, restore, doctor):
    crew.add_command(command)


if __name__ == "__main__":
    main()
