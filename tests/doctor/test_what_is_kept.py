"""`crew doctor` on what must be kept and must get out: worker, evidence, books, photos, backups, notices."""

import os
from datetime import timedelta

import pytest
from cryptography import x509

from crew_app.cli.checkup import keeping
from crew_app.cli.checkup.findings import Health
from crew_app.connections.models import SendState, Webhook, WebhookMessage
from crew_app.core import heartbeat
from crew_app.core.clock import now
from crew_app.core.db import session, write_transaction
from crew_app.notifications.delivery_models import NoticeDelivery
from crew_app.notifications.models import Notice
from crew_app.notifications.rules import Channel, Stand, Topic
from crew_app.web.certificate import make_certificate
from tests.support.backups import Safe, flip
from tests.support.doctor import named
from tests.support.keeping import adopt_all, by_hand


@pytest.mark.parametrize(("ago", "word"), [(timedelta(hours=1), "silent since"), (-timedelta(hours=1), "set back")])
def test_a_worker_that_is_silent(app, examined, ago, word):
    named(examined("worker"), Health.FAIL, "never heard of", "crew worker")
    with app.app_context(), write_transaction():
        heartbeat.beat(now() - ago, "there 7")
    named(examined("worker"), Health.FAIL, word)


@pytest.mark.parametrize("deep", [False, True])
def test_evidence_that_was_altered(app, photo, examined, deep):
    adopt_all(app)
    named(examined("audit-chain", deep=deep), Health.OK, "fits")
    by_hand(app, "UPDATE ticket_events SET note = 'anders' WHERE verb = 'finish'", tables=("ticket_events",))
    named(examined("audit-chain", deep=deep), Health.FAIL, "the row was altered", "crew audit verify")


def test_books_that_are_wrong(app, examined):
    by_hand(app, "UPDATE balances SET quantity = quantity + 1000 WHERE rowid = 1")
    named(examined("books"), Health.FAIL, "crew ledger check")


def test_a_photo_that_is_missing_or_damaged(examined, photo, tmp_path):
    path = tmp_path / "photos" / "original" / photo[:2] / photo
    flip(path)
    named(examined("photos"), Health.FAIL, f"original/{photo} is damaged", "crew restore")
    path.unlink()
    named(examined("photos"), Health.FAIL, f"original/{photo} is missing")


def test_backups_that_are_old_or_not_there(app, examined, tmp_path):
    named(examined("backups"), Health.FAIL, "There is no backup", "crew backup")
    named(examined("backups", backups=tmp_path / "nowhere"), Health.FAIL, "nowhere")
    made = Safe(app, tmp_path / "backups").make().path
    named(examined("backups"), Health.OK, "0 hours old")
    named(examined("backups"), Health.WARN, "on the disk of the data", "another disk")
    made.unlink()
    named(examined("backups"), Health.WARN, "cannot be seen from here")
    for hours, health in ((30, Health.WARN), (60, Health.FAIL)):
        at = now() - timedelta(hours=hours)
        (tmp_path / "backups" / at.strftime("%Y-%m-%dT%H-%M-%S.%fZ.backup")).touch()
        named(examined("backups", backups=tmp_path / "backups"), health, f"{hours} hours old")
        next((tmp_path / "backups").glob("*.backup")).unlink()


def test_a_certificate_that_ends(examined, monkeypatch, tmp_path):
    monkeypatch.setenv("CREW_HTTPS", "1")
    monkeypatch.setattr("crew_app.web.certificate.own_address", lambda: "127.0.0.1")
    folder = tmp_path / "certificate"
    folder.mkdir()
    make_certificate(folder / "server.pem", folder / "server.key", "crew.example.org")
    for left, health in ((99999, Health.OK), (20, Health.WARN), (3, Health.FAIL)):
        ends = x509.load_pem_x509_certificate((folder / "server.pem").read_bytes()).not_valid_after_utc
        at = now() if left == 99999 else ends - timedelta(days=left)
        monkeypatch.setattr(keeping, "now", lambda at=at: at)
        named(examined("certificate"), health, "good until")


def test_a_proxy_that_does_not_answer(examined, monkeypatch):
    monkeypatch.setenv("PUBLIC_URL", "https://127.0.0.1:9")
    named(examined("certificate"), Health.WARN, "cannot be asked", "proxy")


def test_notices_that_did_not_get_out(app, world, examined):
    with app.app_context(), write_transaction():
        site, person = world.sites["north"], world.people["technician"]
        notice = Notice(site_id=site, person_id=person, topic=Topic.JOB, key="k", title="x", made_at=now())
        session.add(notice)
        session.flush()
        common = {"site_id": site, "notice_id": notice.id, "due_at": now() - timedelta(hours=1)}
        dead = {"stand": Stand.DEAD, "done_at": now()}
        session.add(NoticeDelivery(channel=Channel.MAIL, target=person, **common, **dead))
        session.add(NoticeDelivery(channel=Channel.PUSH, target=person, **common))
    named(examined("notices"), Health.WARN, "given up lately: mail 1", "SMTP_URL")
    named(examined("notices"), Health.WARN, "1 wait")


def test_webhooks_that_did_not_get_out(app, world, examined):
    with app.app_context(), write_transaction():
        site = world.sites["north"]
        hook = Webhook(site_id=site, name="x", url="https://x.example", secret="s", topics="t", made_at=now())
        hook.made_by_id = world.people["administrator"]
        session.add(hook)
        session.flush()
        common = {"site_id": site, "webhook_id": hook.id, "topic": "t", "subject": "s", "body": "{}", "next_at": now()}
        session.add(WebhookMessage(state=SendState.GIVEN_UP, made_at=now(), **common))
    named(examined("webhooks"), Health.WARN, "messages 1", "Other systems")


def test_a_bucket_that_does_not_answer(app, examined, far, monkeypatch, tmp_path):
    for name, value in far.environment.items():
        monkeypatch.setenv(name, value)
    named(examined("bucket"), Health.OK, "answers")
    far.proxy.refuse()
    old = tmp_path / "spool" / "waiting" / "original" / "ab" / ("ab" * 32)
    old.parent.mkdir(parents=True)
    old.write_bytes(b"x")
    os.utime(old, (0, 0))
    found = examined("bucket")
    named(found, Health.FAIL, "does not answer", "S3_ENDPOINT")
    named(found, Health.FAIL, "1 files wait", "crew store drain")
    assert "secret" not in repr(found)
