"""A store that speaks S3: the only module that knows obstore."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from crew_app.config import Bucket
from crew_app.core.errors import Unavailable
from crew_app.core.words import N_

TO_CONNECT, TO_ANSWER = "2s", "6s"
_FINGERPRINT = "crew-sha256"
"""Under this name each object carries the fingerprint of its bytes."""


class StoreUnreachable(Unavailable):
    """The store elsewhere does not answer, or not with what was put there; `why` is for the log."""

    def __init__(self, why: str) -> None:
        words = N_("The picture store cannot be reached right now. The photo is safe; please try again later.")
        super().__init__("store-unreachable", words)
        self.why = why


class S3:
    """Objects in a bucket; connects when first used, so that it can be made before a fork."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    @cached_property
    def _store(self) -> S3Store:
        bucket = self._bucket
        return S3Store(
            bucket.name,
            prefix=bucket.prefix or None,
            region=bucket.region,
            access_key_id=bucket.key_id,
            secret_access_key=bucket.secret,
            client_options={"allow_http": True, "connect_timeout": TO_CONNECT, "timeout": TO_ANSWER},
            retry_config={"max_retries": 0},
            config={"endpoint": bucket.endpoint} if bucket.endpoint else None,
        )

    def put(self, key: str, data: bytes) -> None:
        """Put the bytes there and read them again: done when what comes back is what was sent."""
        fingerprint = hashlib.sha256(data).hexdigest()
        try:
            with _in_words():
                obstore.put(self._store, key, data, attributes={_FINGERPRINT: fingerprint}, use_multipart=False)
            back = self.get(key)
        except FileNotFoundError as error:
            raise StoreUnreachable(f"there is no bucket, or {key} is not in it after it was put there") from error
        if back != data:
            raise StoreUnreachable(f"{key} came back as something else")

    def get(self, key: str) -> bytes:
        """The bytes under a key, checked; `FileNotFoundError` when there are none."""
        with _in_words():
            found = obstore.get(self._store, key)
            data = bytes(found.bytes())
            promised = found.attributes.get(_FINGERPRINT) or key.rpartition("/")[2]
        if hashlib.sha256(data).hexdigest() != promised:
            raise StoreUnreachable(f"{key} came back as something else")
        return data

    def has(self, key: str) -> bool:
        """Whether there are bytes under a key."""
        try:
            with _in_words():
                obstore.head(self._store, key)
        except FileNotFoundError:
            return False
        return True

    def delete(self, key: str) -> None:
        """Forget the bytes under a key; doing it again changes nothing."""
        try:
            with _in_words():
                obstore.delete(self._store, key)
        except FileNotFoundError:
            return


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError, ValueError) as error:
        raise StoreUnreachable(str(error).partition("\n")[0][:200]) from None
