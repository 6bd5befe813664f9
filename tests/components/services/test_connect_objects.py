"""The objects of Connect's workers: least rights, fit for the namespace, and each field of the section in them."""

import json
from dataclasses import replace
from typing import Any

import pytest
import yaml

from components.services.access import HttpAccess, KafkaAccess
from components.services.connect.objects import objects
from components.services.connect.publish import endpoints, publish
from components.services.connect.rules import check
from components.services.connect.spec import ConnectSpec
from components.services.contract import Manifest, Place, ServiceRequest

from .judge import all_refusals
from .requests import ANNOTATIONS, EXAMPLES, PRIVATE, PUBLIC, section

FILES = EXAMPLES.parents[1] / "connect" / "examples"

KAFKA = KafkaAccess(
    cluster="orders",
    namespace="kafka-orders",
    bootstrap="orders-kafka-bootstrap.kafka-orders.svc:9093",
    ca_secret="orders-cluster-ca-cert",  # noqa: S106 - a Secret's name
    version="4.3.1",
    brokers=3,
    replication=3,
    min_insync=2,
)
REGISTRY = HttpAccess("orders-schema-registry", "http://orders-schema-registry.kafka-orders.svc:8081", {})


def example(name: str) -> dict[str, Any]:
    document = yaml.safe_load((FILES / f"{name}.yaml").read_text("utf-8"))
    found: dict[str, Any] = document["services"]["connect"]
    return found


def asked(
    text: str | dict[str, Any] = "", place: Place = PUBLIC, *, production: bool = True, beside: tuple[str, ...] = ()
) -> ServiceRequest:
    """A request for the connect of cluster `orders`, with the services `beside` it."""
    given = yaml.safe_load(text) or {} if isinstance(text, str) else text
    spec = ConnectSpec.model_validate(given)
    kafka = section("")
    return ServiceRequest(
        cluster="orders",
        namespace="kafka-orders",
        team="payments",
        environment="prod" if production else "dev",
        production=production,
        place=place,
        spec=spec,
        services={"kafka": kafka, "connect": spec, **dict.fromkeys(beside, kafka)},
        annotations=ANNOTATIONS,
        published={"kafka": KAFKA, **({"schema_registry": REGISTRY} if "schema_registry" in beside else {})},
    )


def made(request: ServiceRequest) -> dict[str, Manifest]:
    return {manifest.role: manifest for manifest in objects(request)}


def body(request: ServiceRequest, role: str = "workers") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(made(request)[role].body))
    return found


REQUESTS = {
    "full": asked(example("full"), beside=("console", "ksqldb", "schema_registry")),
    "minimal": asked(example("minimal"), PRIVATE, production=False),
    "one zone": asked("", replace(PRIVATE, zones=("eu-west-1a",))),
    "image": asked("plugins: {image: registry.example.com/connect:1.2, contains: [jdbc]}"),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_every_object_is_accepted_strictly(name: str) -> None:
    assert list(check(REQUESTS[name])) == []
    assert all_refusals(objects(REQUESTS[name])) == []


@pytest.mark.parametrize("role", sorted(made(REQUESTS["full"])))
def test_a_wrong_field_is_seen(role: str) -> None:
    wrong = body(REQUESTS["full"], role)
    wrong["spec"]["replicsa"] = 3
    assert all_refusals([Manifest(role, wrong)])


def test_the_worker_s_user_has_no_data_topic() -> None:
    acls = body(REQUESTS["minimal"], "user")["spec"]["authorization"]["acls"]
    assert {(a["resource"]["type"], a["resource"].get("name"), tuple(a["operations"])) for a in acls} == {
        ("cluster", None, ("Describe",)),
        ("group", "orders-connect", ("Describe", "Read")),
        *(
            ("topic", f"orders-connect-{what}", ("Create", "Describe", "DescribeConfigs", "Read", "Write"))
            for what in ("configs", "offsets", "status")
        ),
    }
    assert {a["resource"].get("patternType", "literal") for a in acls} == {"literal"}


def test_exactly_once_needs_the_leader_s_transactions() -> None:
    acls = body(REQUESTS["full"], "user")["spec"]["authorization"]["acls"]
    (found,) = [a for a in acls if a["resource"]["type"] == "transactionalId"]
    assert found["resource"]["name"] == "connect-cluster-orders-connect"


def test_workers_reach_kafka_by_tls_and_their_own_certificate() -> None:
    spec = body(REQUESTS["minimal"])["spec"]
    assert spec["bootstrapServers"] == KAFKA.bootstrap
    assert spec["tls"] == {"trustedCertificates": [{"secretName": "orders-cluster-ca-cert", "pattern": "*.crt"}]}
    assert spec["authentication"]["certificateAndKey"]["secretName"] == "orders-connect"
    assert made(REQUESTS["minimal"])["user"].body["metadata"]["name"] == "orders-connect"
    assert "user" in made(REQUESTS["minimal"])["workers"].after


def test_internal_topics_have_the_cluster_s_copies() -> None:
    request = replace(asked(), published={"kafka": replace(KAFKA, replication=1)})
    config = body(request)["spec"]["config"]
    assert {config[f"{what}.storage.replication.factor"] for what in ("config", "offset", "status")} == {1}


def test_connectors_come_from_git_and_read_secrets_only_from_secrets() -> None:
    found = body(REQUESTS["minimal"])
    assert found["metadata"]["annotations"]["strimzi.io/use-connector-resources"] == "true"
    config = found["spec"]["config"]
    assert config["config.providers"] == "secrets"
    assert config["config.providers.secrets.class"] == "io.strimzi.kafka.KubernetesSecretConfigProvider"
    assert config["connector.client.config.override.policy"] == "All"


def test_the_version_is_the_cluster_s_kafka_s_unless_stated() -> None:
    assert body(REQUESTS["minimal"])["spec"]["version"] == "4.3.1"
    assert body(REQUESTS["full"])["spec"]["version"] == "4.3.0"


@pytest.mark.parametrize(("text", "heap"), [("memory_mib: 4096", "3072m"), ("heap_mib: 600", "600m")])
def test_the_heap_is_three_quarters_or_as_stated(text: str, heap: str) -> None:
    spec = body(asked(text))["spec"]
    assert spec["jvmOptions"] == {"-Xms": heap, "-Xmx": heap}
    assert spec["resources"]["limits"]["memory"] == spec["resources"]["requests"]["memory"]


def test_pods_fit_a_restricted_namespace_and_spread() -> None:
    template = body(REQUESTS["full"])["spec"]["template"]
    assert template["pod"]["securityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    for container in ("connectContainer", "initContainer"):
        context = template[container]["securityContext"]
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert context["allowPrivilegeEscalation"] is False
    keys = [c["topologyKey"] for c in template["pod"]["topologySpreadConstraints"]]
    assert keys == ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
    assert template["podDisruptionBudget"] == {"maxUnavailable": 1}


def test_one_zone_has_nothing_to_spread_over() -> None:
    spec = body(REQUESTS["one zone"])["spec"]
    assert "rack" not in spec
    assert len(spec["template"]["pod"]["topologySpreadConstraints"]) == 1


def test_the_autoscaler_owns_the_number_of_workers() -> None:
    found = made(REQUESTS["full"])
    assert found["workers"].ignore == ("spec.replicas",)
    scale = found["autoscaler"].body["spec"]
    assert scale["scaleTargetRef"] == {
        "apiVersion": "kafka.strimzi.io/v1",
        "kind": "KafkaConnect",
        "name": "orders-connect",
    }
    assert (scale["minReplicas"], scale["maxReplicas"]) == (3, 9)


@pytest.mark.parametrize("text", ["", "autoscaling: {enabled: false, most: 9}"])
def test_without_autoscaling_the_file_does(text: str) -> None:
    found = made(asked(text))
    assert "autoscaler" not in found
    assert found["workers"].ignore == ()


def test_an_image_goes_through_the_cell_s_mirror() -> None:
    text = "plugins: {image: registry.example.com/connect:1.2, pull_secret: pull}"
    spec = body(asked(text, replace(PRIVATE, image_registry="mirror.internal:5000")))["spec"]
    assert spec["image"] == "mirror.internal:5000/connect:1.2"
    assert spec["template"]["pod"]["imagePullSecrets"] == [{"name": "pull"}]
    assert "build" not in spec


def test_the_way_in_is_for_services_that_the_cluster_has() -> None:
    assert "clients" not in made(REQUESTS["minimal"])
    (rule,) = body(asked("", beside=("console",)), "clients")["spec"]["ingress"]
    assert rule["from"] == [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "orders-console"}}}]
    assert rule["ports"] == [{"protocol": "TCP", "port": 8083}]


