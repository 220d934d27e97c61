"""Which store the settings name."""

from crew_app.config import Settings
from crew_app.evidence.s3 import S3
from crew_app.evidence.spool import SpooledStore
from crew_app.evidence.store import LocalStore, Store


def open_store(settings: Settings) -> Store:
    """A folder, or a bucket with a spool in front of it; connects to nothing yet."""
    if settings.bucket is None:
        return LocalStore(settings.photo_store)
    return SpooledStore(settings.photo_store, S3(settings.bucket), settings.photo_cache, wait=settings.wait_for_bucket)
