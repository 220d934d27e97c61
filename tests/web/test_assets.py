"""The built front end: every file by its hash, kept for a year, and nothing beside it."""

import pytest

from crew_app.web.assets import PREFIX, manifest
from crew_app.web.headers import HEADERS


@pytest.fixture(autouse=True)
def _built():
    assert manifest(), "the front end is not built: make setup"


@pytest.mark.parametrize("name", ["app.js", "app.css", "icons.svg", "images/icon-192.png"])
def test_a_built_file_is_kept_for_a_year_because_its_name_changes_with_it(stranger, name):
    response = stranger.get(PREFIX + manifest()[name])
    assert response.status_code == 200
    assert response.cache_control.max_age is not None
    assert response.cache_control.max_age >= 31_536_000
    assert response.cache_control.immutable
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_scripts_arrive_small(stranger):
    response = stranger.get(PREFIX + manifest()["app.js"], headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.data) < 40_000


@pytest.mark.parametrize("path", ["app.js", "../src/app.css", "..%2f..%2f..%2fconfig.py", "nothing-00000000.js", ""])
def test_nothing_else_is_served(stranger, path):
    assert stranger.get(PREFIX + path).status_code == 404


def test_the_service_worker_rules_the_whole_application_and_is_always_fresh(stranger):
    response = stranger.get("/service-worker.js")
    assert response.status_code == 200
    assert response.mimetype == "text/javascript"
    assert response.cache_control.no_cache
