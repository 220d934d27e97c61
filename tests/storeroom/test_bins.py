"""Bins: their labels, what a label opens, the count of one bin; the scanner reads what the server prints."""

import json
import shutil
import subprocess
from decimal import Decimal
from urllib.parse import quote_plus

import pytest

from crew_app.core.db import write_transaction
from crew_app.routes.bins import bin_address
from crew_app.storeroom.levels import Levels, set_levels
from crew_app.web.paths import PACKAGE
from tests.support.client import accepted, some_id, unseen

ODD = "甲-1 /&?=+%#"
SCRIPT = PACKAGE / "static" / "src" / "scanner" / "bins.js"


@pytest.fixture(autouse=True)
def shelved(app, world):
    """Tubes and cable in A-1, valves in a bin with an odd name."""
    with app.app_context(), write_transaction():
        for item, name in (("tube", "A-1"), ("cable", "A-1"), ("valve", ODD)):
            levels = Levels(name, Decimal(0), Decimal(0), Decimal(0), 0)
            set_levels(world.account("store"), world.item(item), levels, by=world.person("storekeeper"))


@pytest.fixture
def path(world):
    return f"/stock/stores/{world.accounts['store']}"


def test_every_bin_of_a_store_has_a_label(sign_in, path):
    keeper = sign_in("storekeeper")
    page = keeper.page(f"{path}/bins")
    assert [link.text for link in page.all("a") if "/bin?" in link.get("href", "")] == ["A-1", ODD]
    pictures = [found.get("src") for found in page.all("img") if "/bin/" in found.get("src", "")]
    assert all(keeper.get(each).mimetype == "image/svg+xml" for each in pictures)
    assert len(pictures) == 2
    assert ODD not in keeper.page(f"{path}/bins?q=a-").text
    assert "2" in keeper.page("/stock/stores").text


def test_a_label_opens_what_lies_in_the_bin_and_begins_its_count(world, sign_in, path):
    page = sign_in("storekeeper").page(f"{path}/bin?name=A-1")
    assert "190 支" in page.text
    assert "475 m" in page.text
    assert "角阀" not in page.text
    (form,) = page.all("form", action="/stock/counts")
    fields = {field.get("name"): field.get("value") for field in form.iter("input")}
    count = accepted(sign_in("storekeeper").send("/stock/counts", fields), 201)
    shown = sign_in("technician").page(count)
    assert "角阀" not in shown.text
    (place,) = [found for found in shown.all("section") if found.get("data-bin-count")]
    assert place.get("data-store") == str(world.accounts["store"])
    assert count in [link.get("href") for link in sign_in("technician").page(f"{path}/bin?name=A-1").all("a")]


def test_a_bin_that_holds_nothing_says_what_to_do(sign_in, path):
    page = sign_in("storekeeper").page(f"{path}/bin?name=Z-9")
    assert not page.all("form", action="/stock/counts")


@pytest.mark.parametrize("view", ["bins", "bin?name=A-1", "bin/qr.svg?name=A-1"])
def test_bins_are_shown_to_those_who_see_the_store(world, sign_in, path, view):
    assert sign_in("outsider").get(f"{path}/{view}").status_code == 404
    assert sign_in("requester").get(f"{path}/{view}").status_code == 403
    for other in (some_id(), world.accounts["bag"]):
        unseen(sign_in("storekeeper").get(f"/stock/stores/{other}/{view}"))
    unseen(sign_in("storekeeper").get(f"{path}/bin"))


@pytest.mark.skipif(shutil.which("node") is None, reason="the browser tests cover the script where there is no node")
def test_the_scanner_reads_what_a_label_says(app, world, path):
    with app.test_request_context(base_url="https://crew.example"):
        store = world.account("store")
        labels = [bin_address(store, name) for name in ("A-1", ODD)]
    others = ["A-1", "https://crew.example/t/ABC", f"https://crew.example{path}/bin", f"javascript:{path}/bin?name=A"]
    lines = [
        f"import {{ binIn }} from {json.dumps(SCRIPT.as_uri())};",
        f"console.log(JSON.stringify({json.dumps(labels + others)}.map(binIn)));",
    ]
    command = ["node", "--input-type=module", "-e", "\n".join(lines)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert [(one["store"], one["name"]) for one in found[:2]] == [(str(store.id), "A-1"), (str(store.id), ODD)]
    assert found[0]["path"] == f"{path}/bin?name={quote_plus('A-1')}"
    assert found[2:] == [None] * len(others)
