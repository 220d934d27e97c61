"""Secrets stay where they belong: not in what is printed, logged, shown or taken out; a file is its owner's alone."""

import re
import stat

from crew_app import config
from crew_app.config import Bucket, Oidc, Settings, WeCom
from crew_app.core.db import Base
from crew_app.exports import tables
from tests.security.tally import count
from tests.support.client import SAME_ORIGIN
from tests.support.people import PASSWORD

SECRET = re.compile(r"password|secret|token|hash|private|sealed|\bpin\b|_key$|^key$|seed|nonce", re.IGNORECASE)
NO_SECRETS = re.compile(
    r"\.(receipt_key|check_key|step_key|discarded_key|plate_key)$|^(chain_links|ledger_entries)\.hash$|^visits\.frame_hash$"
    r"|^(escalation_steps|held_entries|notices|receipts|run_stops|site_words)\.key$|^people\.must_change_password$"
)
"""Sounds like a secret and is none: what one row is known by, fingerprints."""


def test_settings_can_be_printed_without_telling_secrets(tmp_path):
    bucket = Bucket("b", "", "", "", "id-told", "secret-told")
    oidc, wecom = Oidc("https://x.example", "c", "secret-told"), WeCom("c", "a", "secret-told")
    for one in (bucket, oidc, wecom):
        assert "told" not in repr(one)
    told = Settings(
        data=tmp_path,
        database_url="postgresql+psycopg://crew:secret-told@db/crew",
        photo_store=tmp_path,
        secret_key="secret-told" * 4,
        bucket=bucket,
        smtp_url="smtp://me:secret-told@mail",
        oidc=oidc,
        wecom=wecom,
    )
    assert "told" not in repr(told), repr(told)


def test_the_key_that_is_made_is_readable_by_its_owner_alone(tmp_path):
    settings = config.read_settings({"CREW_DATA": str(tmp_path)})
    mode = stat.S_IMODE((tmp_path / "secret_key").stat().st_mode)
    assert mode == 0o600
    assert len(settings.secret_key) == 64


def test_every_column_that_could_open_something_stays_out_of_the_dump():
    """Looked for by name among all tables, so that a new one is noticed."""
    told = [f"{plan.name}.{column.name}" for plan in tables.plans() for column in plan.columns]
    found = [name for name in told if SECRET.search(name.partition(".")[2]) and not NO_SECRETS.search(name)]
    assert len(Base.metadata.tables) > 100
    count("secrets", columns=len(told))
    assert found == []


def test_no_answer_repeats_a_password(stranger, sign_in, caplog):
    stranger.lints = False
    typed = "Ein-Geheimnis-4711"
    answers = [
        stranger.post("/login", data={"login": "technician", "password": typed}, headers=SAME_ORIGIN),
        stranger.get("/login", query_string={"password": typed}),
        sign_in("technician").post("/password", data={"current": typed, "password": typed}, headers=SAME_ORIGIN),
        sign_in("technician").post("/pin", data={"current": typed, "pin": "7293"}, headers=SAME_ORIGIN),
    ]
    count("secrets", answers=len(answers))
    assert not [one for one in answers if typed in one.text]
    assert typed not in caplog.text


def test_an_error_tells_nothing_of_the_inside(app, stranger, monkeypatch, caplog):
    def broken():
        own_secret = PASSWORD + "-told"
        raise RuntimeError(f"within {len(own_secret)}")

    monkeypatch.setitem(app.view_functions, "health.alive", broken)
    broken.access_rule = "public"  # type: ignore[attr-defined]
    stranger.lints = False
    answer = stranger.get("/healthz")
    assert answer.status_code == 500
    assert "RuntimeError" not in answer.text
    assert "within" not in answer.text
    assert f"{PASSWORD}-told" not in caplog.text
