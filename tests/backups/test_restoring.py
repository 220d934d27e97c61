"""Bringing backups back: whatever is not right is named, and a folder with something in it is left alone."""

import json

import pytest

from crew_app.backups import manifest as lists
from crew_app.backups.troubles import BackupTrouble
from crew_app.cli import restoring
from tests.support.backups import KEY, Safe, cut, flip
from tests.support.keeping import add_photo, adopt_all, by_hand, photo_of
from tests.support.tickets import make_ticket


@pytest.fixture
def safe(app, tmp_path):
    return Safe(app, tmp_path / "backups")


@pytest.fixture(params=[None, KEY], ids=["open", "sealed"])
def any_safe(request, safe):
    safe.key = request.param
    return safe


@pytest.fixture
def photo(app, world, sign_in):
    sha256 = photo_of(app, add_photo(sign_in("technician"), make_ticket(app, world, "verified"))).sha256
    adopt_all(app)
    return sha256


def named(safe, *words):
    """The one problem that is found has these words."""
    problems = safe.check().problems
    assert any(all(word in problem for word in words) for problem in problems), problems
    return problems


def test_a_bit_that_turned_over_in_a_photo_is_named(any_safe, photo):
    any_safe.make()
    flip(any_safe.file_of(photo))
    assert len(named(any_safe, f"photo original/{photo}", "altered")) == 1


def test_a_photo_that_is_missing_is_named(safe, photo):
    safe.make()
    safe.file_of(photo, "thumb").unlink()
    named(safe, f"photo thumb/{photo}", "missing")


def test_a_photo_that_is_cut_off_is_named(any_safe, photo):
    any_safe.make()
    cut(any_safe.file_of(photo))
    named(any_safe, f"photo original/{photo}", "cut off")


def test_two_photos_that_changed_places_are_named(any_safe, photo):
    any_safe.make()
    one, other = any_safe.file_of(photo), any_safe.file_of(photo, "large")
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    assert len(named(any_safe, f"photo original/{photo}")) > 1


@pytest.mark.parametrize(("harm", "word"), [(flip, "altered"), (cut, "cut off")])
def test_a_part_of_the_database_that_is_not_right_is_named_and_gives_no_database(any_safe, photo, tmp_path, harm, word):
    any_safe.make()
    harm(any_safe.part(1))
    named(any_safe, "part 2 of", "database", word)
    found = any_safe.restore(tmp_path / "new")
    assert found.problems
    assert not (tmp_path / "new" / "crew.db").exists()
    assert any("earlier backup" in note for note in found.notes)


@pytest.mark.parametrize("harm", [flip, cut])
def test_a_list_that_is_not_whole_is_no_backup(any_safe, photo, harm):
    any_safe.make()
    harm(any_safe.newest)
    with pytest.raises(BackupTrouble, match=r"altered|cut off|does not open"):
        any_safe.check()


def test_a_row_of_the_books_that_was_changed_by_hand_is_named(app, safe, photo):
    """Changed in the installation: the backup is whole, and restoring says what is wrong with what is in it."""
    by_hand(app, "UPDATE moves SET quantity = quantity + 1000", tables=("moves",))
    safe.make()
    problems = named(safe, "altered")
    assert any("balance" in problem for problem in problems)


def test_a_row_of_evidence_that_was_changed_by_hand_is_named(app, safe, photo):
    by_hand(app, "UPDATE ticket_events SET note = 'anders' WHERE verb = 'finish'", tables=("ticket_events",))
    safe.make()
    named(safe, "the row was altered", "event")


def test_a_database_that_is_not_the_one_of_the_list_is_named(app, safe, photo, monkeypatch):
    """The sabotage: what was said of the database is compared with what came back."""
    safe.make()
    counts = lists.read(safe.newest, safe.key)
    counts.counts["people"] += 1
    counts.heads[0][1] += 1
    monkeypatch.setattr(lists, "read", lambda *_: counts)
    problems = named(safe, "people", "rows instead of")
    assert any("audit chain" in problem for problem in problems)


def test_without_these_comparisons_it_would_pass(app, safe, photo, monkeypatch):
    safe.make()
    counts = lists.read(safe.newest, safe.key)
    counts.counts["people"] += 1
    monkeypatch.setattr(lists, "read", lambda *_: counts)
    monkeypatch.setattr(restoring, "unlike", lambda *_: ())
    assert safe.check().problems == []


def test_a_folder_with_something_in_it_is_left_alone(safe, photo, tmp_path):
    safe.make()
    folder = tmp_path / "busy"
    folder.mkdir()
    (folder / "crew.db").write_text("somebody's")
    with pytest.raises(BackupTrouble, match="is not empty"):
        safe.restore(folder)
    assert [path.name for path in folder.iterdir()] == ["crew.db"]
    assert (folder / "crew.db").read_text() == "somebody's"


def test_one_of_a_newer_program_is_refused(safe, photo, monkeypatch):
    safe.make()
    found = lists.read(safe.newest, safe.key)
    found.revision = "9999"
    monkeypatch.setattr(lists, "read", lambda *_: found)
    with pytest.raises(BackupTrouble, match="newer version"):
        safe.check()


def test_a_list_in_the_open_can_be_read_by_people(app, photo, tmp_path):
    safe = Safe(app, tmp_path / "backups")
    safe.make()
    first, said = safe.newest.read_bytes().split(b"\n", 1)
    assert first.startswith(b"CREW-BACKUP ")
    assert json.loads(said)["photos"] == 1


def test_an_earlier_one_can_be_named(app, world, sign_in, safe, photo, tmp_path):
    first = safe.make().path
    add_photo(sign_in("technician"), make_ticket(app, world, "accepted"))
    safe.make()
    assert restoring.restore(first, tmp_path / "new", safe.key).manifest.photos == 1
