"""The worker looks at photos that arrived: what it flags, what it leaves alone, what cannot stop it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from crew_app.core.clock import moment
from crew_app.core.db import session, write_transaction
from crew_app.core.errors import Unavailable
from crew_app.evidence import darkroom, looking, searching
from crew_app.evidence.models import Photo, PhotoSource
from crew_app.evidence.proof_models import PhotoFlag, PhotoPrint
from crew_app.tickets.models import Ticket
from tests.bench.copies import COPIES
from tests.support.evidence import Camera, challenge, jpeg_of, shot
from tests.support.tickets import make_ticket

COPY = jpeg_of(COPIES["cropped to 0.9"](shot(11), Random(4)))


@pytest.fixture
def camera(app, world):
    return Camera(app, world)


@pytest.fixture
def any_camera(any_app, any_world):
    return Camera(any_app, any_world)


def test_the_same_picture_on_another_job_is_flagged_on_the_later_one(any_app, any_world, any_camera):
    first, second = (make_ticket(any_app, any_world, "accepted") for _ in range(2))
    original = any_camera.take(first, "after", jpeg_of(shot(11)))
    other = any_camera.take(second, "after", jpeg_of(shot(13)))
    copied = any_camera.take(second, "after", COPY)
    assert any_camera.look() == 3
    assert any_camera.flags() == {(copied, "same_picture", original)}
    assert any_camera.look() == 0
    with any_app.app_context():
        assert session.query(PhotoPrint).filter_by(photo_id=other).count() == 12


def test_without_the_search_nothing_of_it_is_seen(app, world, camera, monkeypatch):
    """Sabotage: prints are not searched for."""
    monkeypatch.setattr(searching, "candidates", lambda *_: [])
    for data in (jpeg_of(shot(11)), COPY):
        camera.take(make_ticket(app, world, "accepted"), "after", data)
    camera.look()
    assert camera.flags() == set()


def test_equal_bytes_count_also_where_no_print_could_be_made(app, world, camera, monkeypatch):
    monkeypatch.setattr(looking, "see", _fail)
    first, second = (camera.take(make_ticket(app, world, "accepted"), "after", COPY) for _ in range(2))
    assert camera.look() == 2
    assert camera.flags() == {(second, "same_picture", first)}


def test_another_picture_of_the_same_thing_is_no_copy(app, world, camera):
    for number in (1, 2, 3):
        camera.take(make_ticket(app, world, "accepted"), "after", jpeg_of(shot(11, number)))
    camera.look()
    assert camera.flags() == set()


@pytest.mark.parametrize("role", ["before", "report"])
def test_after_must_not_be_the_picture_from_before(app, world, camera, role):
    ticket = make_ticket(app, world, "accepted")
    before = camera.take(ticket, role, jpeg_of(shot(11)))
    after = camera.take(ticket, "after", COPY)
    camera.look()
    assert camera.flags() == {(after, "same_as_before", before)}


def test_the_reporters_picture_may_be_the_picture_before(app, world, camera):
    ticket = make_ticket(app, world, "accepted")
    camera.take(ticket, "report", jpeg_of(shot(11)), by=None, source=PhotoSource.FILE)
    camera.take(ticket, "before", jpeg_of(shot(11), 60))
    camera.look()
    assert camera.flags() == set()


def test_marks_on_a_picture_are_no_copy_of_it(app, world, camera):
    ticket = make_ticket(app, world, "finished")
    after = camera.take(ticket, "after", jpeg_of(shot(11)))
    marked = jpeg_of(COPIES["marked"](shot(11), Random(2)))
    camera.take(ticket, "return", marked, by="supervisor", copy_of_id=after)
    camera.take(make_ticket(app, world, "accepted"), "after", jpeg_of(shot(11), 70), copy_of_id=after)
    camera.look()
    assert camera.flags() == set()


def test_pictures_of_another_site_are_not_compared(app, world, camera):
    south = make_ticket(app, world, "accepted", place="south-room", owner="southerner", reporter="southerner")
    camera.take(south, "after", jpeg_of(shot(11)), by="southerner")
    camera.take(make_ticket(app, world, "accepted"), "after", jpeg_of(shot(11)))
    camera.look()
    assert camera.flags() == set()


def test_bytes_that_come_late_do_not_make_the_first_picture_the_copy(app, world, camera):
    first, second = (make_ticket(app, world, "accepted") for _ in range(2))
    data, earlier = jpeg_of(shot(11)), datetime.now(UTC) - timedelta(hours=1)
    original = camera.take(first, "after", data, at=earlier, stored=False)
    copied = camera.take(second, "after", COPY)
    camera.look()
    assert camera.flags() == set()
    camera.arrive(original, data)
    camera.look()
    assert camera.flags() == {(copied, "same_picture", original)}


def test_a_photo_that_was_held_is_looked_at_again_when_its_job_is_known(app, world, camera):
    photo = camera.take(make_ticket(app, world, "accepted"), "after", COPY, source=PhotoSource.GALLERY)
    with app.app_context(), write_transaction():
        session.get_one(Photo, photo).looked_at = datetime.now(UTC)
    assert camera.look() == 0
    with app.app_context(), write_transaction():
        session.get_one(Photo, photo).looked_at = None
    assert camera.look() == 1
    assert camera.flags() == {(photo, "gallery", None)}
    with app.app_context(), write_transaction():
        session.get_one(Photo, photo).looked_at = None
    camera.look()
    assert camera.flags() == {(photo, "gallery", None)}, "doing it twice changes nothing"


def test_a_broken_picture_and_a_lost_one_do_not_stop_those_behind_them(app, world, camera):
    tickets = [make_ticket(app, world, "accepted") for _ in range(3)]
    for ticket, number in zip(tickets, (11, 13, 15), strict=True):
        camera.take(ticket, "after", jpeg_of(shot(number)))
    paths = sorted((camera.store.root / "large").rglob("*"), key=lambda path: path.is_dir())[:2]
    paths[0].write_bytes(b"no picture")
    paths[1].unlink()
    for path in (camera.store.root / "original").rglob(paths[1].name):
        path.unlink()
    assert camera.look() == 3
    with app.app_context():
        assert session.query(PhotoPrint.photo_id).distinct().count() == 1


def test_a_store_that_is_down_is_asked_again(app, world, camera, monkeypatch):
    camera.take(make_ticket(app, world, "accepted"), "after", COPY)
    with monkeypatch.context() as patch:
        patch.setattr(type(camera.store), "get", _down)
        assert camera.look() == 0
    assert camera.look() == 1


class FullLine:
    """A line in which there is a place for whoever waits for one, and none at once."""

    def acquire(self, *, blocking=True):
        return blocking

    def release(self):
        pass


def test_a_photo_waits_while_many_are_arriving_and_is_not_passed_over(app, world, camera, monkeypatch):
    camera.take(make_ticket(app, world, "accepted"), "after", COPY)
    monkeypatch.setattr(darkroom.present(), "line", FullLine())
    with pytest.raises(Unavailable):
        darkroom.develop(len, b"")
    assert camera.look() == 1
    with app.app_context():
        assert session.query(PhotoPrint.photo_id).distinct().count() == 1


def test_others_hear_of_flags_in_the_same_transaction(app, world, camera, monkeypatch):
    heard: list[tuple[object, list[str]]] = []
    monkeypatch.setattr(looking, "AFTER_FLAG", [_hearing(heard)])
    photo = camera.take(make_ticket(app, world, "accepted"), "after", COPY, source=PhotoSource.GALLERY)
    camera.look()
    assert heard == [(photo, ["gallery"])]


def test_a_picture_older_than_its_job_is_flagged_and_one_written_down_later_is_not(app, world, camera):
    at = datetime.now(UTC)
    old = camera.take(make_ticket(app, world, "accepted"), "after", COPY, at=_taken(at, at - timedelta(hours=9)))
    camera.take(make_ticket(app, world, "accepted"), "after", jpeg_of(shot(13)))
    spot = make_ticket(app, world, "accepted")
    with app.app_context(), write_transaction():
        _ticket(spot).on_the_spot = True
    camera.take(spot, "after", jpeg_of(shot(15)), at=_taken(at, at - timedelta(hours=9)))
    camera.look()
    assert camera.flags() == {(old, "older", None)}


def test_without_a_challenge_only_where_phones_answer_them(app, world, camera):
    live = {"source": PhotoSource.LIVE}
    camera.take(make_ticket(app, world, "accepted"), "after", jpeg_of(shot(11)), **live)
    answered = make_ticket(app, world, "accepted")
    camera.take(answered, "after", jpeg_of(shot(13)), challenge=challenge(), **live)
    without = camera.take(make_ticket(app, world, "accepted"), "after", jpeg_of(shot(15)), **live)
    camera.look()
    assert camera.flags() == {(without, "unchallenged", None)}


def test_a_time_before_its_challenge_is_flagged(app, world, camera):
    at = datetime.now(UTC)
    early = at - timedelta(minutes=9)
    ticket = make_ticket(app, world, "accepted", at=at - timedelta(hours=1))
    photo = camera.take(
        ticket, "after", COPY, at=_taken(at, early), source=PhotoSource.LIVE, taken_at=early, challenge=challenge()
    )
    camera.look()
    assert camera.flags() == {(photo, "clock", None)}


def test_prints_of_a_photo_can_be_forgotten(any_app, any_world, any_camera):
    photo = any_camera.take(make_ticket(any_app, any_world, "accepted"), "after", COPY)
    any_camera.look()
    with any_app.app_context():
        with write_transaction():
            searching.forget([photo])
        assert session.query(PhotoPrint).count() == 0
        assert session.query(PhotoFlag).count() == 0


def _fail(*_arguments):
    raise RuntimeError("the darkroom is out of order")


def _down(*_arguments):
    raise ConnectionError("the store does not answer")


def _hearing(heard: list[tuple[object, list[str]]]) -> Callable[..., None]:
    def hear(photo, flags):
        assert session().in_transaction()
        heard.append((photo.id, [flag.kind.value for flag in flags]))

    return hear


def _taken(received: datetime, at: datetime):
    """A command that arrived just now with what a phone recorded then."""
    return moment(received, at, received)


def _ticket(ticket_id):
    return session.get_one(Ticket, ticket_id)
