"""What hostile files cost a running server: counts, the slowest, memory.

`make bench-hostile`; figures, no test: `tests/evidence/test_hostile.py` is one.
"""

import tempfile
from collections import Counter
from pathlib import Path

import pytest

from tests.support.assault import assault
from tests.support.database import Template, fill, migrate, sqlite_url
from tests.support.hostile import files
from tests.support.people import make_passwords_cheap
from tests.support.raw_phone import RawPhone
from tests.support.small_hospital import memory_of, small_hospital


def main() -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        make_passwords_cheap(patch)
        folder = Path(name)
        template = make_template(folder / "template")
        with small_hospital(template, folder / "hospital") as hospital:
            tickets = hospital.tickets(template, 100)
            toll = assault(hospital, RawPhone(hospital.port, "technician"), tickets, files())
            print(f"{len(toll.outcomes)} files, {len(toll.accepted)} accepted")
            print("refused:", dict(Counter(one.code for one in toll.outcomes if one.code).most_common()))
            for one in sorted(toll.outcomes, key=lambda one: -one.seconds)[:8]:
                print(f"  {one.seconds:.2f} s  {one.name}  {one.status} {one.code}")
            print(f"worker: {toll.worker_growth // 1024} MB more at the most", end=", ")
            print(", ".join(f"{memory_of(pid)['VmRSS'] // 1024} MB now" for pid in hospital.workers()))
            print(f"darkroom: {toll.darkroom_warm // 1024} MB warm, {toll.darkroom_most // 1024} MB at the most")
            assert not [one for one in toll.outcomes if one.complaints]


def make_template(folder: Path) -> Template:
    """The small hospital, as the tests have it."""
    folder.mkdir(parents=True)
    migrate(folder, sqlite_url(folder))
    return Template(str(folder / "crew.db"), fill(folder, sqlite_url(folder)))


if __name__ == "__main__":
    main()
