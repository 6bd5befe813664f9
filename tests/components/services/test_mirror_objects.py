"""The objects of a mirror: least rights on both sides, credentials brought by nobody, each field in the objects."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
import yaml

from components.services.access import KafkaAccess, KafkaWay, Peer
from components.services.contract import Manifest, Place, ServiceRequest
from components.services.mirror.mirror import endpoints
from components.services.mirror.objects import objects
from components.services.mirror.patterns import covers, expression, overlap
from components.services.mirror.rules import check
from components.services.mirror.spec import MirrorSpec, references

from .judge import all_refusals
from .requests import ANNOTATIONS, EXAMPLES, PUBLIC, section

FILES = EXAMPLES.parents[1] / "mirror" / "examples"
HERE = replace(PUBLIC, apis=("external-secrets.io/v1",))


def kafka(cluster: str) -> KafkaAccess:
    return KafkaAccess(
        cluster=cluster,
        namespace=f"kafka-{cluster}",
        bootstrap=f"{cluster}-kafka-bootstrap.kafka-{cluster}.svc:9093",
        ca_secret=f"{cluster}-cluster-ca-cert",
        version="4.3.1",
        brokers=3,
        replication=3,
        min_insync=2,
    )


def peer(cluster: str = "orders", **more: Any) -> Peer:
    given: dict[str, Any] = {
        "cluster": cluster,
        "namespace": f"kafka-{cluster}",
        "team": "payments",
        "production": True,
        "cell": HERE.cell,
        "cloud": HERE.cloud,
        "region": HERE.region,
        "zone": HERE.dns_zone,
        "kafka": kafka(cluster),
    }
    return Peer(**{**given, **more})


FAR = peer(cell="gcp-ew1-prod")


def mirror(text: str) -> MirrorSpec:
    """A mirror section from YAML."""
    return MirrorSpec.model_validate(yaml.safe_load(text) or {})


def example(name: str) -> dict[str, Any]:
    document = yaml.safe_load((FILES / f"{name}.yaml").read_text("utf-8"))
    found: dict[str, Any] = document["services"]["mirror"]
    return found


def asked(
    given: str | dict[str, Any], *peers: Peer, place: Place = HERE, production: bool = True, team: str = "payments"
) -> ServiceRequest:
    """A request for the mirror into cluster `standby`."""
    spec = mirror(given) if isinstance(given, str) else MirrorSpec.model_validate(given)
    return ServiceRequest(
        cluster="standby",
        namespace="kafka-standby",
        team=team,
        environment="prod",
        production=production,
        place=place,
        spec=spec,
        services={"kafka": section(""), "mirror": spec},
        annotations=ANNOTATIONS,
        published={"kafka": kafka("standby")},
        peers={one.cluster: one for one in peers or (peer(),)},
    )


def one(source: str, *peers: Peer, **more: Any) -> ServiceRequest:
    """A mirror of `orders` with the fields of `source`."""
    return asked(f"sources: {{orders: {{{source}}}}}", *peers, **more)


def made(request: ServiceRequest) -> dict[str, Any]:
    return {manifest.role: json.loads(json.dumps(manifest.body)) for manifest in objects(request)}


REMOTE = (
    "remote: {address: 'b.orders.example.com:9095', cidrs: [10.9.0.0/24], ca_secret: orders-ca, user_secret: orders-dr"
)
SCRAM = f"topics: [a], {REMOTE}, username: dr.standby}}"
TLS = f"topics: [a], {REMOTE}, authentication: tls}}"

REQUESTS = {
    "full": asked(example("full")),
    "minimal": asked(example("minimal"), production=False),
    "prefixed": one("topics: ['orders.*'], names: prefixed, groups: [orders]"),
    "far by password": one(SCRAM, FAR),
    "far by certificate": one(TLS, FAR),
    "two": asked("sources: {orders: {topics: [a]}, web: {topics: [b]}}", peer(), peer("web")),
    "promoted": one("topics: ['orders.*'], groups: [orders], state: promoted"),
    "only asked": asked("targets: [orders]"),
}


OUTSIDE = (
    KafkaWay(
        "network",
        "network",
        "orders-network.far.example:9100",
        "scram-sha-512",
        "port-per-broker",
        ("n:9101", "n:9102"),
    ),
)
NAMED = replace(FAR, kafka=replace(FAR.kafka, ways=OUTSIDE))
UNNAMED = SCRAM.replace("address: 'b.orders.example.com:9095', ", "")


def test_a_far_source_is_reached_by_its_own_name_where_the_file_states_none() -> None:
    found = made(one(UNNAMED, NAMED))
    mirrored = next(body for body in found.values() if body["kind"] == "KafkaMirrorMaker2")
    assert mirrored["spec"]["mirrors"][0]["source"]["bootstrapServers"] == "orders-network.far.example:9100"
    policy = next(body for body in found.values() if body["metadata"]["name"].endswith("-sources"))
    (way,) = policy["spec"]["egress"]
    assert [port["port"] for port in way["ports"]] == [9100, 9101, 9102]
    stated = made(one(SCRAM, NAMED))
    mirrored = next(body for body in stated.values() if body["kind"] == "KafkaMirrorMaker2")
    assert mirrored["spec"]["mirrors"][0]["source"]["bootstrapServers"] == "b.orders.example.com:9095"


@pytest.mark.parametrize("name", REQUESTS)
def test_every_object_is_accepted_strictly(name: str) -> None:
    assert list(check(REQUESTS[name])) == []
    assert all_refusals(objects(REQUESTS[name])) == []


@pytest.mark.parametrize("role", [m.role for m in objects(REQUESTS["full"]) if "spec" in m.body])
def test_a_wrong_field_is_seen(role: str) -> None:
    wrong = made(REQUESTS["full"])[role]
    wrong["spec"]["remoteNamespaec"] = "x"
    assert all_refusals([Manifest(role, wrong)])


def acls(user: dict[str, Any]) -> set[tuple[str, str, str, str]]:
    return {
        (
            acl["resource"]["type"],
            acl["resource"].get("name", ""),
            acl["resource"].get("patternType", ""),
            ",".join(acl["operations"]),
        )
        for acl in user["spec"]["authorization"]["acls"]
    }


def test_at_the_source_it_may_read_what_is_declared_and_write_nothing() -> None:
    user = made(REQUESTS["full"])["orders-user"]
    assert user["metadata"]["namespace"] == "kafka-orders"
    assert user["metadata"]["labels"] == {"strimzi.io/cluster": "orders"}
    assert acls(user) == {
        ("cluster", "", "", "Describe"),
        ("topic", "orders.", "prefix", "Describe,DescribeConfigs,Read"),
        ("topic", "payments", "literal", "Describe,DescribeConfigs,Read"),
        ("group", "orders.", "prefix", "Describe"),
    }


COPY = "Alter,AlterConfigs,Create,Describe,DescribeConfigs,Read,Write"
OWN = "Create,Describe,DescribeConfigs,Read,Write"


def test_at_the_target_it_may_write_what_is_declared_and_its_own_topics() -> None:
    user = made(REQUESTS["minimal"])["user"]
    assert user["metadata"]["namespace"] == "kafka-standby"
    assert acls(user) == {
        ("cluster", "", "", "Describe"),
        ("group", "standby-mirror", "literal", "Describe,Read"),
        *(("topic", f"standby-mirror-{what}", "literal", OWN) for what in ("configs", "offsets", "status")),
        ("topic", "mm2-offset-syncs.orders.internal", "literal", OWN),
        ("topic", "orders.checkpoints.internal", "literal", OWN),
        ("topic", "orders.", "prefix", COPY),
    }


def test_prefixed_copies_have_prefixed_rights() -> None:
    rights = acls(made(REQUESTS["prefixed"])["user"])
    assert ("topic", "orders.orders.", "prefix", COPY) in rights
    assert ("topic", "orders.", "prefix", COPY) not in rights


def test_exactly_once_needs_transactions_of_its_own_names() -> None:
    found = {acl for acl in acls(made(REQUESTS["full"])["user"]) if acl[0] == "transactionalId"}
    assert found == {
        ("transactionalId", "connect-cluster-standby-mirror", "literal", "Describe,Write"),
        ("transactionalId", "standby-mirror-", "prefix", "Describe,Write"),
    }


def test_a_promoted_source_is_stopped_and_its_copies_are_no_longer_the_mirror_s_to_write() -> None:
    found = made(REQUESTS["promoted"])
    (source,) = found["workers"]["spec"]["mirrors"]
    assert source["sourceConnector"]["state"] == source["checkpointConnector"]["state"] == "stopped"
    assert COPY not in {acl[3] for acl in acls(found["user"])}
    assert not [acl for acl in acls(found["user"]) if acl[0] == "group" and acl[1] != "standby-mirror"]
    # Before the workers, so that a connector that is slow to stop is fenced off already.
    assert "user" in {m.role: m for m in objects(REQUESTS["promoted"])}["workers"].after


@pytest.mark.parametrize(("state", "theirs"), [("running", "running"), ("paused", "paused"), ("promoted", "stopped")])
def test_one_line_changes_the_state(state: str, theirs: str) -> None:
    (source,) = made(one(f"topics: [a], state: {state}"))["workers"]["spec"]["mirrors"]
    assert source["sourceConnector"]["state"] == theirs


def test_credentials_are_brought_by_an_identity_that_reads_two_secrets() -> None:
    found = made(REQUESTS["minimal"])
    (rule,) = found["orders-reader"]["rules"]
    assert rule == {
        "apiGroups": [""],
        "resources": ["secrets"],
        "resourceNames": ["orders-cluster-ca-cert", "standby-mirror"],
        "verbs": ["get"],
    }
    assert found["orders-reader"]["metadata"]["namespace"] == "kafka-orders"
    assert found["orders-reader-binding"]["subjects"] == [
        {"kind": "ServiceAccount", "name": "standby-mirror-secrets", "namespace": "kafka-standby"}
    ]
    provider = found["orders-store"]["spec"]["provider"]["kubernetes"]
    assert provider["remoteNamespace"] == "kafka-orders"
    assert provider["auth"] == {"serviceAccount": {"name": "standby-mirror-secrets"}}
    (source,) = found["workers"]["spec"]["mirrors"]
    used = source["source"]["authentication"]["certificateAndKey"]["secretName"]
    assert found["orders-certificate"]["spec"]["target"]["name"] == used
    assert {one["secretKey"] for one in found["orders-certificate"]["spec"]["data"]} == {"user.crt", "user.key"}
    trusted = source["source"]["tls"]["trustedCertificates"][0]["secretName"]
    assert found["orders-authority"]["spec"]["target"]["name"] == trusted


def test_another_cell_gets_no_objects_and_needs_delivered_secrets() -> None:
    found = made(REQUESTS["far by password"])
    assert set(found) == {"user", "sources", "workers"}
    (source,) = found["workers"]["spec"]["mirrors"]
    assert source["source"]["authentication"] == {
        "type": "scram-sha-512",
        "username": "dr.standby",
        "passwordSecret": {"secretName": "orders-dr", "password": "password"},
    }
    (rule,) = found["sources"]["spec"]["egress"]
    assert rule == {"to": [{"ipBlock": {"cidr": "10.9.0.0/24"}}], "ports": [{"protocol": "TCP", "port": 9095}]}


def test_the_way_to_a_source_is_its_brokers_only() -> None:
    (rule,) = made(REQUESTS["minimal"])["sources"]["spec"]["egress"]
    (to,) = rule["to"]
    assert to["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "kafka-orders"}
    assert to["podSelector"]["matchLabels"] == {"strimzi.io/cluster": "orders"}
    assert rule["ports"] == [{"protocol": "TCP", "port": 9093}]


def test_nothing_is_written_to_the_source_and_acls_are_not_copied() -> None:
    (source,) = made(REQUESTS["full"])["workers"]["spec"]["mirrors"]
    for connector in ("sourceConnector", "checkpointConnector"):
        assert source[connector]["config"]["offset-syncs.topic.location"] == "target"
    assert source["sourceConnector"]["config"]["sync.topic.acls.enabled"] is False


def test_copies_are_those_of_the_target() -> None:
    request = replace(REQUESTS["full"], published={"kafka": replace(kafka("standby"), replication=1)})
    spec = made(request)["workers"]["spec"]
    config = [spec["target"]["config"], *(spec["mirrors"][0][c]["config"] for c in ("sourceConnector",))]
    assert {v for c in config for k, v in c.items() if k.endswith("replication.factor")} == {1}


def test_without_groups_there_are_no_checkpoints() -> None:
    (source,) = made(REQUESTS["minimal"])["workers"]["spec"]["mirrors"]
    assert "checkpointConnector" not in source
    assert "groupsPattern" not in source


@pytest.mark.parametrize(("names", "policy"), [("same", "Identity"), ("prefixed", "Default")])
def test_names_decide_the_policy(names: str, policy: str) -> None:
    (source,) = made(one(f"topics: [a], names: {names}"))["workers"]["spec"]["mirrors"]
    found = source["sourceConnector"]["config"]["replication.policy.class"]
    assert found == f"org.apache.kafka.connect.mirror.{policy}ReplicationPolicy"


@pytest.mark.parametrize(
    ("patterns", "inside", "outside"),
    [
        (["orders.*"], ["orders.a", "orders."], ["ordersXa", "orders", "x.orders.a"]),
        (["a.b"], ["a.b"], ["aXb", "a.bc"]),
        (["a", "b-*"], ["a", "b-", "b-c"], ["b", "ab"]),
    ],
)
def test_a_pattern_means_the_same_to_the_filter_and_to_the_acl(
    patterns: list[str], inside: list[str], outside: list[str]
) -> None:
    compiled = re.compile(expression(patterns))
    assert [n for n in inside if not compiled.fullmatch(n)] == []
    assert [n for n in outside if compiled.fullmatch(n)] == []


@pytest.mark.parametrize("name", ["mm2-offset-syncs.web.internal", "__consumer_offsets", "orders-connect-offsets"])
def test_what_keeps_state_is_never_copied(name: str) -> None:
    (source,) = made(one("topics: [o*, m*, _*]"))["workers"]["spec"]["mirrors"]
    assert re.fullmatch(source["topicsPattern"], name)
    assert re.fullmatch(source["topicsExcludePattern"], name)


def test_overlap_and_cover() -> None:
    assert overlap("a.*", "a.b.*")
    assert overlap("a.b", "a.*")
    assert not overlap("a.*", "b.*")
    assert not overlap("a", "b")
    assert covers("a*", "ab")
    assert covers("a*", "ab*")
    assert not covers("ab", "a*")
    assert not covers("a.*", "a")


def test_references_and_endpoints() -> None:
    spec = mirror("{sources: {orders: {topics: [a]}}, targets: [web]}")
    assert [(r.path, r.cluster) for r in references(spec)] == [
        (("sources", "orders"), "orders"),
        (("targets", 0), "web"),
    ]
    assert endpoints(REQUESTS["promoted"]) == {"orders": f"{kafka('orders').bootstrap} (promoted)"}


def test_who_only_lets_others_mirror_runs_nothing() -> None:
    assert made(REQUESTS["only asked"]) == {}


def test_names_of_objects_in_a_shared_namespace_do_not_meet() -> None:
    names = [
        (m.body["kind"], m.body["metadata"]["namespace"], m.body["metadata"]["name"]) for m in objects(REQUESTS["two"])
    ]
    assert len(names) == len(set(names))


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [leaf for key, below in value.items() for leaf in leaves(below, (*path, key))]
    return [path]


FULL = example("full")

OTHER: dict[Any, Any] = {
    "version": "4.3.1",
    "state": "paused",
    "names": "prefixed",
    "topics": ["other"],
    "exclude": ["orders.other"],
    "groups": ["other"],
    "root": "DEBUG",
    "org.apache.kafka.connect.mirror": "DEBUG",
    "exactly.once.source.support": "disabled",
    "compression.type": "lz4",
}


def changed(key: Any, value: Any) -> Any:
    if key in OTHER:
        return OTHER[key]
    return not value if isinstance(value, bool) else value + 1


@pytest.mark.parametrize("path", [p for p in leaves(FULL) if p != ("targets",)], ids=lambda p: ".".join(map(str, p)))
def test_every_field_reaches_the_objects(path: tuple[Any, ...]) -> None:
    other = json.loads(json.dumps(FULL))
    spot = other
    for key in path[:-1]:
        spot = spot[key]
    spot[path[-1]] = changed(path[-1], spot[path[-1]])
    assert made(asked(other)) != made(asked(FULL))
