"""The picture store: what waits, moving it now, and moving a whole installation into a bucket."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app

from crew_app.core.clock import now
from crew_app.evidence.draining import drain
from crew_app.evidence.s3 import StoreUnreachable
from crew_app.evidence.spool import SpooledStore, key_of, waiting
from crew_app.evidence.store import LocalStore

_PROBE = "original/" + "0" * 64


def in_bucket() -> SpooledStore:
    """The store; refused where photos are in a folder."""
    store = current_app.extensions["crew_store"]
    if not isinstance(store, SpooledStore):
        raise click.ClickException("Photos are kept in a folder (PHOTO_STORE); there is nothing to move.")
    return store


def status() -> Iterator[str]:
    """What waits, since when, and whether the bucket answers."""
    store = in_bucket()
    waits = store.waits()
    if waits and waits.since:
        minutes = (now() - waits.since).total_seconds() / 60
        yield f"waiting: {waits.files} files, {waits.size / 1e6:.1f} MB, the oldest for {minutes:.0f} min"
    else:
        yield "waiting: nothing"
    try:
        store.s3.has(_PROBE)
    except StoreUnreachable as error:
        yield f"bucket: does not answer ({error.why})"
    else:
        yield "bucket: answers"


def drain_now() -> tuple[str, bool]:
    """Move what waits; words, and whether nothing is left."""
    done = drain(in_bucket())
    if done.elsewhere:
        return "The server is moving them already.", True
    words = f"Moved: {done.moved}. Deleted: {done.deleted}. Damaged here: {done.damaged}."
    trouble = f" Stopped: {done.trouble}." if done.trouble else ""
    return words + trouble, not (done.trouble or done.damaged)


def move(folder: Path) -> Iterator[tuple[str, bool]]:
    """Copy every file of a folder into the bucket, checked by fingerprint; words about what is wrong, then a sum."""
    store, moved, known, bad = in_bucket(), 0, 0, 0
    for path in waiting(LocalStore(folder)):
        key, data = key_of(path), path.read_bytes()
        if key.startswith("original/") and hashlib.sha256(data).hexdigest() != path.name:
            bad += 1
            yield f"{path}: its bytes are not those of its fingerprint; left out", False
        elif _is_there(store, key, data):
            known += 1
        else:
            store.s3.put(key, data)
            moved += 1
    yield f"Copied: {moved}. There already: {known}. Left out: {bad}. The folder stays as it is.", bad == 0


def _is_there(store: SpooledStore, key: str, data: bytes) -> bool:
    try:
        return store.s3.get(key) == data
    except FileNotFoundError:
        return False
