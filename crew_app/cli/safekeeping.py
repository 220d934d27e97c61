"""`crew backup`, `crew restore`, `crew doctor`: options and help; the work is in modules beside it."""

import sys
from pathlib import Path

import click

from crew_app.cli.running import with_app

_KEY_FILE = click.option(
    "--key-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File with the key that backups are encrypted with; else BACKUP_KEY; without either they are not.",
)


@click.command()
@click.argument("target", type=click.Path(file_okay=False, path_type=Path))
@_KEY_FILE
@click.option("--keep", default=0, help="Remove older ones than the newest so many.")
@click.option("--bucket", "copy_bucket", is_flag=True, help="With the photos that are in the bucket, each once.")
@click.option("--follow", "every", default=0.0, help="Go on: one every so many seconds; with --keep.")
@with_app
def backup(target: Path, key_file: Path | None, keep: int, every: float, *, copy_bucket: bool) -> None:
    """Back up database, photos and keys into the folder TARGET while the service runs; ends with 1 on faults."""
    from crew_app.cli.backups import back_up, follow, key_of, order

    if every and not keep:
        raise click.UsageError("--follow needs --keep: how many backups stay.")
    key = key_of(key_file)
    if every:
        follow(lambda: order(target, key, copy_bucket=copy_bucket, quick=True), every, keep, click.echo)
    lines, fine = back_up(order(target, key, copy_bucket=copy_bucket), keep)
    for line in lines:
        click.echo(line)
    sys.exit(0 if fine else 1)


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder that is empty or not there yet.")
@click.option("--check", "only_check", is_flag=True, help="Prove that it can be restored, and keep nothing.")
@click.option("--database", default="", help="Empty PostgreSQL database for a dump; with --check one on that server.")
@_KEY_FILE
def restore(source: Path, folder: Path | None, database: str, key_file: Path | None, *, only_check: bool) -> None:
    """Bring back the newest backup in the folder SOURCE, or the one named; ends with 1 when something is wrong."""
    from crew_app.cli.backups import key_of
    from crew_app.cli.restoring import check
    from crew_app.cli.restoring import restore as bring_back

    if only_check == (folder is not None):
        raise click.UsageError("Give either --to FOLDER or --check.")
    key = key_of(key_file)
    found = bring_back(source, folder.resolve(), key, database) if folder else check(source, key, database)
    for line in found.words(f"Restored into {folder}" if folder else "Checked, nothing kept"):
        click.echo(line)
    sys.exit(1 if found.problems else 0)


@click.command()
@click.option("--deep", is_flag=True, help="Every photo and every row instead of a sample; takes long.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@click.option("--backups", type=click.Path(path_type=Path), help="Folder of the backups, else where the last one went.")
def doctor(backups: Path | None, *, deep: bool, as_json: bool) -> None:
    """Say what is wrong with this installation and what to do; ends with 1 when something fails."""
    from crew_app.cli.checkup import examine, lines

    found = examine(deep=deep, backups=backups)
    for line in lines(found, as_json=as_json):
        click.echo(line)
    sys.exit(1 if any(one.failed for one in found) else 0)
