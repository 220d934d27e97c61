"""The darkroom: whatever a picture does to the process that opens it, whoever waits hears of it, and it goes on."""

import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crew_app.core.errors import Refused, Unavailable
from crew_app.evidence import darkroom
from crew_app.evidence.darkroom import MOST_IN_LINE, Darkroom, DarkroomFailed
from crew_app.evidence.images import examine
from tests.support.pictures import jpeg

MEGABYTE = 1 << 20


@pytest.fixture
def room():
    made = Darkroom()
    yield made
    made.close()


def ask(room, work, *args):
    return room.develop((work, args, {}))


def refusal(room, work, *args):
    with pytest.raises((Refused, Unavailable)) as raised:
        ask(room, work, *args)
    return raised.value.code


def end(pid):
    os.kill(pid, signal.SIGKILL)
    while Path(f"/proc/{pid}/stat").exists() and ") Z " not in Path(f"/proc/{pid}/stat").read_text():
        os.sched_yield()


def test_a_picture_is_opened_in_another_process_that_stays_warm(room):
    picture = ask(room, examine, jpeg(640, 480))
    assert (picture.width, picture.height) == (640, 480)
    pid = room.pid
    assert pid not in (None, os.getpid())
    ask(room, examine, jpeg())
    assert room.pid == pid


def test_a_refusal_comes_back_with_its_words(room):
    with pytest.raises(Refused) as raised:
        ask(room, examine, b"no photo")
    assert raised.value.code == "photo-type"
    assert "JPEG" in raised.value.message


def test_a_decoder_that_crashes_takes_nobody_along(room):
    assert refusal(room, os.abort) == "photo-unreadable"
    assert ask(room, examine, jpeg()).width == 64


def test_a_decoder_that_never_ends_is_ended(room, monkeypatch):
    monkeypatch.setattr(darkroom, "LONGEST", 0.3)
    assert refusal(room, time.sleep, 3600) == "pictures-busy"
    monkeypatch.undo()
    assert ask(room, examine, jpeg()).width == 64


@pytest.mark.parametrize("how", [signal.SIGPROF, signal.SIGSEGV])
def test_a_death_is_told_in_words_that_fit(room, how):
    assert (
        refusal(room, signal.raise_signal, how)
        == {
            signal.SIGPROF: "photo-costly",
            signal.SIGSEGV: "photo-unreadable",
        }[how]
    )


def test_memory_has_an_end(room):
    """Not the machine's: the process hears that there is none, and goes on."""
    with pytest.raises(DarkroomFailed, match="MemoryError"):
        ask(room, bytes, 600 * MEGABYTE)
    assert ask(room, examine, jpeg()).width == 64


def test_the_limit_would_allow_what_a_picture_needs(room):
    assert ask(room, len, ask(room, bytes, 100 * MEGABYTE)) == 100 * MEGABYTE


def test_a_process_that_was_ended_from_outside_is_replaced(room):
    ask(room, examine, jpeg())
    end(room.pid)
    assert ask(room, examine, jpeg()).width == 64


def test_after_so_many_pictures_a_fresh_process_takes_its_place(room, monkeypatch):
    monkeypatch.setattr(darkroom, "MOST_PICTURES", 2)
    pids = []
    for _ in range(4):
        ask(room, examine, jpeg())
        pids.append(room.pid)
    assert pids[0] == pids[1] != pids[2] == pids[3]


def test_it_knows_no_secret_and_no_connection(room, app, monkeypatch):
    """Only what it needs of the environment, and no open file of this process."""
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    assert ask(room, os.getenv, "SECRET_KEY") is None
    names = {os.path.realpath(f"/proc/{room.pid}/fd/{one}") for one in ask(room, os.listdir, f"/proc/{room.pid}/fd")}
    assert not [name for name in names if "crew.db" in name or "socket:" in name]


def test_it_does_not_start_the_application(room):
    ask(room, examine, jpeg())
    assert ask(
        room, eval, "[name for name in ('PIL', 'flask', 'sqlalchemy') if name in __import__('sys').modules]"
    ) == ["PIL"]


def test_an_answer_is_data_and_nothing_that_can_be_called(room):
    with pytest.raises(DarkroomFailed, match="no answer"):
        ask(room, eval, "__import__('os').system")
    assert ask(room, examine, jpeg()).width == 64


def test_more_than_may_wait_are_asked_to_come_again(room):
    room.turn.acquire()
    with ThreadPoolExecutor(MOST_IN_LINE) as pool:
        waiting = [pool.submit(ask, room, examine, jpeg()) for _ in range(MOST_IN_LINE)]
        while room.line._value:  # noqa: SLF001 - taking a place to count would refuse somebody
            os.sched_yield()
        assert refusal(room, examine, jpeg()) == "pictures-busy"
        room.turn.release()
        assert [one.result(30).width for one in waiting] == [64] * MOST_IN_LINE


def test_a_machine_without_room_for_a_process_is_no_fault_of_the_picture(room, monkeypatch):
    def none(*_, **__):
        raise BlockingIOError

    monkeypatch.setattr(subprocess, "Popen", none)
    assert refusal(room, examine, jpeg()) == "pictures-busy"


def test_it_goes_when_whoever_started_it_is_gone():
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        darkroom.develop(examine, jpeg())
        os.write(writing, str(darkroom.present().pid).encode())
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(writing)
    child = int(os.read(reading, 20))
    os.close(reading)
    for _ in range(2_000):
        if not Path(f"/proc/{child}").exists() or ") Z " in Path(f"/proc/{child}/stat").read_text():
            return
        time.sleep(0.005)
    raise AssertionError("it is still there")
