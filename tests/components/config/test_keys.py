"""The generated tables: what they hold, where they come from, and what differs between Kafka's versions."""

import json
import re
from pathlib import Path

import pytest

from components.config import forbidden
from components.config.keys import TABLES, VERSIONS, WORDS, known, table

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = ROOT / "docs" / "configuration.md"


def test_the_tables_come_from_kafka() -> None:
    topics, brokers = table("topic"), table("broker")
    assert len(topics) == 33
    assert len(brokers) > 300
    assert topics["retention.ms"].type == "long"
    assert topics["cleanup.policy"].values == ("compact", "delete")
    assert brokers["process.roles"].mode == "read-only"
    assert brokers["num.network.threads"].mode == "cluster-wide"
    assert brokers["listeners"].mode == "per-broker"


def test_every_kind_has_a_table_of_every_version() -> None:
    for kind in WORDS:
        assert json.loads((TABLES / f"{kind}.json").read_text("utf-8"))["versions"] == list(VERSIONS)
        for version in VERSIONS:
            assert known(kind, version), (kind, version)


def test_every_row_says_what_it_is() -> None:
    for kind in WORDS:
        for name, key in table(kind).items():
            assert key.type in {"boolean", "short", "int", "long", "double", "string", "list", "class", "password"}, (
                name
            )
            assert key.importance in {"high", "medium", "low"}, name
            modes = {"broker": {"read-only", "per-broker", "cluster-wide"}, "topic": {"dynamic"}}
            assert key.mode in modes.get(kind, {"restart"}), name
            assert not (key.required and key.default is not None), name


def test_sources_are_written_down_with_their_digests() -> None:
    sources = json.loads((TABLES / "sources.json").read_text("utf-8"))
    assert set(sources) == {*VERSIONS, "operator 1.2.0"}
    for version in VERSIONS:
        assert f"org.apache.kafka:kafka-clients:{version}" in sources[version]
        assert f"org.apache.kafka:connect-runtime:{version}" in sources[version]
        assert f"org.apache.kafka:connect-mirror:{version}" in sources[version]
    for jars in sources.values():
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in jars.values())


@pytest.mark.parametrize(
    ("kind", "documented"),
    [
        (
            "topic",
            """cleanup.policy compression.type delete.retention.ms file.delete.delay.ms flush.messages flush.ms
            index.interval.bytes max.compaction.lag.ms max.message.bytes message.timestamp.type
            min.cleanable.dirty.ratio min.compaction.lag.ms min.insync.replicas preallocate retention.bytes
            retention.ms segment.bytes segment.index.bytes segment.jitter.ms segment.ms
            unclean.leader.election.enable remote.storage.enable local.retention.ms local.retention.bytes
            follower.replication.throttled.replicas leader.replication.throttled.replicas
            message.timestamp.before.max.ms message.timestamp.after.max.ms""",
        ),
        ("producer", "acks batch.size compression.type enable.idempotence linger.ms max.request.size transactional.id"),
        ("consumer", "auto.offset.reset fetch.min.bytes group.id isolation.level max.poll.records session.timeout.ms"),
        ("admin", "bootstrap.servers client.id request.timeout.ms retries"),
        ("streams", "application.id num.standby.replicas processing.guarantee state.dir replication.factor"),
        ("connect_worker", "config.storage.topic group.id offset.flush.interval.ms plugin.path"),
        ("source_connector", "connector.class errors.tolerance exactly.once.support tasks.max topic.creation.groups"),
        ("sink_connector", "errors.deadletterqueue.topic.name topics topics.regex transforms"),
        ("topic_creation", "include exclude partitions replication.factor"),
        ("mirror_source", "offset-syncs.topic.replication.factor refresh.topics.enabled replication.factor topics"),
        ("mirror_checkpoint", "checkpoints.topic.replication.factor groups sync.group.offsets.enabled"),
    ],
)
def test_no_documented_key_is_missing(kind: str, documented: str) -> None:
    """Names from Kafka's documentation, so from another hand than the generated tables."""
    assert set(documented.split()) <= set(table(kind))


def test_a_key_counts_as_its_version_has_it() -> None:
    name = "share.coordinator.snapshot.update.records.per.snapshot"
    assert known("broker", "4.2.1")[name].most is None
    assert known("broker", "4.3.1")[name].most == 500
    assert "cordoned.log.dirs" not in known("broker", "4.2.1")
    assert "cordoned.log.dirs" in known("broker", "4.3.0")


def test_the_document_counts_the_keys_as_they_are() -> None:
    text = DOCUMENT.read_text("utf-8")
    for kind in WORDS:
        opaque = sum(1 for key in table(kind).values() if key.judge == "opaque")
        counts = " | ".join(str(len(known(kind, version))) for version in VERSIONS)
        assert f"| `{kind}` | {counts} | {opaque} |" in text, (
            f"docs/configuration.md: | `{kind}` | {counts} | {opaque} |"
        )


def test_the_document_counts_the_operators_lists() -> None:
    text = DOCUMENT.read_text("utf-8")
    for kind in forbidden.kinds("1.2.0"):
        rules = forbidden.rules("1.2.0", kind)
        assert rules is not None
        lists = (rules.prefixes, rules.exceptions, rules.options, rules.per_listener)
        counts = " | ".join(str(len(words)) for words in lists)
        assert f"| `{kind}` | {counts} |" in text, f"docs/configuration.md: | `{kind}` | {counts} |"


def test_the_document_names_every_opaque_key() -> None:
    text = DOCUMENT.read_text("utf-8")
    for kind in WORDS:
        for name, key in table(kind).items():
            assert key.judge != "opaque" or f"`{name}`" in text, f"docs/configuration.md does not name {kind} {name}"
