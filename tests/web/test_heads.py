"""Heads of the audit chain, told to the outside: by notice, e-mail and hand-over sheet; and what they prove later."""

import json
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from email import message_from_string

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from crew_app.cli import crew
from crew_app.config import BadSetting, read_settings
from crew_app.core.chain_heads import ToldHead
from crew_app.core.clock import now
from crew_app.core.db import session
from crew_app.notifications.models import Notice
from crew_app.notifications.rules import Channel, Topic, wanted_by_default
from crew_app.web.heads import tell_heads
from crew_app.web.notices import words
from tests.support.client import accepted, some_id
from tests.support.counting import one, sql
from tests.support.keeping import adopt_all, by_hand
from tests.support.notices import round_of
from tests.support.registers import handing, make_post
from tests.support.stubs import Service, letters
from tests.support.tickets import make_ticket

TABLES = ("ticket_events", "chain_links")
ALTERED = "UPDATE ticket_events SET note = 'anders' WHERE verb = 'note'"
CUT = (
    "CREATE TEMP TABLE tail AS SELECT * FROM chain_links ORDER BY at DESC, position DESC LIMIT 2",
    "DELETE FROM chain_links WHERE (chain, position) IN (SELECT chain, position FROM tail)",
    "DELETE FROM ticket_events WHERE id IN (SELECT subject FROM tail)",
    "DELETE FROM receipts WHERE key IN (SELECT subject FROM tail)",
)
CHAINS = 3
"""North, south, and what belongs to no site."""
FORGET = ("DROP TRIGGER chain_heads_no_delete", "DELETE FROM chain_heads")


@pytest.fixture
def story(app, world, sign_in):
    client, ticket = sign_in("technician"), make_ticket(app, world, "accepted")
    for note in ("eins", "zwei"):
        accepted(client.send(f"/tickets/{ticket}/notes", {"note": note}))
    adopt_all(app)
    return ticket


def tell(app, at=None):
    with app.app_context():
        return tell_heads(app.config["SETTINGS"], at or now())


def with_mail(app, url):
    changed = replace(
        app.config["SETTINGS"], smtp_url=url, mail_from="crew@example.org", audit_heads_to=("audit@example.org",)
    )
    app.config["SETTINGS"] = changed


def verify(app, tmp_path, *files):
    """`crew audit verify` on a copy of the installation: the text, and how it ended."""
    data = app.config["SETTINGS"].data
    copy = tmp_path / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    with closing(sqlite3.connect(data / "crew.db")) as found, closing(sqlite3.connect(copy / "crew.db")) as made:
        found.backup(made)
    environment = {"CREW_DATA": str(copy), "DATABASE_URL": "", "CREW_DEMO": ""}
    result = CliRunner().invoke(crew, ["audit", "verify", *files], env=environment)
    return result.output, result.exit_code


def rewrite(app):
    """Everything anew from the altered rows, as somebody with the whole application in hand could."""
    by_hand(app, ALTERED, "DELETE FROM chain_links", tables=TABLES)
    adopt_all(app)


def test_once_a_day_each_chain_is_remembered_and_told_to_whoever_keeps_evidence(app, world, story):
    assert tell(app) == CHAINS
    assert tell(app) == 0
    assert tell(app, now() + timedelta(days=1)) == CHAINS
    query = "SELECT login, COUNT(*) FROM notices n JOIN people p ON p.id = n.person_id WHERE topic = 'audit' GROUP BY 1"
    assert sorted(sql(app, query)) == [("administrator", 2), ("manager", 2), ("outsider", 2)]
    assert one(app, "SELECT COUNT(*) FROM chain_heads") == 2 * CHAINS


def test_a_notice_holds_the_lines_as_the_command_prints_them(app, world, story):
    tell(app)
    with app.test_request_context():
        notice = session.scalars(
            select(Notice).where(Notice.topic == Topic.AUDIT, Notice.person_id == world.people["manager"])
        ).one()
        said = words(notice)
        heads = [f"{row.day} {row.chain} {row.position} {row.hash}" for row in session.scalars(select(ToldHead))]
    assert [line for line in heads if line in said.splitlines()]
    assert len(re.findall(r"^\d{4}-\d\d-\d\d \S+ \d+ [0-9a-f]{64}$", said, re.MULTILINE)) == 2


def test_a_chat_group_that_wants_it_gets_the_same_lines(app, world, sign_in, story):
    with Service().running() as service:
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], outside_hosts=frozenset({"127.0.0.1"}))
        service.answers = [(200, {})]
        fields = {"hook_id": some_id(), "site_id": str(world.sites["north"]), "name": "审计群", "locale": "en"}
        address = service.url.replace("http://", "json://") + "/secret-token"
        accepted(
            sign_in("administrator").send("/notices/groups", fields | {"address": address, "topics": "audit"}), 201
        )
        tell(app)
        assert round_of(app, now()) == 1
    said = json.loads(service.asked[0].body)["message"]
    assert len(re.findall(r"^\d{4}-\d\d-\d\d \S+ \d+ [0-9a-f]{64}$", said, re.MULTILINE)) == 2


