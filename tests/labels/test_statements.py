"""Pages of labels and registers ask the database as often for many places as for few; documents need no more memory."""

import tracemalloc

import pytest

from crew_app.core.db import session, write_transaction
from crew_app.labels.layout import Label
from crew_app.labels.pdf import pdf
from crew_app.labels.stocks import STOCKS, Setup
from crew_app.places.models import Asset, Place, PlaceKind
from tests.support.counting import statements
from tests.support.labels import label

PAGES = [
    "/labels",
    "/admin/places",
    "/admin/places?at={floor}",
    "/admin/places?q=室",
    "/admin/assets",
    "/admin/departments",
]


def many_more(app, world):
    with app.app_context(), write_transaction():
        kind = session.get_one(Asset, world.assets["pump"]).kind_id
        for number in range(40):
            room = Place(
                site_id=world.sites["north"],
                parent_id=world.places["north-floor"],
                kind=PlaceKind.ROOM,
                code=f"z{number:03}",
                name=f"{number}室",
            )
            session.add(room)
            session.flush()
            session.add(Asset(site_id=room.site_id, place_id=room.id, kind_id=kind, code=f"z{number:03}", name="泵"))


@pytest.mark.parametrize("path", PAGES)
def test_pages_ask_as_often_for_many_as_for_few(app, world, sign_in, path):
    client = sign_in("administrator")
    address = path.format(floor=world.places["north-floor"])
    client.page(address)
    with statements(app) as few:
        client.page(address)
    many_more(app, world)
    with statements(app) as many:
        client.page(address)
    assert len(many) <= len(few) + 2
    assert len(few) <= 30


def test_a_document_does_not_grow_in_memory():
    """Ten times as many labels need hardly more: only the places of pages are kept."""
    peaks = [_peak(count) for count in (24, 240)]
    assert peaks[1] < peaks[0] * 1.3 + 300_000


def _peak(count: int) -> int:
    labels = (label(number) for number in range(count))
    stock = STOCKS["a4-24"]
    tracemalloc.start()
    try:
        for _part in pdf(labels, Setup(stock)):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_labels_are_drawn_while_they_are_sent():
    """The first page is out before the last label was asked for."""
    asked = []

    def labels():
        for number in range(60):
            asked.append(number)
            yield label(number)

    parts = pdf(labels(), Setup(STOCKS["a4-24"]))
    next(parts)
    next(parts)
    assert len(asked) == 25
    assert isinstance(label(), Label)
