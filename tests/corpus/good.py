"""Good fleets without end: the base, its values drawn from what is allowed, written down in any legal style.

`fleet(seed)` gives the same files for the same seed. `python -m tests.corpus.good SEED FOLDER` writes one.
"""

import json
import random
import re
import sys
from pathlib import Path
from typing import Any

from stacks.read import Document, files, read
from stacks.read.scalars import resolve
from tests.corpus.cases import BASE

# (file, path, what may stand there): each alone and together with all others gives a good fleet.
CHOICES: tuple[tuple[str, tuple[str | int, ...], tuple[Any, ...]], ...] = (
    ("fleet.yaml", ("name",), ("corpus", "acme", "a", "kafka-1")),
    ("fleet.yaml", ("dns_domain",), ("kafka.corpus.example", "k.example", "x1.y2")),
    ("fleet.yaml", ("state", "backend"), ("file://.fleet/state", "s3://bucket/a?region=eu-west-1", "azblob://state")),
    ("cells/aws-prod.yaml", ("cost_center",), ("platform-1001", "NO", "0777", "1e3", "2026-01-01", "x", "A-1")),
    ("cells/aws-prod.yaml", ("network", "nat"), ("per-zone", "single")),
    (
        "cells/aws-prod.yaml",
        ("network", "address_block"),
        ("10.0.0.0/16", "10.3.0.0/16", "10.8.0.0/15", "10.48.0.0/18"),
    ),
    ("cells/aws-prod.yaml", ("network", "flow_logs_retention_days"), (7, 30, 90, 365)),
    ("cells/aws-prod.yaml", ("kubernetes", "kafka_nodes", "most_per_zone"), (8, 9, 20)),
    ("cells/aws-prod.yaml", ("kubernetes", "kafka_nodes", "least_per_zone"), (0, 1, 2)),
    ("cells/aws-prod.yaml", ("aws", "root_volume_gib"), (20, 100, 1000)),
    ("cells/aws-prod.yaml", ("aws", "ami_family"), ("al2023", "bottlerocket")),
    ("cells/gcp-prod.yaml", ("network", "allowed_cidrs"), (["198.51.100.0/24"], ["198.0.0.0/8", "203.0.113.1/32"])),
    ("cells/gcp-prod.yaml", ("gcp", "release_channel"), ("STABLE", "RAPID", "REGULAR", "EXTENDED")),
    ("cells/azure-staging.yaml", ("network", "nat"), ("single", "per-zone")),
    ("cells/azure-staging.yaml", ("environment",), ("staging", "dev", "prod")),
    (
        "cells/azure-staging.yaml",
        ("kubernetes", "api_allowed_cidrs"),
        (["192.0.2.0/24"], ["192.0.2.1/32", "198.51.100.0/25"]),
    ),
    ("clusters/pay/orders.yaml", ("services", "kafka", "controllers"), (3, 5)),
    ("clusters/pay/orders.yaml", ("services", "kafka", "storage_class"), ("kafka", "kafka-fast")),
    ("clusters/pay/orders.yaml", ("services", "kafka", "size", "throughput", "retention_hours"), (1, 24, 0.5, 23.75)),
    ("clusters/pay/orders.yaml", ("services", "kafka", "size", "throughput", "produce_mb_per_s"), (60, 1, 0.25, 12.5)),
    ("clusters/pay/orders.yaml", ("services", "kafka", "listeners", "scram", "port"), (9094, 9194, 65535)),
    ("clusters/pay/orders.yaml", ("services", "kafka", "config", "compression.type"), ("producer", "zstd", "lz4")),
    (
        "clusters/pay/orders.yaml",
        ("services", "kafka", "super_users"),
        ([], ["CN=fleet-admin"], ["a", "b.c", "CN=x_y-z"]),
    ),
    ("clusters/pay/ledger.yaml", ("services", "kafka", "quotas", "min_free_ratio"), (0.1, 0.2, 0.4999)),
    ("clusters/pay/ledger.yaml", ("environment",), ("dev", "staging")),
    ("clusters/web/shop-prod.yaml", ("services", "kafka", "size", "name"), ("small", "medium")),
    ("clusters/lab/lab.yaml", ("cell", "network", "address_block"), ("10.65.0.0/18", "10.64.0.0/16", "10.95.192.0/18")),
    ("apps/pay/checkout.yaml", ("topics", "checkout.orders", "partitions"), (1, 48, 1000)),
    (
        "apps/pay/checkout.yaml",
        ("topics", "checkout.orders", "config", "retention.ms"),
        (-1, 1, 604800000, 9007199254740993),
    ),
    (
        "apps/pay/checkout.yaml",
        ("topics", "checkout.orders", "config", "cleanup.policy"),
        ("delete", "compact,delete", "compact"),
    ),
    ("apps/pay/checkout.yaml", ("shares", 0, "operations"), (["read"], ["read", "write"])),
    ("apps/pay/fraud.yaml", ("cost_center",), ("pay-2009", "on", "null", "1-30", "0x1f")),
    ("apps/web/shop.yaml", ("topics", "shop.views", "partitions"), (1, 6, 494)),
)