def test_the_daily_notice_rings_on_no_phone_unless_somebody_wants_it():
    assert not wanted_by_default(Channel.PUSH, Topic.AUDIT)
    assert wanted_by_default(Channel.PUSH, Topic.JOB)


def test_the_letter_is_a_file_that_the_check_reads(app, story, tmp_path):
    with letters() as server:
        with_mail(app, server.url)
        assert tell(app) == CHAINS + 1
        assert tell(app) == 0
    (letter,) = server.taken
    file = tmp_path / "letter.txt"
    content = message_from_string(letter).get_payload(decode=True)
    file.write_bytes(content)
    text, code = verify(app, tmp_path, "--heads", str(file))
    assert (code, "The chain is whole" in text) == (0, True)
    assert f"Held against {CHAINS} heads told from" in text
    rewrite(app)
    by_hand(app, *FORGET)
    assert verify(app, tmp_path)[1] == 0, "whoever may write everything can make everything fit"
    text, code = verify(app, tmp_path, "--heads", str(file))
    assert code == 1
    assert "another one than what was told" in text or "ends before" in text


def test_a_letter_that_does_not_go_out_is_tried_again(app, story):
    with letters() as server:
        with_mail(app, server.url)
        server.answer = "450 later"
        assert tell(app) == CHAINS
        server.answer = "250 ok"
        assert tell(app) == 1
        assert tell(app) == 0
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        ((ALTERED,), "the row was altered"),
        (CUT, "the chain ends before what was told to the outside"),
    ],
    ids=["altered", "cut"],
)
def test_the_check_asks_the_heads_that_were_told_by_itself(app, story, tmp_path, tamper, named):
    tell(app)
    by_hand(app, *tamper, tables=TABLES)
    text, code = verify(app, tmp_path)
    assert code == 1
    assert named in text


def test_a_chain_written_anew_is_named_by_the_heads_that_were_told(app, story, tmp_path):
    tell(app)
    rewrite(app)
    text, code = verify(app, tmp_path)
    assert code == 1
    assert "another one than what was told" in text or "ends before" in text


def test_told_heads_cannot_be_forgotten_by_a_mere_delete(app, story):
    tell(app)
    with pytest.raises(Exception, match="append-only"):
        by_hand(app, "DELETE FROM chain_heads")


def test_the_hand_over_sheet_prints_heads_that_can_be_typed(app, world, sign_in, story, tmp_path):
    guard = sign_in("guard")
    fields = handing(make_post(app, world))
    accepted(guard.send("/hand-overs", fields), 201)
    page = guard.page(f"/hand-overs/{fields['hand_over_id']}").html
    lines = re.findall(r"<p>(\d{4}-\d\d-\d\d (?:north|-) \d+ [0-9a-f]{12})</p>", page)
    assert len(lines) == 2
    file = tmp_path / "sheet.txt"
    file.write_text("\n".join(lines))
    assert verify(app, tmp_path, "--heads", str(file))[1] == 0
    by_hand(app, *CUT, tables=TABLES)
    text, code = verify(app, tmp_path, "--heads", str(file))
    assert code == 1
    assert "ends before" in text


@pytest.mark.parametrize("wrong", ["nobody", "a@b, c d@e.org", "@example.org"])
def test_addresses_that_cannot_be_meant_are_refused_by_name(tmp_path, wrong):
    env = {"CREW_DATA": str(tmp_path), "SMTP_URL": "smtp://localhost", "MAIL_FROM": "crew@example.org"}
    with pytest.raises(BadSetting, match="AUDIT_HEADS_TO"):
        read_settings(env | {"AUDIT_HEADS_TO": wrong})


def test_addresses_need_a_mail_server(tmp_path):
    with pytest.raises(BadSetting, match="SMTP_URL"):
        read_settings({"CREW_DATA": str(tmp_path), "AUDIT_HEADS_TO": "audit@example.org"})
    env = {"CREW_DATA": str(tmp_path), "SMTP_URL": "smtp://localhost", "MAIL_FROM": "crew@example.org"}
    assert read_settings(env | {"AUDIT_HEADS_TO": "a@b.org, c@d.org"}).audit_heads_to == ("a@b.org", "c@d.org")


def test_without_asking_told_heads_a_cut_tail_goes_unseen(app, story, tmp_path, monkeypatch):
    tell(app)
    by_hand(app, *CUT, tables=TABLES)
    monkeypatch.setattr("crew_app.core.chain_checks.told_heads", list)
    assert verify(app, tmp_path)[1] == 0
