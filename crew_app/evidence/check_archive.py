"""Checks an archive of evidence with nothing but Python itself. Lies in every archive: python3 check.py

1. Every file has the SHA-256 that SHA256SUMS says (the same as: sha256sum -c SHA256SUMS).
2. Every link in chain.jsonl: "sealed" gives "hash", "row" gives the content within "sealed".
3. Every original in SHA256SUMS is a photo of the chain, with this very fingerprint.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

CONTENT, KIND = 5, 3
Link = dict[str, Any]


def digest(said: object) -> str:
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def wrong_files(root: Path, sums: dict[str, str]) -> list[str]:
    missing = [f"missing: {name}" for name in sums if not (root / name).is_file()]
    here = [name for name in sums if (root / name).is_file()]
    extra = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()} - sums.keys()
    altered = [f"altered: {name}" for name in here if of_file(root / name) != sums[name]]
    return missing + altered + [f"not listed: {name}" for name in sorted(extra - {"SHA256SUMS"})]


def wrong_links(links: list[Link]) -> list[str]:
    found = []
    for number, link in enumerate(links, 1):
        if digest(link["sealed"]) != link["hash"]:
            found.append(f"chain.jsonl line {number}: the hash does not follow from what was sealed")
        if digest(link["row"]) != link["sealed"][CONTENT]:
            found.append(f"chain.jsonl line {number}: the row is not what was sealed")
    return found


def unsealed(sums: dict[str, str], links: list[Link]) -> list[str]:
    rows = [dict(link["row"][1:]) for link in links if str(link["sealed"][KIND]).startswith("photo")]
    known = {row["sha256"] for row in rows}
    return [
        f"not in the chain: {name}" for name, sha256 in sums.items() if "/original/" in name and sha256 not in known
    ]


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    lines = (root / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = {name: sha256 for sha256, _, name in (line.partition("  ") for line in lines)}
    links = [json.loads(line) for line in (root / "chain.jsonl").read_text(encoding="utf-8").splitlines()]
    found = wrong_files(root, sums) + wrong_links(links) + unsealed(sums, links)
    sys.stdout.write("\n".join([*found, f"{len(sums)} files, {len(links)} links, {len(found)} faults", ""]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
