"""Each law of a Kafka section, broken by one section and kept by its nearest neighbour."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from components import catalog
from components.finding import Finding
from components.services.contract import Place
from components.services.kafka import ENTRY
from components.services.kafka.rules import check, loads

from .requests import PRIVATE, PUBLIC, request, section


def findings(text: str, place: Place = PUBLIC, *, production: bool = True) -> list[Finding]:
    return list(check(request(text, place, production=production)))


def codes(text: str, place: Place = PUBLIC, *, production: bool = True) -> list[tuple[str, str]]:
    return [(f.code, ".".join(map(str, f.path))) for f in findings(text, place, production=production)]


IMAGE = "image: 'registry.example.com/kafka:1.2.0-kafka-4.3.1'"
TIERED = "{class_name: a.b.Manager, class_path: /opt/kafka/plugins/t/*, local_retention_hours: 6%s}"

BAD = [
    ("version: '4.1.0'", "kafka-version-unsupported", "version"),
    ("metadata_version: 4.4-IV0", "metadata-ahead", "metadata_version"),
    ("{version: '4.2.1', metadata_version: 4.3-IV0}", "metadata-ahead", "metadata_version"),
    ("size: {name: dev}", "dev-size-in-production", "size.name"),
    ("controllers: 1", "too-few-controllers", "controllers"),
    ("brokers: 4", "brokers-not-spread", "brokers"),
    ("{brokers: 3, size: {name: large}, disk_gib: 16000}", "too-few-brokers", "brokers"),
    ("disk_gib: 5", "disk-size", "disk_gib"),
    ("disk_gib: 20000", "disk-size", "disk_gib"),
    ("disk_gib: 100", "disk-too-small", "disk_gib"),
    ("quotas: {min_free_ratio: 0.2}", "quota-ignored", "quotas.min_free_ratio"),
    ("config: {listeners: x}", "forbidden-config", "config.listeners"),
    ("config: {ssl.keystore.location: /x}", "forbidden-config", "config.ssl.keystore.location"),
    ("config: {controller.quorum.voters: x}", "forbidden-config", "config.controller.quorum.voters"),
    ("config: {log.dirs: /x}", "forbidden-config", "config.log.dirs"),
    ("config: {log.retention.hour: 1}", "unknown-broker-config", "config.log.retention.hour"),
    ("config: {num.network.threads: many}", "bad-broker-config", "config.num.network.threads"),
    ("config: {num.network.threads: 0}", "bad-broker-config", "config.num.network.threads"),
    ("config: {compression.type: zip}", "bad-broker-config", "config.compression.type"),
    ("config: {delete.topic.enable: 1}", "bad-broker-config", "config.delete.topic.enable"),
    ("config: {min.insync.replicas: 3}", "min-isr-too-high", "config.min.insync.replicas"),
    ("config: {min.insync.replicas: 1}", "min-isr-too-low", "config.min.insync.replicas"),
    ("config: {offsets.topic.replication.factor: 2}", "too-few-copies", "config.offsets.topic.replication.factor"),
    ("config: {offsets.topic.replication.factor: 4}", "too-many-copies", "config.offsets.topic.replication.factor"),
    ("config: {auto.create.topics.enable: true}", "unsafe-config", "config.auto.create.topics.enable"),
    ("config: {unclean.leader.election.enable: true}", "unsafe-config", "config.unclean.leader.election.enable"),
    ("listeners: {mine: {type: internal}}", "listener-incomplete", "listeners.mine"),
    ("listeners: {tls: {enabled: false}}", "platform-listener-changed", "listeners.tls.enabled"),
    ("listeners: {tls: {type: network}}", "platform-listener-changed", "listeners.tls.type"),
    (
        "listeners: {tls: {authentication: scram-sha-512}}",
        "platform-listener-changed",
        "listeners.tls.authentication",
    ),
    ("listeners: {scram: {port: 9404}}", "reserved-port", "listeners.scram.port"),
    ("listeners: {scram: {port: 9999}}", "reserved-port", "listeners.scram.port"),
    ("listeners: {scram: {port: 9093}}", "port-taken", "listeners.tls.port"),
    (
        "listeners: {external: {allowed_cidrs: [192.0.2.0/24]}}",
        "listener-wider-than-cell",
        "listeners.external.allowed_cidrs.0",
    ),
    (
        "listeners: {scram: {allowed_cidrs: [198.51.100.0/24]}}",
        "cidrs-on-internal-listener",
        "listeners.scram.allowed_cidrs",
    ),
    ("listeners: {external: {allowed_cidrs: []}}", "listener-open", "listeners.external.allowed_cidrs"),
    ("listeners: {scram: {authentication: oauth}}", "oauth-incomplete", "listeners.scram.authentication"),
    (
        "listeners: {scram: {oauth: {issuer: 'https://i', jwks_url: 'https://i/k', audience: a}}}",
        "oauth-ignored",
        "listeners.scram.oauth",
    ),
    ("image: quay.io/acme/kafka:latest", "image-not-pinned", "image"),
    ("image: quay.io/acme/kafka", "image-not-pinned", "image"),
    ("image: 'quay.io/acme/kafka:1.2.0-kafka-4.2.0'", "image-of-other-version", "image"),
    (
        "{remove_brokers: [100, 101, 102], cruise_control: {auto_rebalance: false}}",
        "removal-without-rebalance",
        "remove_brokers",
    ),
    (f"{{tiered_storage: {TIERED % ''}}}", "tiered-storage-without-plugin", "tiered_storage"),
    (
        f"{{{IMAGE}, tiered_storage: {TIERED.replace(': 6', ': 60') % ''}}}",
        "local-retention-too-long",
        "tiered_storage.local_retention_hours",
    ),
    (
        f"{{{IMAGE}, tiered_storage: {TIERED % ', config: {a.b: x}, secrets: {a.b: {secret: s, key: k}}'}}}",
        "tiered-storage-key-twice",
        "tiered_storage.secrets.a.b",
    ),
    (
        f"{{{IMAGE}, tiered_storage: {TIERED % ', config: {s3.secret.access.key: hush}'}}}",
        "secret-in-file",
        "tiered_storage.config.s3.secret.access.key",
    ),
    (
        "config: {remote.log.storage.system.enable: true}",
        "config-of-tiered-storage",
        "config.remote.log.storage.system.enable",
    ),
]


@pytest.mark.parametrize(("text", "code", "path"), BAD, ids=[f"{c}-{p}" for _, c, p in BAD])
def test_a_broken_law_is_told_where_it_is_broken(text: str, code: str, path: str) -> None:
    assert (code, path) in codes(text)


GOOD = [
    "",
    "version: '4.2.0'",
    "metadata_version: '4.2'",
    "metadata_version: 4.2-IV1",
    "controllers: 5",
    "brokers: 6",
    "disk_gib: 560",
    "quotas: {scope: broker, min_free_ratio: 0.2}",
    "config: {log.retention.hours: 1, num.network.threads: 8, compression.type: zstd}",
    "config: {ssl.cipher.suites: TLS_AES_256_GCM_SHA384}",
    "config: {controller.quorum.election.timeout.ms: 2000}",
    "config: {listener.name.scram-9094.max.connections: 100}",
    "config: {cruise.control.metrics.topic.retention.ms: 3600000}",
    "config: {default.replication.factor: 3, min.insync.replicas: 2}",
    "config: {log.cleanup.policy: 'compact,delete'}",
    "listeners: {mine: {type: internal, port: 9100, authentication: tls}}",
    "listeners: {scram: {enabled: false}}",
    "{brokers: 3, remove_brokers: [100, 101, 102]}",
    f"{{{IMAGE}, tiered_storage: {TIERED % ', config: {a.access.key.id: x, token.file: y}'}}}",
    "listeners: {scram: {authentication: oauth, oauth: {issuer: 'https://i', jwks_url: 'https://i/k', audience: a}}}",
    "image: quay.io/acme/kafka@sha256:" + "0" * 64,
    "listeners: {external: {allowed_cidrs: [198.51.100.128/25]}}",
    "listeners: {lan: {type: network, port: 9100, authentication: tls, allowed_cidrs: [10.0.0.0/8]}}",
]


@pytest.mark.parametrize("text", GOOD)
def test_what_is_right_is_not_refused(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    "text", ["size: {name: dev}", "brokers: 4", "controllers: 1", "config: {auto.create.topics.enable: true}"]
)
def test_some_laws_are_for_production_only(text: str) -> None:
    assert codes(text, PRIVATE, production=False) == []
    assert codes(text)


def test_a_public_address_on_a_private_cell_is_refused() -> None:
    found = codes("listeners: {external: {type: external, port: 9100, authentication: tls}}", PRIVATE)
    assert ("external-listener-on-private-cell", "listeners.external.type") in found


def test_a_cell_without_load_balancers_says_so() -> None:
    bare = replace(PRIVATE, load_balancers={})
    assert codes("", bare) == []
    found = codes("listeners: {lan: {type: network, port: 9100, authentication: tls}}", bare)
    assert ("no-load-balancer", "listeners.lan.type") in found


def test_a_machine_that_is_too_small_names_the_right_one() -> None:
    # 9,000 x 3 replicas on 9 brokers: 3,000 each, which want 48 GiB.
    text = """
        brokers: 9
        size: {throughput: {produce_mb_per_s: 9, consume_fan_out: 2, retention_hours: 1, partitions: 9000}}
    """
    told = {f.code: f for f in findings(text, replace(PUBLIC, machine="m7g.large"))}
    assert told["machine-too-small"].path == ("size", "throughput")
    assert "m7g.large gives 1.93 CPUs and 6.7 GiB" in told["machine-too-small"].message
    assert told["machine-too-small"].hint == "place it on a cell whose Kafka nodes are r7g.2xlarge"
    assert codes(text, replace(PUBLIC, machine="r7g.2xlarge")) == []


def test_cruise_control_needs_two_brokers() -> None:
    found = codes("{brokers: 1, controllers: 1}", PRIVATE, production=False)
    assert ("cruise-control-needs-brokers", "cruise_control.enabled") in found


def test_a_forbidden_key_names_the_nearest_allowed_one_and_the_reason() -> None:
    (found,) = findings("config: {ssl.cipher.suite: x}")
    assert "ssl.cipher.suites" in found.hint
    (found,) = findings("config: {advertised.listeners: x}")
    assert "addresses follow from `listeners`" in found.message


def test_an_unknown_key_names_the_nearest_one() -> None:
    (found,) = findings("config: {num.network.thread: 8}")
    assert found.hint == "did you mean 'num.network.threads'?"


def test_the_law_of_versions_says_what_the_operator_runs() -> None:
    (found,) = findings("version: '3.9.0'")
    assert found.allowed == "4.2.0, 4.2.1, 4.3.0, 4.3.1"


def test_what_the_cell_s_own_check_refuses_is_not_told_twice() -> None:
    assert codes("", replace(PUBLIC, machine="m1.small")) == []
    assert codes("", replace(PUBLIC, operator_version="9.9.9")) == []


def test_a_value_of_the_wrong_type_is_told_once_and_breaks_nothing() -> None:
    for text in ("config: {min.insync.replicas: two}", "config: {default.replication.factor: three}"):
        ((code, _),) = codes(text)
        assert code == "bad-broker-config"


def test_the_smallest_disk_and_two_brokers_are_enough() -> None:
    assert codes("disk_gib: 10", PRIVATE, production=False) == []
    assert codes("disk_gib: 9", PRIVATE, production=False) == [("disk-size", "disk_gib")]
    assert codes("brokers: 2", PRIVATE, production=False) == []


@pytest.mark.parametrize(
    "text",
    [
        "size: {}",
        "size: {name: small, throughput: {produce_mb_per_s: 1, consume_fan_out: 1, retention_hours: 1, partitions: 1}}",
        "size: {name: huge}",
        "controllers: 4",
        "listeners: {My-Listener: {}}",
        "listeners: {toolongalisten: {}}",
        "listeners: {scram: {port: 80}}",
        "listeners: {scram: {tls: false}}",
        "listeners: {scram: {authentication: none}}",
        "config: {a: [1]}",
        "brokers: '3'",
        "maintenance_windows: ['always']",
        "image: kafka:4.3.1",
        "remove_brokers: [7]",
        "listeners: {a: {oauth: {issuer: 'http://i', jwks_url: 'https://i/k', audience: a}}}",
        "listeners: {a: {oauth: {issuer: 'https://i', jwks_url: 'http://i/k', audience: a}}}",
        "tiered_storage: {class_name: NoPackage, class_path: /p, local_retention_hours: 6}",
        "tiered_storage: {class_name: a.B, class_path: p, local_retention_hours: 6}",
        "tiered_storage: {class_name: a.B, class_path: /p}",
    ],
)
def test_shapes_are_refused_by_the_model(text: str) -> None:
    with pytest.raises(ValidationError):
        section(text)


def test_loads_are_brokers_and_controllers() -> None:
    brokers, controllers = loads(request("size: {name: medium}"))
    assert (brokers.what, brokers.pods, brokers.cpu, brokers.memory_gib) == ("brokers", 3, 2.5, 24)
    assert (controllers.what, controllers.pods) == ("controllers", 3)
    assert brokers.exclusive
    assert controllers.exclusive


def test_the_reasons_are_what_render_prints() -> None:
    first, *others = catalog.load(ENTRY.explain)(request("size: {name: medium}"))
    assert first.startswith("size medium: 25 MB/s")
    assert len(others) > 8
