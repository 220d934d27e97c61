"""The audit of dependencies: no answer is no pass."""

import importlib.util
import json
import os
import subprocess
import sys

import pytest

from tests.support.project import ROOT

SCRIPT = ROOT / ".ci" / "audit.py"
_spec = importlib.util.spec_from_file_location("audit", SCRIPT)
assert _spec
assert _spec.loader
audit = importlib.util.module_from_spec(_spec)
sys.modules["audit"] = audit
_spec.loader.exec_module(audit)

LOCK = """\
# This file was made.
flask==3.1.0 \\
    --hash=sha256:aa
no-such-machine==1.0 ; sys_platform == 'plan9' \\
    --hash=sha256:bb
sql-alchemy==2.1 \\
    --hash=sha256:cc
"""
NPM_LOCK = json.dumps({"packages": {"": {}, "node_modules/a": {}, "node_modules/b": {}}})


def report(**rows):
    return json.dumps({"dependencies": [{"name": name, "version": "1", **row} for name, row in rows.items()]})


FINE: dict[str, dict[str, object]] = {"flask": {"vulns": []}, "SQL_Alchemy": {"vulns": []}}
BAD = FINE | {"flask": {"vulns": [{"id": "PYSEC-1"}]}}
SKIPPED = FINE | {"flask": {"skip_reason": "not found"}}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (report(**FINE), 0),
        (report(**BAD), 1),
        (report(**SKIPPED), 2),
        (report(flask={"vulns": []}), 2),
        (report(), 2),
        ("", 2),
        ("{}", 2),
        ("[]", 2),
        ('{"dependencies": null}', 2),
        ("No known vulnerabilities found", 2),
    ],
)
def test_a_report_passes_only_when_it_tells_of_every_package(said, code):
    assert audit.judge_python("x", LOCK, said).code == code


def npm(total, **bad):
    return json.dumps({"metadata": {"dependencies": {"total": total}}, "vulnerabilities": bad})


@pytest.mark.parametrize(
    ("said", "code"),
    [(npm(2), 0), (npm(2, a={"severity": "high"}), 1), (npm(1), 2), (npm(0), 2), ('{"error": {}}', 2), ("", 2)],
)
def test_a_report_of_the_front_end_too(said, code):
    assert audit.judge_npm("x", NPM_LOCK, said).code == code


def test_an_empty_lock_file_is_not_audited():
    assert audit.judge_python("x", "# nothing\n", report()).code == 2


def test_every_lock_file_is_read_whole():
    for path in ROOT.glob("requirements*.lock"):
        text = path.read_text(encoding="utf-8")
        assert len(audit.wanted(text)) > 0.5 * text.count("=="), path.name


def test_when_nothing_can_be_reached_it_fails_and_says_so():
    """The real thing: npm against a port where nobody listens, and no pip-audit that could answer."""
    nowhere = "http://127.0.0.1:9"
    quiet = {"npm_config_fetch_retries": "0", "npm_config_registry": nowhere, "npm_config_fetch_timeout": "3000"}
    proxies = {"HTTPS_PROXY": nowhere, "HTTP_PROXY": nowhere, "https_proxy": nowhere, "http_proxy": nowhere}
    done = subprocess.run(
        [sys.executable, str(SCRIPT)], env=os.environ | quiet | proxies, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert [line for line in lines if "NOT AUDITED" in line] == lines[:-1]
    assert "audited=0 packages=0" in lines[-1]
