"""Several phones at the same time: real processes with an application each, set off at one signal."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from multiprocessing.synchronize import Barrier
from typing import Any
from uuid import UUID

import pytest

from crew_app import create_app
from crew_app.config import Settings
from tests.support.applications import client_of, signing_in
from tests.support.client import CrewClient
from tests.support.world import World

CREWS = int(os.environ.get("CREWS", "3"))
_signal: list[Barrier] = []


@dataclass(frozen=True)
class Errand:
    """What one process sends, one after the other: path, fields, key."""

    login: str
    commands: Sequence[tuple[str, dict[str, Any], UUID]] = field(default_factory=tuple)


@dataclass(frozen=True)
class Answer:
    """What a command was answered with."""

    status: int
    location: str
    refusal: str


Crews = Callable[[Settings, World, Sequence[Errand]], list[list[Answer]]]


@pytest.fixture(scope="session")
def crews() -> Iterator[Crews]:
    """Runs one errand in each of `CREWS` processes, all at once."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(CREWS)
    with ProcessPoolExecutor(CREWS, context, initializer=_take_signal, initargs=(barrier,)) as pool:

        def run(settings: Settings, world: World, errands: Sequence[Errand]) -> list[list[Answer]]:
            assert len(errands) == CREWS
            running = [pool.submit(_run, settings, world, errand) for errand in errands]
            return [future.result(timeout=100) for future in running]

        yield run


def together(errand: Callable[..., Any], *arguments: Any) -> list[Any]:
    """Run the same function in `CREWS` processes; its last argument is the signal to wait for before it begins."""
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(CREWS, context) as pool:
        signal = manager.Barrier(CREWS)
        running = [pool.submit(errand, *arguments, signal) for _ in range(CREWS)]
        return [future.result(timeout=1500) for future in running]


def _take_signal(barrier: Barrier) -> None:
    _signal.append(barrier)


def _run(settings: Settings, world: World, errand: Errand) -> list[Answer]:
    app = create_app(settings)
    app.test_client_class = CrewClient
    client = signing_in(app, world)(errand.login) if errand.login else client_of(app)
    _signal[0].wait(timeout=60)
    return [_send(client, *command) for command in errand.commands]


def _send(client: CrewClient, path: str, fields: dict[str, Any], key: UUID) -> Answer:
    response = client.send(path, fields, key=key)
    while response.status_code == HTTPStatus.CONFLICT:  # in flight: asked for again, as the outbox does
        response = client.send(path, fields, key=key)
    headers = response.headers
    return Answer(response.status_code, headers.get("Crew-Location", ""), headers.get("Crew-Refusal", ""))
