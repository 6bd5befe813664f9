"""Validation of a generated fleet against libyaml alone on the same files.

Owns      the generated fleet (seeded) and the two measurements, interleaved, each in a fresh process.
Refuses   to call a time good or bad: it prints ratios, and the reader knows the goal (performance notes, G5).
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

_LIBYAML = """
import sys, pathlib, yaml
for path in sorted(pathlib.Path(sys.argv[1], "fleet").rglob("*.yaml")):
    yaml.load(path.read_bytes(), yaml.CSafeLoader)
"""
_OURS = """
import sys, pathlib
from stacks.load import load
fleet = load(pathlib.Path(sys.argv[1]))
print(len(fleet.stacks), len(fleet.errors))
if fleet.errors and len(sys.argv) < 3:
    sys.exit("\\n".join(map(str, fleet.errors[:5])))
"""


def generate(at: Path, files: int, seed: int = 1) -> None:
    """A valid fleet of about `files` files: 1 cell to 20 clusters to 79 apps, sizes of real files."""
    rng = random.Random(seed)  # noqa: S311 (reproducible data, no secret)
    fleet = at / "fleet"
    for folder in ("cells", "services", "profiles", "clusters/team", "apps/team"):
        (fleet / folder).mkdir(parents=True)
    cells = max(1, files // 100)
    (fleet / "fleet.yaml").write_text(
        "name: bench\ndns_domain: kafka.bench.internal\nplatform_team: platform\nrings: [dev, staging, prod]\n"
        "address_space:\n  ranges: [{ cidr: 10.0.0.0/8, environments: [dev] }]\n"
        "granted_limits:\n  aws:\n    load_balancers_per_region: 100000\n    networks_per_region: 1000\n"
        "    nat_addresses_per_region: 1000\nteams:\n  team:\n    clusters: ['*']\n    apps: ['*']\n"
    )
    (fleet / "services" / "kafka.yaml").write_text((ROOT / "fleet/services/kafka.yaml").read_text())
    template = (ROOT / "fleet/cells/aws-use1-dev.yaml").read_text()
    for number in range(cells):
        block = f"10.{number // 2 % 256}.{number % 2 * 128}.0/17"
        text = template.replace("10.64.0.0/16", block).replace("most_per_zone: 4", "most_per_zone: 60")
        (fleet / "cells" / f"cell-{number:05}.yaml").write_text(text)
    clusters = cells * 20
    for number in range(clusters):
        comment = "# " + "why it is like this " * 20 + "\n"
        body = "".join(f"      log.retention.ms: {rng.randrange(10**6, 10**9)}\n" for _ in range(1))
        (fleet / "clusters" / "team" / f"cluster-{number:05}.yaml").write_text(
            f"{comment * 2}environment: dev\nproduction: false\ncost_center: team-{number:05}\n"
            f"cell: cell-{number % cells:05}\nservices:\n  kafka:\n    size: {{ name: dev }}\n    config:\n{body}"
        )
    for number in range(max(0, files - cells - clusters - 2)):
        prefix = f"app{number:05}."
        topics = "".join(
            f"  {prefix}topic-{n}:\n    partitions: {rng.randrange(1, 4)}\n    config:\n"
            f"      retention.ms: {rng.randrange(10**6, 10**9)}\n      cleanup.policy: delete\n"
            for n in range(8)
        )
        users = "".join(
            f"  user-{n}:\n    authentication: scram-sha-512\n    acls:\n"
            f"      - {{ resource: topic, name: {prefix}, match: prefix, operations: [Read, Write, Describe] }}\n"
            f"      - {{ resource: group, name: {prefix}, match: prefix, operations: [Read] }}\n"
            for n in range(3)
        )
        (fleet / "apps" / "team" / f"app-{number:05}.yaml").write_text(
            f"# Generated for a measurement.\ncluster: cluster-{number % clusters:05}\nprefixes: ['{prefix}']\n"
            f"topics:\n{topics}users:\n{users}"
        )


def _time(code: str, *arguments: str) -> tuple[float, str]:
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 (our own interpreter and code)
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    seconds = time.monotonic() - began
    if done.returncode:
        sys.exit(f"the measurement failed: {done.stdout}{done.stderr}")
    return seconds, done.stdout.strip()


def measure(files: int, pairs: int) -> None:
    """Print both times, their ratio, and what broken files cost."""
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        generate(at, files)
        found = sorted((at / "fleet").rglob("*.yaml"))
        size = sum(path.stat().st_size for path in found)
        rows = [(_time(_LIBYAML, folder)[0], *_time(_OURS, folder)) for _ in range(pairs)]
        ratios = [ours / theirs for theirs, ours, _ in rows]
        for path in found[:: max(1, len(found) // max(1, len(found) // 100))]:
            if "apps" in path.parts:
                path.write_text(path.read_text().replace("cleanup.policy", "cleanup.polcy", 1))
        broken = [_time(_OURS, folder, "broken") for _ in range(pairs)]
    clean = statistics.median(ours for _, ours, _ in rows)
    sys.stdout.write(
        f"validation of {len(found)} files, {size / len(found):.0f} bytes each "
        f"(PYTHONDONTWRITEBYTECODE={os.environ.get('PYTHONDONTWRITEBYTECODE', 'unset')})\n"
        f"  libyaml's CSafeLoader alone   {statistics.median(theirs for theirs, _, _ in rows):6.2f} s\n"
        f"  read, resolve, validate, check {clean:5.2f} s   (stacks, errors: {rows[0][2]})\n"
        f"  ratio, median of {pairs} pairs      {statistics.median(ratios):6.2f}\n"
        f"  1 % of the files broken        {statistics.median(b for b, _ in broken):5.2f} s   "
        f"{statistics.median(b for b, _ in broken) / clean:.2f} of clean (stacks, errors: {broken[0][1]})\n"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--pairs", type=int, default=3)
    given = parser.parse_args()
    measure(given.files, given.pairs)