# The same for the services around one Kafka, and for the apps on it.
HUB = "clusters/pay/orders-hub.yaml"
BILLING = "apps/pay/billing.yaml"
AROUND: tuple[tuple[str, tuple[str | int, ...], tuple[Any, ...]], ...] = (
    (HUB, ("services", "kafka", "listeners", "tokens", "port"), (9097, 9098, 9200)),
    (HUB, ("services", "kafka", "listeners", "tokens", "oauth", "username_claim"), ("sub", "azp", "https://a/b")),
    (HUB, ("services", "schema_registry", "compatibility"), ("FULL", "BACKWARD_TRANSITIVE", "NONE")),
    (HUB, ("services", "schema_registry", "replicas"), (2, 3, 20)),
    (HUB, ("services", "schema_registry", "open_to"), ("cell", "cluster")),
    (HUB, ("services", "schema_registry", "config"), ({}, {"tags": "hub"}, {"log_level": "WARNING"})),
    (HUB, ("services", "rest_proxy", "namespaces"), (["web"], ["a", "0"], ["web", "mobile"])),
    (HUB, ("services", "rest_proxy", "groups"), (["billing."], ["billing.web", "b-", "x_y"])),
    (HUB, ("services", "rest_proxy", "producer_config"), ({}, {"linger.ms": 0}, {"acks": "all", "linger.ms": 20})),
    (HUB, ("services", "rest_proxy", "consumer_config"), ({}, {"max.poll.records": 1})),
    (
        HUB,
        ("services", "rest_proxy", "topics", 0),
        (
            {"name": "billing.", "prefix": True, "may": ["consume"]},
            {"name": "billing.invoices", "may": ["produce", "consume"]},
        ),
    ),
    (HUB, ("services", "connect", "cpu"), (0.5, 2, 4)),
    (HUB, ("services", "connect", "autoscaling"), ({"most": 4}, {"enabled": False, "most": 3}, {"most": 12})),
    (HUB, ("services", "connect", "heap_mib"), (256, 2560, 3840)),
    (HUB, ("services", "connect", "log_levels"), ({}, {"root": "WARN", "io.debezium": "DEBUG"})),
    (HUB, ("services", "connect", "config", "offset.flush.interval.ms"), (5000, 10000)),
    (HUB, ("services", "connect", "config", "exactly.once.source.support"), ("enabled", "preparing", "disabled")),
    (HUB, ("services", "connect", "egress", 0, "ports"), ([5432], [1, 65535], [443, 8443])),
    (
        HUB,
        ("services", "connect", "plugins"),
        (
            {},
            {"image": "registry.corpus.example/kafka/hub:4.3.1-7", "contains": ["aiven-s3-sink", "debezium-postgres"]},
        ),
    ),
    (HUB, ("services", "ksqldb", "size"), ({}, {"cpu": 0.25, "memory_gib": 1}, {"cpu": 4, "heap_share": 0.8})),
    (HUB, ("services", "ksqldb", "standby_replicas"), (0, 1)),
    (HUB, ("services", "ksqldb", "storage_class"), ("kafka", "kafka-fast")),
    (HUB, ("services", "ksqldb", "service_id"), ("hub_", "a", "orders_2")),
    (HUB, ("services", "ksqldb", "processing_guarantee"), ("at_least_once", "exactly_once_v2")),
    (HUB, ("services", "ksqldb", "streams", "auto.offset.reset"), ("earliest", "latest")),
    (HUB, ("services", "ksqldb", "mode", "open_to"), ("cell", "cluster")),
    (HUB, ("services", "mirror", "replicas"), (2, 3, 50)),
    (HUB, ("services", "mirror", "sources", "orders", "names"), ("same", "prefixed")),
    (HUB, ("services", "mirror", "sources", "orders", "state"), ("running", "paused", "promoted")),
    (HUB, ("services", "mirror", "sources", "orders", "topics"), (["checkout.*"], ["checkout.*", "fraud.models"])),
    (HUB, ("services", "mirror", "sources", "orders", "exclude"), ([], ["checkout.carts"], ["checkout.c*"])),
    (HUB, ("services", "mirror", "targets"), ([], ["shop-prod"], ["ledger", "shop-prod"])),
    (HUB, ("services", "console", "reads"), ([], ["*"], ["billing.", "fraud"])),
    (HUB, ("services", "console", "open_to"), ("cluster",)),
    (HUB, ("services", "console", "roles", 0, "name"), ("everybody", "on call", "NO")),
    (HUB, ("services", "console", "roles", 0, "permissions", 1, "actions"), (["view"],)),
    (HUB, ("services", "console", "masks"), ([], [{"topics": ".*", "fields": ["iban", "a b"], "how": "remove"}])),
    (HUB, ("services", "console", "auth", "ca_secret"), ("acme-authority", "a")),
    (HUB, ("services", "monitoring", "scrape_interval_s"), (10, 30, 60)),
    (HUB, ("services", "monitoring", "alert_labels"), ({}, {"tier": "gold", "_x": "yes"})),
    (
        HUB,
        ("services", "monitoring", "alerts"),
        ({}, {"KafkaConsumerLag": {"threshold": 0.5, "lasting": "10m"}}, {"KafkaConsumerLag": {"enabled": False}}),
    ),
    (HUB, ("services", "monitoring", "grafana"), ({}, {"enabled": False}, {"folder": "Kafka: all of it"})),
    ("services/connect.yaml", ("allowed", "cpu"), ({"most": 8}, {"least": 0.5}, {"values": [0.5, 2, 4]})),
    ("services/connect.yaml", ("exceptions", 0, "until"), ("2027-03-31", "2020-02-29", "9999-12-31")),
    ("services/mirror.yaml", ("defaults", "cpu"), (0.5, 1, 32)),
    ("services/monitoring.yaml", ("defaults", "labels"), ({}, {"release": "kube-prometheus-stack"})),
    ("services/ksqldb.yaml", ("rings",), ({}, {"dev": {"replicas": 1, "standby_replicas": 0}})),
    (
        BILLING,
        ("users", "api", "credentials"),
        (
            {},
            {"2026-12": {}},
            {"a": {"until": "2027-03-31"}, "b": {"since": "2027-03-01"}},
            {"a": {"since": "2026-11-01"}},
        ),
    ),
    (BILLING, ("users", "api", "deliver"), ([], [{"store": "vault"}], [{"namespace": "billing"}, {"store": "a"}])),
    (BILLING, ("users", "api", "quotas"), ({}, {"request_percent": 50}, {"controller_mutations_per_s": 2.5})),
    (BILLING, ("users", "totals", "roles", 0, "writes"), ([], ["billing.failed"], ["billing."])),
    (BILLING, ("secrets", "bucket", "store_kind"), ("ClusterSecretStore", "SecretStore")),
    (BILLING, ("connectors", "archive", "state"), ("running", "paused", "stopped")),
    (BILLING, ("connectors", "archive", "tasks_max"), (1, 4, 1000)),
    (BILLING, ("connectors", "archive", "config", "errors.tolerance"), ("all", "none")),
    (BILLING, ("connectors", "archive", "config", "aws.s3.bucket.name"), ("billing", "0777", "a b", "NO")),
    (BILLING, ("connectors", "archive", "plugin_version"), ("[3.1,4.0)", "3.1")),
    (BILLING, ("subjects", "billing.failed-value"), ({}, {"compatibility": "NONE"})),
    (
        BILLING,
        ("subjects", "billing.invoices-value", "content"),
        (
            {"type": "AVRO", "text": '"string"'},
            {"type": "JSON", "text": '{\n  "type": "object",\n  "required": ["id"]\n}\n'},
            {"type": "PROTOBUF", "text": 'syntax = "proto3";\n\nmessage Invoice {\n  int64 cents = 1;\n}\n'},
        ),
    ),
)

