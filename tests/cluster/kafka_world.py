"""A declared cluster with a real Kafka behind it, made as a person makes one: files, `fleet up`, `fleet connect`.

Owns      the copy of the fleet, two apps whose users have every role, and clients with their credentials.
Refuses   Kafka's tools behind the fleet's back, but for topics that no file declares and only an operator may make.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from confluent_kafka import KafkaException, Producer
from confluent_kafka.admin import AdminClient, NewTopic

from sandbox.kafka import control, declared
from tests.engine.fleet_copy import FleetCopy

CLUSTER, CELL = "logistics-dev", "aws-use1-dev"
TEAM = "logistics"
DECLARED = f"""# yaml-language-server: $schema=../../cluster.schema.json
profile: sandbox
cost_center: logistics-3003
cell: {CELL}
services:
  kafka: {{}}
"""
UNDECLARED = ("trial.app-store-changelog", "trial.extra")
"""Topics below prefixes that users have rights on, and that no file declares."""

TRIAL = """# yaml-language-server: $schema=../../app.schema.json
cluster: {cluster}
prefixes: [trial., trial-]
topics:
  trial.orders: {{ partitions: 3, config: {{ retention.ms: 3600000 }} }}
  trial.totals: {{ partitions: 2 }}
users:
  writer:
    authentication: scram-sha-512
    roles: [{{ role: produce, topics: [trial.orders] }}]
  reader:
    authentication: tls
    roles: [{{ role: consume, topics: [trial.orders, other.shared.], groups: [trial.readers] }}]
  mover:
    authentication: scram-sha-512
    roles: [{{ role: produce, topics: [trial.totals] }}, {{ role: transact, transactional_ids: [trial-tx-] }}]
  streams:
    authentication: tls
    roles: [{{ role: stream, application_id: trial.app, reads: [trial.orders], writes: [trial.totals] }}]
  keeper:
    authentication: scram-sha-512
    acls:
      - {{ resource: topic, name: trial., match: prefix, operations: [All] }}
      - {{ resource: group, name: trial., match: prefix, operations: [All] }}
      - {{ resource: cluster, operations: [Describe, DescribeConfigs] }}
  changing:
    authentication: scram-sha-512
    roles: [{{ role: produce, topics: [trial.orders] }}]
    quotas: {{ producer_bytes_per_s: 10485760, request_percent: 200 }}
    credentials:
      old: {{ until: "{until}" }}
      new: {{ since: "{since}" }}
"""

OTHER = """# yaml-language-server: $schema=../../app.schema.json
cluster: logistics-dev
prefixes: [other.]
topics:
  other.shared.things: { partitions: 1 }
  other.private: { partitions: 1 }
users:
  owner:
    authentication: scram-sha-512
    acls: [{ resource: topic, name: other., match: prefix, operations: [Read, Write, Describe] }]
shares: [{ app: routes-trial, prefix: other.shared., operations: [read] }]
"""


def day(offset: int) -> str:
    today: date = datetime.now(UTC).date()
    return (today + timedelta(days=offset)).isoformat()


@dataclass(frozen=True)
class Credential:
    """A user on the cluster, with the files that the sandbox keeps for it."""

    name: str
    authentication: str
    properties: Mapping[str, str]


class World:
    """The fleet, applied by `start`. `stop` ends the sandbox and the broker."""

    def __init__(self, root: Path) -> None:
        self.fleet = FleetCopy(root, once=True)
        self.state = root / ".fleet" / "sandbox"
        # The example fleet's own clusters and apps change with the examples; these tests say all that they need.
        for folder in ("clusters", "apps"):
            shutil.rmtree(root / "fleet" / folder)
            (root / "fleet" / folder / TEAM).mkdir(parents=True)
        (root / f"fleet/clusters/{TEAM}/{CLUSTER}.yaml").write_text(DECLARED, "utf-8")
        self.write(until=day(30), since=day(-1))
        (root / "fleet/apps/logistics/routes-other.yaml").write_text(OTHER, "utf-8")

    def start(self) -> None:
        """Start the sandbox and apply; until `stop` something runs, whether or not this succeeds."""
        self.fleet.sandbox("start", "--kafka", "real", "--cluster", CLUSTER)
        self.up(f"cell.{CELL}", f"kafka.{CLUSTER}", f"app.{CLUSTER}.routes-trial", f"app.{CLUSTER}.routes-other")
        self.make(*UNDECLARED)

    def write(self, until: str, since: str) -> None:
        """The app's file, with the days on which its changing user's two generations exist."""
        text = TRIAL.format(cluster=CLUSTER, until=until, since=since)
        (self.fleet.root / "fleet/apps/logistics/routes-trial.yaml").write_text(text, "utf-8")

    def up(self, *stacks: str) -> dict[str, Any]:
        """Apply, and wait until the broker is as applied; what the reconciler says."""
        run = self.fleet.run("up", *stacks)
        assert run.code == 0, run.said()
        return control.wait(self.state, [CLUSTER])[CLUSTER]

    @property
    def cluster(self) -> declared.Cluster:
        """The objects that the store holds."""
        return declared.read(self.state)[CLUSTER]

    def credential(self, name: str) -> Credential:
        """A user's, straight from the folder that stands for its Secret."""
        body = next(one for one in self.cluster.users if declared.name_of(one) == name)
        kind = body["spec"]["authentication"]["type"]
        ways = [one for one in control.of(self.state, CLUSTER)["listeners"] if one["authentication"] == kind]
        secret = control.secret(self.state, CLUSTER, name)
        ca = control.secret(self.state, CLUSTER, f"{CLUSTER}-cluster-ca-cert") / "ca.crt"
        found = {"bootstrap.servers": ways[0]["bootstrap"], "ssl.ca.location": str(ca)}
        if kind == "tls":
            found |= {"security.protocol": "SSL", "ssl.certificate.location": str(secret / "user.crt")}
            found |= {"ssl.key.location": str(secret / "user.key")}
        else:
            found |= {"security.protocol": "SASL_SSL", "sasl.mechanisms": "SCRAM-SHA-512", "sasl.username": name}
            found |= {"sasl.password": (secret / "password").read_text("utf-8")}
        return Credential(name, kind, found)

    def operator(self) -> dict[str, Any]:
        """Properties of the reconciler's own way in."""
        folder = self.state / "kafka" / CLUSTER
        port = json.loads((folder / "ports.json").read_text("utf-8"))["REPLICATION-9091"]
        return {
            "bootstrap.servers": f"127.0.0.1:{port}",
            "security.protocol": "SSL",
            "ssl.ca.location": str(folder / "cluster-ca" / "ca.crt"),
            "ssl.certificate.location": str(folder / "operator" / "operator.crt"),
            "ssl.key.location": str(folder / "operator" / "operator.key"),
            "log_level": 0,
        }

    def make(self, *topics: str) -> None:
        """See that topics exist and that each has a message; the reconciler may be faster for its own."""
        admin = AdminClient(self.operator())
        for made in admin.create_topics([NewTopic(name, 1, 1) for name in topics]).values():
            try:
                made.result()
            except KafkaException as error:
                assert error.args[0].name() == "TOPIC_ALREADY_EXISTS", error
        producer = Producer(self.operator())
        for name in topics:
            producer.produce(name, b"there", partition=0)
        assert producer.flush(20) == 0

    def stop(self) -> None:
        """End everything that this started."""
        self.fleet.sandbox("stop")