def test_the_way_out_is_what_the_file_lists() -> None:
    assert "egress" not in made(REQUESTS["minimal"])
    policy = body(REQUESTS["full"], "egress")["spec"]
    assert policy["podSelector"] == {
        "matchLabels": {"strimzi.io/cluster": "orders-connect", "strimzi.io/kind": "KafkaConnect"}
    }
    assert [rule["to"][0]["ipBlock"]["cidr"] for rule in policy["egress"]] == ["10.40.16.0/24", "198.51.100.0/24"]
    assert [p["port"] for p in policy["egress"][1]["ports"]] == [443, 8443]


def test_what_is_published() -> None:
    access = publish(REQUESTS["full"])
    assert access.name == "orders-connect"
    assert access.url == "http://orders-connect-connect-api.kafka-orders.svc:8083"
    assert access.facts == {
        "user": "orders-connect",
        "service_account": "orders-connect-connect",
        "version": "4.3.0",
        "plugins": ("camel-s3-sink", "debezium-postgres"),
        "secret_provider": "secrets",
        "schema_registry": REGISTRY.url,
    }
    assert publish(REQUESTS["image"]).facts["plugins"] == ("jdbc",)
    assert endpoints(REQUESTS["full"]) == {"rest": access.url}


def test_log_levels() -> None:
    loggers = body(REQUESTS["full"])["spec"]["logging"]["loggers"]
    assert loggers["rootLogger.level"] == "WARN"
    (key,) = [k.removesuffix(".name") for k, v in loggers.items() if v == "io.debezium"]
    assert loggers[f"{key}.level"] == "INFO"


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [leaf for key, below in value.items() for leaf in leaves(below, (*path, key))]
    if isinstance(value, list) and value and isinstance(value[0], dict | int):
        return [leaf for key, below in enumerate(value) for leaf in leaves(below, (*path, key))]
    return [path]


FULL = example("full")

OTHER: dict[Any, Any] = {
    "version": "4.3.1",
    "type": "jar",
    "exactly.once.source.support": "disabled",
    "cidr": "10.0.0.0/24",
    "root": "DEBUG",
    "io.debezium": "DEBUG",
}


def changed(key: Any, value: Any) -> Any:
    if key in OTHER:
        return OTHER[key]
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else f"{value[:-1]}2"


@pytest.mark.parametrize("path", leaves(FULL), ids=lambda path: ".".join(map(str, path)))
def test_every_field_reaches_the_objects(path: tuple[Any, ...]) -> None:
    other = json.loads(json.dumps(FULL))
    spot = other
    for key in path[:-1]:
        spot = spot[key]
    spot[path[-1]] = changed(path[-1], spot[path[-1]])
    plain = [m.body for m in objects(asked(FULL))]
    assert [m.body for m in objects(asked(other))] != plain
