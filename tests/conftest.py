"""Where the fixtures come from, and what every test run does."""

import os
import shutil
import signal
import threading

import pytest
from hypothesis import HealthCheck, settings

pytest.register_assert_rewrite("tests.support")
pytest_plugins = [  # those that others import come first
    "tests.support.people",
    "tests.support.database",
    "tests.support.applications",
    "tests.support.processes",
    "tests.support.bucket",
    "tests.support.demo",
    "tests.support.lines",
    "tests.support.browsers",
    "tests.support.outbox",
]

COMMON = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.differing_executors]
settings.register_profile("crew", deadline=None, derandomize=True, max_examples=60, suppress_health_check=COMMON)
settings.register_profile("search", deadline=None, max_examples=2000, suppress_health_check=COMMON)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "crew"))

SQLITE_ONLY = {
    *("tests/api/test_document.py", "tests/core/test_chain.py", "tests/core/test_db.py", "tests/core/test_removals.py"),
    *("tests/evidence/test_darkroom.py", "tests/evidence/test_darkroom_served.py", "tests/evidence/test_hostile.py"),
    *("tests/imports/test_round_trip.py", "tests/reports/test_summary_figures.py", "tests/stock/test_append_only.py"),
    *(
        "tests/stock/test_chain.py",
        "tests/web/test_checking.py",
        "tests/web/test_failures.py",
        "tests/web/test_heads.py",
    ),
    *("tests/web/test_metrics.py", "tests/web/test_speed.py"),
}
"""Tests that change the file of SQLite by hand or are about it; `make test-postgres` leaves them out."""
LONG = (
    *(f"tests/{folder}/" for folder in ("acceptance", "demo", "faults", "labels", "migrations", "security")),
    *("tests/api/test_document.py", "tests/cli/test_copy.py", "tests/evidence/test_hostile.py"),
    *("tests/guards/test_templates.py", "tests/reports/test_dashboard.py", "tests/reports/test_measures.py"),
    *(f"tests/web/test_{name}.py" for name in ("growth", "machines", "nonsense", "pages", "parallel")),
)
"""What takes long: `make test` does without, `make test-all` and `.ci/run` do not."""
IN_A_BROWSER = "tests/acceptance/test_offline.py"
"""What `make test` does in a browser all the same: work without a network."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def pytest_configure():
    """A run that is ended from outside (`timeout`, CI) ends like one by Ctrl-C: PostgreSQL and processes stop too."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(items):
    """What starts a PostgreSQL server or other processes runs in one worker, so that they are started once.

    Where nobody watches (CI), a test that failed is tried twice more: `.ci/run` names those that needed it.
    """
    on_postgres = os.environ.get("CREW_TEST_DATABASE") == "postgresql"
    for item in items:
        if item.nodeid.startswith(LONG) and not item.nodeid.startswith(IN_A_BROWSER):
            item.add_marker(pytest.mark.long)
        if on_postgres and item.nodeid.partition("::")[0] in SQLITE_ONLY:
            item.add_marker(pytest.mark.skip(reason="about SQLite"))
        if os.environ.get("CI"):
            item.add_marker(pytest.mark.flaky(reruns=2))
        if item.get_closest_marker("postgres") or "crews" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("postgres"))


def pytest_runtest_setup(item):
    if item.get_closest_marker("browser") is None or any(map(shutil.which, BROWSERS)):
        return
    if os.environ.get("CREW_REQUIRE_BROWSER") == "1":
        pytest.fail("No Chromium is installed, and CREW_REQUIRE_BROWSER=1 asks for one.", pytrace=False)
    pytest.skip("no Chromium is installed")
