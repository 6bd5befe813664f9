"""The objects of a Kafka cluster: judged by the CRDs, safe, placed apart, and each field of the section in them."""

import json
from dataclasses import replace
from typing import Any, get_args, get_origin

import pytest
import yaml

from components.services.kafka.egress import Egress
from components.services.kafka.fan_outs import HOSTNAME
from components.services.kafka.oauth import Oauth
from components.services.kafka.objects import objects
from components.services.kafka.rules import check
from components.services.kafka.spec import KafkaSpec, Listener
from stacks.spec import ClusterSpec

from .judge import all_refusals, refusals
from .requests import ANNOTATIONS, EXAMPLES, GATEWAY, PRIVATE, PUBLIC, example, request


def bodies(spec: KafkaSpec | str = "", **more: Any) -> dict[str, dict[str, Any]]:
    return {m.role: dict(m.body) for m in objects(request(spec, **more))}


REQUESTS = {
    "full": request(KafkaSpec.model_validate(example("full")), GATEWAY),
    "minimal": request(KafkaSpec.model_validate(example("minimal")), PRIVATE, production=False),
    "one broker": request("{brokers: 1, controllers: 1, cruise_control: {enabled: false}}", PRIVATE, production=False),
    "one zone": request("{}", replace(PRIVATE, zones=("eu-west-1a",)), production=False),
    "two zones": request("{}", replace(PRIVATE, zones=("eu-west-1a", "eu-west-1b")), production=False),
    "large": request("size: {name: large}"),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_every_object_is_accepted_strictly(name: str) -> None:
    assert list(check(REQUESTS[name])) == []
    assert all_refusals(objects(REQUESTS[name])) == []


@pytest.mark.parametrize("role", [m.role for m in objects(REQUESTS["full"]) if m.body.get("spec")])
def test_a_wrong_field_is_seen(role: str) -> None:
    """The judge of the test above, seen red."""
    body = json.loads(json.dumps(bodies(KafkaSpec.model_validate(example("full")), place=GATEWAY)[role]))
    body["spec"]["partitons"] = 3
    assert refusals(body)


def test_the_same_request_gives_the_same_bytes() -> None:
    first, second = (json.dumps([m.body for m in objects(REQUESTS["full"])]) for _ in range(2))
    assert first == second


def leaves(value: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        return [leaf for key, below in value.items() for leaf in leaves(below, (*path, key))]
    return [(path, value)]


OTHER: dict[str, Any] = {
    "version": "4.3.0",
    "metadata_version": "4.3-IV0",
    "storage_class": "kafka",
    "controllers": 3,
    "type": "internal",
    "authentication": "tls",
    "allowed_cidrs": ["203.0.113.0/24"],
    "super_users": ["CN=other"],
    "maintenance_windows": ["* * 3-4 ? * MON *"],
    "scope": "user",
    "compression.type": "zstd",
    "produce_mb_per_s": 400,
    "partitions": 9000,
    "consume_fan_out": 20,
    "cidrs": ["192.0.2.32/28"],
    "remove_brokers": [100, 101, 102],
    "egress": [{"port": 8443}],
    "fan_out": "sni",
    "ports": "9100-9120",
}


def changed(key: str, value: Any) -> Any:
    if key in OTHER and OTHER[key] != value:
        return OTHER[key]
    if key == "authentication":
        return "scram-sha-512"
    if key == "type":
        return "network"
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return f"{value}x"
    return value * 2 if isinstance(value, float) else value + 3


FULL = example("full")
# A size stated as throughput is hidden by stated brokers and disk; without them each of its numbers shows.
FREE = {key: value for key, value in FULL.items() if key not in ("brokers", "disk_gib")}


@pytest.mark.parametrize("path", [path for path, _ in leaves(FULL)], ids=".".join)
def test_every_field_reaches_the_objects(path: tuple[str, ...]) -> None:
    start = FREE if path[0] == "size" else FULL
    plain = bodies(KafkaSpec.model_validate(start), place=GATEWAY)
    other = json.loads(json.dumps(start))
    spot = other
    for key in path[:-1]:
        spot = spot[key]
    spot[path[-1]] = changed(path[-1], spot[path[-1]])
    assert bodies(KafkaSpec.model_validate(other), place=GATEWAY) != plain


def _fields(model: type[Any], given: Any, path: str = "") -> list[str]:
    """Fields of a model that an example leaves out, to any depth."""
    missing = []
    for name, field in model.model_fields.items():
        if name not in given:
            missing.append(f"{path}{name}")
        else:
            # Of a model, or of a model that may be left out; those in lists and mappings are looked at below.
            several = get_origin(field.annotation) in (dict, tuple)
            for kind in () if several else (field.annotation, *get_args(field.annotation)):
                if hasattr(kind, "model_fields"):
                    missing += _fields(kind, given[name], f"{path}{name}.")
    return missing


def test_full_sets_every_field() -> None:
    # `size` is one of two; the other is below.
    assert _fields(KafkaSpec, FULL) == ["size.name"]
    named = {key for listener in FULL["listeners"].values() for key in listener}
    assert named == set(Listener.model_fields)
    assert not _fields(Oauth, FULL["listeners"]["tokens"]["oauth"])
    assert not _fields(Egress, FULL["tiered_storage"]["egress"][0])


@pytest.mark.parametrize("name", ["minimal", "full"])
def test_examples_are_cluster_files(name: str) -> None:
    ClusterSpec.model_validate(yaml.safe_load((EXAMPLES / f"{name}.yaml").read_text("utf-8")))


def test_a_named_size_reaches_the_objects() -> None:
    assert bodies("size: {name: medium}") != bodies("size: {name: small}")


def test_nothing_but_safe_listeners() -> None:
    for name, asked in REQUESTS.items():
        for listener in dict(objects(asked)[-1].body)["spec"]["kafka"]["listeners"]:
            assert listener["tls"] is True, name
            how = listener["authentication"]
            if how["type"] == "custom":
                assert how["sasl"] is True, name
                assert how["listenerConfig"]["sasl.enabled.mechanisms"] == "OAUTHBEARER", name
                assert how["listenerConfig"]["sasl.oauthbearer.expected.audience"], name
            else:
                assert how["type"] in {"tls", "scram-sha-512"}, name


def test_a_public_cell_gets_a_listener_for_its_ranges_only() -> None:
    (found,) = [x for x in bodies()["kafka"]["spec"]["kafka"]["listeners"] if x["type"] == "loadbalancer"]
    assert found["name"] == "external"
    assert found["configuration"]["loadBalancerSourceRanges"] == list(PUBLIC.allowed_cidrs)
    # A broker that is added later has every annotation that the bootstrap has, and so no other kind of address.
    each, first = (
        found["configuration"]["perBrokerAnnotationsTemplate"],
        found["configuration"]["bootstrap"]["annotations"],
    )
    assert each.items() - {(HOSTNAME, each[HOSTNAME])} == first.items() - {(HOSTNAME, first[HOSTNAME])}


def test_a_private_cell_gets_private_addresses() -> None:
    (found,) = [x for x in bodies(place=PRIVATE)["kafka"]["spec"]["kafka"]["listeners"] if x["type"] == "loadbalancer"]
    assert found["name"] == "network"
    annotations = found["configuration"]["perBrokerAnnotationsTemplate"]
    assert annotations["service.beta.kubernetes.io/aws-load-balancer-internal"] == "true"


def test_ownership_is_in_annotations_and_in_no_label() -> None:
    for role, body in bodies().items():
        metadata = body["metadata"]
        assert ANNOTATIONS.items() <= metadata["annotations"].items(), role
        assert not set(ANNOTATIONS.values()) & set(metadata.get("labels", {}).values()), role


def test_a_changed_owner_rolls_nothing() -> None:
    """What reaches pods is `spec` and labels; a new cost centre may be in neither."""
    other = replace(request(), annotations={**ANNOTATIONS, "kafka-fleet/cost-center": "CC-9"})
    for before, after in zip(objects(request()), objects(other), strict=True):
        assert before.body.get("spec") == after.body.get("spec")
        assert before.body["metadata"].get("labels") == after.body["metadata"].get("labels")


def test_replication_is_three_with_two_in_sync() -> None:
    config = bodies()["kafka"]["spec"]["kafka"]["config"]
    assert config["default.replication.factor"] == config["offsets.topic.replication.factor"] == 3
    assert config["min.insync.replicas"] == config["transaction.state.log.min.isr"] == 2
    assert config["auto.create.topics.enable"] is config["unclean.leader.election.enable"] is False


def test_pods_are_apart_and_on_kafka_nodes_only() -> None:
    for role in ("controller", "broker"):
        pod = bodies()[f"{role}-pool"]["spec"]["template"]["pod"]
        labels = {"strimzi.io/cluster": "orders", f"strimzi.io/{role}-role": "true"}
        (apart,) = pod["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
        assert apart == {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": labels}}
        (spread,) = pod["topologySpreadConstraints"]
        assert spread["labelSelector"]["matchLabels"] == labels
        assert spread["whenUnsatisfiable"] == "DoNotSchedule"
        assert pod["tolerations"][0]["value"] == "kafka"


def test_one_zone_needs_no_rack() -> None:
    single = bodies(place=replace(PRIVATE, zones=("eu-west-1a",)), production=False)
    assert "rack" not in single["kafka"]["spec"]["kafka"]
    assert "topologySpreadConstraints" not in single["broker-pool"]["spec"]["template"]["pod"]
    assert "rack" in bodies()["kafka"]["spec"]["kafka"]


def test_volumes_and_authorities_outlive_their_cluster() -> None:
    found = bodies()
    for pool in ("controller-pool", "broker-pool"):
        (volume,) = found[pool]["spec"]["storage"]["volumes"]
        assert volume["deleteClaim"] is False
    for authority in ("clusterCa", "clientsCa"):
        assert found["kafka"]["spec"][authority]["generateSecretOwnerReference"] is False


def test_what_holds_data_is_protected() -> None:
    protected = {m.role for m in objects(request()) if m.protect}
    assert protected == {"namespace", "controller-pool", "broker-pool", "kafka"}


def test_broker_and_controller_ids_never_meet() -> None:
    found = bodies()
    ids = [found[f"{r}-pool"]["metadata"]["annotations"]["strimzi.io/next-node-ids"] for r in ("controller", "broker")]
    assert ids == ["[0-9]", "[100-999]"]


def test_the_namespace_denies_by_default() -> None:
    denied = bodies()["deny-all"]["spec"]
    assert denied == {"podSelector": {}, "policyTypes": ["Egress", "Ingress"]}
    assert bodies()["namespace"]["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


def test_manifests_stand_after_what_they_need() -> None:
    for asked in REQUESTS.values():
        seen: set[str] = set()
        for manifest in objects(asked):
            assert set(manifest.after) <= seen, manifest.role
            seen.add(manifest.role)


TOKENS = (
    "tokens: {type: internal, port: 9097, authentication: oauth, oauth: {issuer: 'https://id.example.com/', "
    "jwks_url: 'https://id.example.com/keys', audience: orders%s}}"
)


def test_tokens_are_checked_with_the_provider_s_keys_by_brokers_alone() -> None:
    found = bodies("listeners: {" + TOKENS % "" + "}")
    (listener,) = [x for x in found["kafka"]["spec"]["kafka"]["listeners"] if x["name"] == "tokens"]
    settings = listener["authentication"]["listenerConfig"]
    assert settings["sasl.oauthbearer.jwks.endpoint.url"] == "https://id.example.com/keys"
    assert settings["oauthbearer.sasl.jaas.config"].endswith("OAuthBearerLoginModule required;")
    assert settings["oauthbearer.connections.max.reauth.ms"] == 3_600_000
    allowed = {
        "name": "org.apache.kafka.sasl.oauthbearer.allowed.urls",
        "value": "https://id.example.com/keys",
    }
    assert found["broker-pool"]["spec"]["jvmOptions"]["javaSystemProperties"] == [allowed]
    assert "javaSystemProperties" not in found["controller-pool"]["spec"]["jvmOptions"]
    assert "kafkaContainer" not in found["broker-pool"]["spec"]["template"]


def test_a_provider_s_own_certificates_are_mounted_where_the_listener_looks() -> None:
    found = bodies("listeners: {" + TOKENS % ", ca: {secret: idp, key: ca.pem}" + "}")
    template = found["broker-pool"]["spec"]["template"]
    assert template["pod"]["volumes"] == [{"name": "oauth-tokens", "secret": {"secretName": "idp"}}]
    (mount,) = template["kafkaContainer"]["volumeMounts"]
    (listener,) = [x for x in found["kafka"]["spec"]["kafka"]["listeners"] if x["name"] == "tokens"]
    assert (
        f'"{mount["mountPath"]}/ca.pem"' in listener["authentication"]["listenerConfig"]["oauthbearer.sasl.jaas.config"]
    )


def test_brokers_leave_the_namespace_only_for_what_is_declared() -> None:
    assert "allow-outside" not in bodies()
    found = bodies(KafkaSpec.model_validate(FULL))["allow-outside"]["spec"]
    assert found["podSelector"]["matchLabels"]["strimzi.io/broker-role"] == "true"
    assert found["egress"] == [
        {"ports": [{"protocol": "TCP", "port": 443}], "to": [{"ipBlock": {"cidr": "198.51.100.64/26"}}]},
        {"ports": [{"protocol": "TCP", "port": 8443}], "to": [{"ipBlock": {"cidr": "192.0.2.16/28"}}]},
    ]


def test_tiered_storage_has_its_secrets_by_reference_only() -> None:
    found = bodies(KafkaSpec.model_validate(FULL))
    body = found["kafka"]["spec"]["kafka"]
    manager = body["tieredStorage"]["remoteStorageManager"]
    assert manager["config"]["storage.aws.secret.access.key"] == (
        "${strimzienv:TIERED_STORAGE_STORAGE_AWS_SECRET_ACCESS_KEY}"
    )
    assert found["broker-pool"]["spec"]["template"]["kafkaContainer"]["env"] == [
        {
            "name": "TIERED_STORAGE_STORAGE_AWS_SECRET_ACCESS_KEY",
            "valueFrom": {"secretKeyRef": {"name": "tiered-storage", "key": "secret-access-key"}},
        }
    ]
    assert "env" not in found["controller-pool"]["spec"]["template"].get("kafkaContainer", {})
    assert body["config"]["log.local.retention.ms"] == 6 * 3_600_000
    assert body["config"]["log.retention.ms"] == 12 * 3_600_000
    assert body["config"]["rlmm.config.remote.log.metadata.topic.replication.factor"] == 3


def test_tiered_storage_needs_smaller_disks() -> None:
    size = "size: {throughput: {produce_mb_per_s: 20, consume_fan_out: 2, retention_hours: 240, partitions: 900}}"
    tiered = (
        "image: registry.example.com/kafka:1.2.0-kafka-4.3.1\n"
        "tiered_storage: {class_name: a.B, class_path: /p/*, local_retention_hours: 12}"
    )

    def disk(text: str) -> int:
        found = bodies(text)
        (volume,) = found["broker-pool"]["spec"]["storage"]["volumes"]
        return int(volume["size"].removesuffix("Gi")) * int(found["broker-pool"]["spec"]["replicas"])

    assert disk(f"{size}\n{tiered}") < disk(size) / 10


def test_an_image_of_one_s_own_goes_through_the_mirror() -> None:
    place = replace(PUBLIC, image_registry="mirror.example.com/quay")
    image = bodies("image: quay.io/acme/kafka:1.2.0-kafka-4.3.1", place=place)["kafka"]["spec"]["kafka"]["image"]
    assert image == "mirror.example.com/quay/acme/kafka:1.2.0-kafka-4.3.1"
    assert "image" not in bodies(place=place)["kafka"]["spec"]["kafka"]


def test_brokers_are_removed_by_name_and_never_without_the_operator_s_check() -> None:
    pool = bodies("{brokers: 3, remove_brokers: [100, 102, 104]}")["broker-pool"]
    assert pool["metadata"]["annotations"]["strimzi.io/remove-node-ids"] == "[100, 102, 104]"
    assert "strimzi.io/remove-node-ids" not in bodies()["broker-pool"]["metadata"]["annotations"]
    for asked in REQUESTS.values():
        assert "skip-broker-scaledown-check" not in json.dumps([m.body for m in objects(asked)])


def test_partitions_move_by_themselves_when_brokers_come_and_go() -> None:
    found = bodies("brokers: 6")
    rebalance = found["kafka"]["spec"]["cruiseControl"]["autoRebalance"]
    name = found["rebalance-template"]["metadata"]["name"]
    assert rebalance == [{"mode": mode, "template": {"name": name}} for mode in ("add-brokers", "remove-brokers")]


def test_nothing_new_is_in_a_cluster_that_asks_for_nothing_new() -> None:
    """A key too many here rolls every broker of the fleet."""
    found = bodies()
    assert set(found["kafka"]["spec"]["kafka"]) == {
        *("version", "metadataVersion", "listeners", "authorization", "config"),
        *("quotas", "metricsConfig", "template", "rack"),
    }
    assert set(found["broker-pool"]["spec"]["template"]) == {"pod"}
    assert set(found["broker-pool"]["spec"]["jvmOptions"]) == {"-Xms", "-Xmx"}


def test_the_namespace_is_as_strict_as_every_service_can_bear() -> None:
    """A build of Connect plugins runs as root; where there is none, nothing may."""
    from components.services.connect.spec import ConnectSpec

    example = EXAMPLES.parents[1] / "connect" / "examples" / "full.yaml"
    building = ConnectSpec.model_validate(yaml.safe_load(example.read_text("utf-8"))["services"]["connect"])
    plain = ConnectSpec()
    asked = request()
    for connect, expected in ((plain, "restricted"), (building, "baseline")):
        (namespace, *_) = objects(replace(asked, services={"kafka": asked.spec, "connect": connect}))
        assert namespace.body["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == expected
        assert namespace.body["metadata"]["labels"]["pod-security.kubernetes.io/warn"] == "restricted"