COMMENTS = (
    "# a note",
    "#",
    "#! *not* an &anchor, a !tag or <<: a merge",
    "# {[: unbalanced, isn't it",
    "# Zürich — „Straße“ · 東京 · ☕",
    "# a\ttab",
    "# key: value",
    "# --- ... %YAML",
)


def values(random_: random.Random) -> dict[str, dict[str, Any]]:
    """Data of every file of one good fleet."""
    found: dict[str, dict[str, Any]] = {}
    for file in files(BASE).all():
        document = read(BASE, file)
        assert isinstance(document, Document), document
        found[file.removeprefix("fleet/")] = document.data
    for file, path, choices in (*CHOICES, *AROUND):
        here: Any = found[file]
        for step in path[:-1]:
            here = here[step]
        here[path[-1]] = random_.choice(choices)
    return found


def fleet(seed: int) -> dict[str, tuple[bytes, dict[str, Any]]]:
    """The text and data of every file of one good fleet, by its name below `fleet/`."""
    random_ = random.Random(seed)  # noqa: S311 - a fleet for tests, the same for the same seed
    return {file: (Style(random_).write(data), data) for file, data in values(random_).items()}


class Style:
    """One way to write YAML down: indentation, quotes, brackets, comments, ends of line."""

    def __init__(self, random_: random.Random) -> None:
        self.random = random_
        self.step = random_.choice((2, 2, 2, 4, 3))
        self.dash = random_.choice((0, 0, 2))
        self.quotes = random_.choice(("least", "double", "single", "any"))
        self.flow = random_.choice((0.0, 0.4, 1.0))
        self.notes = random_.choice((0.0, 0.1, 0.4))
        self.wide = random_.random() < 0.2
        self.crlf = random_.random() < 0.1
        self.start = random_.random() < 0.1
        self.shuffle = random_.random() < 0.5

    def write(self, data: dict[str, Any]) -> bytes:
        """The file."""
        text = "---\n" if self.start else ""
        text += self._block(data, 0)
        if self.random.random() < 0.1:
            text = text.rstrip("\n")
        return (text.replace("\n", "\r\n") if self.crlf else text).encode()

    def _block(self, value: Any, indent: int) -> str:
        lines = ""
        space = " " * indent
        if isinstance(value, dict):
            for key, item in self._pairs(value):
                lines += self._between(space) + self._entry(f"{space}{self._key(key)}:", item, indent)
        else:
            for item in value:
                lines += self._between(space)
                if isinstance(item, (dict, list)) and item and self.random.random() >= self.flow:
                    lines += f"{space}- {self._block(item, indent + 2).lstrip(' ')}"
                else:
                    lines += f"{space}- {self._flow(item)}{self._end()}"
        return lines

    def _entry(self, label: str, value: Any, indent: int) -> str:
        nested = isinstance(value, (dict, list)) and value
        if not nested or (self.random.random() < self.flow and len(str(value)) < 90):
            if isinstance(value, str) and value.endswith("\n") and self.random.random() < 0.5:
                lines = "".join(f"{' ' * (indent + self.step)}{line}\n" for line in value.splitlines())
                return f"{label} |\n{lines}"
            if isinstance(value, str) and "\n" not in value and self.random.random() < 0.05:
                return f"{label} {self.random.choice(('|-', '>-'))}\n{' ' * (indent + self.step)}{value}\n"
            return f"{label}{'   ' if self.wide else ' '}{self._flow(value)}{self._end()}"
        inner = indent + (self.step if isinstance(value, dict) else self.dash)
        return f"{label}{self._end()}{self._block(value, inner)}"

    def _pairs(self, value: dict[str, Any]) -> list[tuple[str, Any]]:
        pairs = list(value.items())
        if self.shuffle:
            self.random.shuffle(pairs)
        return pairs

    def _flow(self, value: Any) -> str:
        blank = self.random.choice(("", " "))
        if isinstance(value, list):
            comma = self.random.choice((", ", ","))
            return f"[{blank}{comma.join(self._flow(item) for item in value)}{blank}]" if value else "[]"
        if isinstance(value, dict):
            pairs = (f"{self._key(key)}: {self._flow(item)}" for key, item in self._pairs(value))
            return f"{{{blank}{', '.join(pairs)}{blank}}}" if value else "{}"
        if isinstance(value, str):
            return self._text(value)
        return json.dumps(value)

    def _key(self, key: str) -> str:
        return f'"{key}"' if self.random.random() < 0.03 else key

    def _text(self, value: str) -> str:
        plain = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/@+-]*(:[A-Za-z0-9/][A-Za-z0-9._/@?=+-]*)*", value)
        style = self.random.choice(("least", "double", "single")) if self.quotes == "any" else self.quotes
        if style == "least" and plain and resolve(value) == value:
            return value
        if style == "single" and "\n" not in value:
            return "'" + value.replace("'", "''") + "'"
        return json.dumps(value)

    def _end(self) -> str:
        if self.random.random() < self.notes:
            return f" {self.random.choice(COMMENTS)}\n"
        return self.random.choice(("\n",) * 9 + ("  \n",))

    def _between(self, space: str) -> str:
        if self.random.random() >= self.notes:
            return ""
        return self.random.choice(
            ("\n", f"{space}{self.random.choice(COMMENTS)}\n", f"{self.random.choice(COMMENTS)}\n")
        )


if __name__ == "__main__":
    for name, (text, _) in fleet(int(sys.argv[1])).items():
        path = Path(sys.argv[2]) / "fleet" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
