"""What the doctor's tests share."""

import pytest

from crew_app.cli import checkup
from tests.support.database import SECRET_KEY
from tests.support.keeping import add_photo, photo_of
from tests.support.tickets import make_ticket

EMPTY = ("DATABASE_URL", "PHOTO_STORE", "SECRET_KEY", "PUBLIC_URL", "TRUSTED_PROXIES", "CREW_DEMO", "CREW_HTTPS")


@pytest.fixture
def examined(app, tmp_path, monkeypatch):
    """What the doctor says of one check: state, sentence, step."""
    tmp_path.chmod(0o700)
    monkeypatch.setenv("CREW_DATA", str(tmp_path))
    for name in EMPTY:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "secret_key").write_text(SECRET_KEY)
    (tmp_path / "secret_key").chmod(0o600)
    every = dict(checkup.CHECKS)

    def look(*names, deep=False, backups=None):
        monkeypatch.setattr(checkup, "CHECKS", {name: every[name] for name in names if name in every})
        found = checkup.examine(deep=deep, backups=backups)
        return [one for one in found if one.check in names]

    return look


@pytest.fixture
def photo(app, world, sign_in):
    return photo_of(app, add_photo(sign_in("technician"), make_ticket(app, world, "verified"))).sha256
