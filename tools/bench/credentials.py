"""A fleet of 100,000 credentials: validated whole, and rendered app by app.

Owns      the generated fleet (each cluster has as many users as its operator keeps up with) and its measurements, each
          in a fresh process.
Refuses   to call a time good or bad, and the engine: what one small stack costs it is in the other measurements.

`python -m tools.bench.credentials --apps 10000 --users 10`
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from components.services.kafka.limits import USERS_PER_CLUSTER

ROOT = Path(__file__).resolve().parent.parent.parent
CLUSTERS_PER_CELL = 20

_MEASURE = """
import pathlib, resource, statistics, sys, time
from stacks import render
from stacks.load import load
began = time.perf_counter()
fleet = load(pathlib.Path(sys.argv[1]))
loaded, busy = time.perf_counter() - began, time.process_time()
if fleet.errors:
    sys.exit("\\n".join(map(str, fleet.errors[:5])))
each, users = [], 0
for name, stack in fleet.stacks.items():
    if stack.kind == "app":
        began = time.perf_counter()
        found = render.manifests(fleet, stack)
        each.append(time.perf_counter() - began)
        users += sum(manifest.body["kind"] == "KafkaUser" for manifest in found)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
quantiles = statistics.quantiles(each, n=100)
print(f"  {len(fleet.apps)} apps on {len(fleet.clusters)} clusters in {len(fleet.cells)} cells, {users} credentials")
print(f"  read, resolve, validate, check   {loaded:7.2f} s, {busy:.2f} s of it busy")
ms = [f"{1e3 * quantiles[at]:.2f} ms" for at in (49, 98)]
print(f"  render every app                 {sum(each):7.2f} s, median {ms[0]}, p99 {ms[1]}")
print(f"  memory at most                   {peak:7.0f} MiB")
"""

_ONE_MORE = """
import pathlib, sys
from stacks.load import load
print(*sorted({problem.code for problem in load(pathlib.Path(sys.argv[1])).errors}))
"""


def _users(prefix: str, count: int) -> str:
    """Users of all roles; every fifth is in the middle of a rotation that ended, so that it counts once."""
    lines = []
    for number in range(count):
        name = f"user-{number}"
        roles = (
            f"{{ role: produce, topics: [{prefix}] }}",
            f"{{ role: consume, topics: [{prefix}], groups: [{prefix}{name}] }}",
            f"{{ role: stream, application_id: {prefix}{name}, reads: [{prefix}events], writes: [{prefix}events] }}",
        )
        lines.append(f"  {name}:\n    authentication: scram-sha-512\n    roles:\n      - {roles[number % 3]}\n")
        if number % 5 == 0:
            lines.append(
                '    credentials:\n      first: { until: "2026-01-31" }\n      second: { since: "2026-01-01" }\n'
            )
    return "".join(lines)


def generate(at: Path, apps: int, users: int) -> None:
    """A valid fleet in which every cluster has all the users that it may have."""
    fleet = at / "fleet"
    for folder in ("cells", "services", "profiles", "clusters/team", "apps/team"):
        (fleet / folder).mkdir(parents=True)
    (at / "Pulumi.yaml").write_text((ROOT / "Pulumi.yaml").read_text())
    per_cluster = max(1, USERS_PER_CLUSTER // users)
    clusters = -(-apps // per_cluster)
    cells = -(-clusters // CLUSTERS_PER_CELL)
    (fleet / "fleet.yaml").write_text(
        "name: bench\ndns_domain: kafka.bench.internal\nplatform_team: platform\nrings: [dev, staging, prod]\n"
        "address_space:\n  ranges: [10.0.0.0/8]\nteams:\n  team:\n    clusters: ['*']\n    apps: ['*']\n"
    )
    (fleet / "services" / "kafka.yaml").write_text((ROOT / "fleet/services/kafka.yaml").read_text())
    template = (ROOT / "fleet/cells/aws-use1-dev.yaml").read_text()
    for number in range(cells):
        block = f"10.{number // 16}.{number % 16 * 16}.0/20"
        text = template.replace("10.64.0.0/16", block).replace("most_per_zone: 4", "most_per_zone: 200")
        (fleet / "cells" / f"cell-{number:04}.yaml").write_text(text)
    for number in range(clusters):
        (fleet / "clusters" / "team" / f"cluster-{number:05}.yaml").write_text(
            f"environment: dev\nproduction: false\ncost_center: team-{number:05}\n"
            f"cell: cell-{number // CLUSTERS_PER_CELL:04}\nservices:\n  kafka:\n    size: {{ name: dev }}\n"
        )
    for number in range(apps):
        prefix = f"app{number:06}."
        (fleet / "apps" / "team" / f"app-{number:06}.yaml").write_text(
            f"cluster: cluster-{number // per_cluster:05}\nprefixes: ['{prefix}']\n"
            f"topics:\n  {prefix}events: {{ partitions: 1 }}\nusers:\n{_users(prefix, users)}"
        )


def _run(code: str, folder: str) -> str:
    done = subprocess.run(  # noqa: S603 (our own interpreter and code)
        [sys.executable, "-c", code, folder], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"the measurement failed: {done.stdout}{done.stderr}")
    return done.stdout


def measure(apps: int, users: int) -> None:
    """Print what the fleet costs, and what one credential more says."""
    with tempfile.TemporaryDirectory(prefix="kafka-fleet-bench-") as folder:
        generate(Path(folder), apps, users)
        sys.stdout.write(f"{apps * users} credentials:\n{_run(_MEASURE, folder)}")
        last = Path(folder) / "fleet" / "apps" / "team" / "app-000000.yaml"
        last.write_text(
            last.read_text()
            + "  one-more:\n    authentication: tls\n    roles: [{ role: produce, topics: [app000000.] }]\n"
        )
        sys.stdout.write(f"  one more on a full cluster       {_run(_ONE_MORE, folder)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--apps", type=int, default=10_000)
    parser.add_argument("--users", type=int, default=10)
    given = parser.parse_args()
    measure(given.apps, given.users)
