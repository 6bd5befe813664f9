"""Good objects are accepted; one wrong field is refused, by the judge and in the words that are expected."""

from typing import Any

import pytest

from sandbox.clouds.kubernetes.validate import Crds, validate
from sandbox.contract import UNKNOWN
from tests.sandbox.kubernetes_world import crds, definitions, manifest, manifests

DELETE = object()
BROKERS, QUORUM = "storage", "quorum"


def changed(body: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """`body` with the value at a path like `spec/kafka/listeners/0/port` replaced, added or removed."""
    *way, last = path.split("/")
    node: Any = body
    for part in way:
        node = node[int(part)] if isinstance(node, list) else node[part.replace("~", "/")]
    key: Any = int(last) if isinstance(node, list) else last.replace("~", "/")
    if value is DELETE:
        del node[key]
    else:
        node[key] = value
    return body


@pytest.mark.parametrize("body", manifests(), ids=lambda body: f"{body['kind']}-{body['metadata']['name']}")
def test_a_good_object_is_accepted(body: dict[str, Any]) -> None:
    assert validate(body, crds()) == []


@pytest.mark.parametrize("body", definitions(), ids=lambda body: str(body["metadata"]["name"]))
def test_strimzis_own_crds_are_accepted(body: dict[str, Any]) -> None:
    assert validate(body, Crds()) == []


LISTENER = "spec/kafka/listeners/0"
SPREAD = "spec/template/pod/topologySpreadConstraints/0"
VOLUME = "spec/storage/volumes/0"
CRD_MUTATIONS = [
    ("Kafka", "", "spec/kafka/replicas", 3, "crd", ".spec.kafka.replicas: field not declared in schema"),
    ("Kafka", "", "spec/kafka/rack/topologyKeys", "x", "crd", ".spec.kafka.rack.topologyKeys: field not declared"),
    ("Kafka", "", f"{LISTENER}/configuration", {"bootstrp": {}}, "crd", "configuration.bootstrp: field not declared"),
    ("Kafka", "", f"{LISTENER}/port", 80, "crd", "port in body should be greater than or equal to 9092"),
    ("Kafka", "", f"{LISTENER}/port", "9093", "crd", "spec.kafka.listeners[0].port in body must be of type integer"),
    ("Kafka", "", f"{LISTENER}/name", "Clients", "crd", "in body should match '^[a-z0-9]{1,11}$'"),
    ("Kafka", "", f"{LISTENER}/type", "ldap", "crd", 'Unsupported value: "ldap": supported values: "internal"'),
    ("Kafka", "", f"{LISTENER}/tls", DELETE, "crd", "spec.kafka.listeners[0].tls: Required value"),
    ("Kafka", "", f"{LISTENER}/authentication/type", "oauth", "crd", 'Unsupported value: "oauth"'),
    ("Kafka", "", "spec/kafka/listeners", [], "crd", "should have at least 1 items"),
    ("Kafka", "", "spec/kafka", DELETE, "crd", "spec.kafka: Required value"),
    ("Kafka", "", "spec/kafka/authorization/type", "opa", "crd", 'Unsupported value: "opa"'),
    ("Kafka", "", "spec/kafka/rack/topologyKey", "", "crd", "topologyKey property is required"),
    ("Kafka", "", "spec/kafka/rack/topologyKey", DELETE, "crd", "no such member in mapping: 'topologyKey'"),
    ("Kafka", "", "spec/kafka/metricsConfig/type", "jmxPrometheusExporter", "crd", "valueFrom property is required"),
    ("Kafka", "", "spec/clusterCa/validityDays", 0, "crd", "validityDays in body should be greater than or equal to 1"),
    ("Kafka", "", "spec/kafka/quotas/minAvailableRatioPerVolume", "0.2", "crd", "must be of type number"),
    ("KafkaNodePool", BROKERS, "spec/roles", DELETE, "crd", "spec.roles: Required value"),
    ("KafkaNodePool", BROKERS, "spec/roles/0", "zookeeper", "crd", 'Unsupported value: "zookeeper"'),
    ("KafkaNodePool", BROKERS, "spec/replicas", -1, "crd", "replicas in body should be greater than or equal to 0"),
    ("KafkaNodePool", BROKERS, f"{VOLUME}/deleteClaims", True, "crd", "volumes[0].deleteClaims: field not declared"),
    ("KafkaNodePool", BROKERS, "spec/jvmOptions/-Xms", "4Gi", "crd", "should match"),
    ("KafkaNodePool", BROKERS, "spec/resources/requests/cpu", "3 cores", "crd", "spec.resources.requests.cpu in body"),
    ("KafkaNodePool", BROKERS, "spec/resources/requests/cpu", True, "crd", "must be of type integer or string"),
    ("KafkaTopic", "", "spec/partitons", 3, "crd", ".spec.partitons: field not declared in schema"),
    ("KafkaTopic", "", "spec/partitions", 0, "crd", "partitions in body should be greater than or equal to 1"),
    ("KafkaTopic", "", "spec/replicas", 40000, "crd", "replicas in body should be less than or equal to 32767"),
    ("KafkaUser", "", "spec/authentication/renewalDays", DELETE, "crd", "must be set together"),
    ("KafkaUser", "", "spec/authentication/renewalDays", 90, "crd", "'renewalDays' must be less than 'validityDays'"),
    ("KafkaUser", "", "spec/authentication/type", "scram-sha-512", "crd", "only with 'type: tls'"),
    ("KafkaUser", "", "spec/authorization/acls/0/operation", "Read", "crd", "acls[0].operation: field not declared"),
    ("KafkaUser", "", "spec/authorization/acls/0/operations/0", "Reed", "crd", 'Unsupported value: "Reed"'),
    ("KafkaConnect", "", "spec/groupId", DELETE, "crd", "spec.groupId: Required value"),
    ("KafkaConnect", "", "spec/tls/trustedCertificates/0/certificate", "ca.crt", "crd", "one and only one schema"),
    ("KafkaConnector", "", "spec/state", "going", "crd", 'Unsupported value: "going"'),
    ("KafkaMirrorMaker2", "", "spec/mirrors/0/heartbeatConnector", {}, "crd", "heartbeatConnector: field not declared"),
    ("KafkaBridge", "", "spec/http/port", 80, "crd", "port in body should be greater than or equal to 1023"),
    ("KafkaRebalance", "", "spec/mode", "half", "crd", 'Unsupported value: "half"'),
    ("Kafka", "", "apiVersion", "kafka.strimzi.io/v1beta2", "crd", 'no matches for kind "Kafka" in version'),
    ("KafkaTopic", "", "metadata/name", "Scans_A", "crd", "a lowercase RFC 1123 subdomain"),
    ("KafkaTopic", "", "metadata/namespace", DELETE, "law", "metadata.namespace: Required value"),
    ("KafkaTopic", "", "metadata/labels/strimzi.io~cluster", "a b", "crd", "a valid label must consist"),
    ("KafkaTopic", "", "metadata/labels/-bad-", "x", "crd", "name part must be qualified"),
    ("Kafka", "", "metadata/annotations/pulumi.com~timeoutSeconds", 3600, "crd", "is not a string: write it in quotes"),
    ("Kafka", "", "metadata/name", DELETE, "law", "metadata.name: Required value"),
    ("Kafka", "", "metadata/anotations", {}, "crd", ".metadata.anotations: field not declared in schema"),
    ("KafkaUser", "", "metadata/name", ["scanner"], "crd", "metadata.name: Invalid value"),
    ("KafkaUser", "", "metadata/namespace", "kafka_parcels", "crd", "metadata.namespace: Invalid value"),
    ("KafkaUser", "", "metadata/labels", ["a"], "crd", "metadata.labels: Invalid value"),
]

LAW_MUTATIONS = [
    ("Kafka", "", "spec/kafka/config/listeners", "PLAIN://:9092", "drops 'listeners' silently"),
    ("Kafka", "", "spec/kafka/config/log.dirs", "/data", "(forbidden: 'log.dir')"),
    ("Kafka", "", "spec/kafka/config/controller.quorum.voters", "1@a:9090", "(forbidden: 'controller.')"),
    ("Kafka", "", "spec/kafka/config/ssl.keystore.location", "/k", "(forbidden: 'ssl.')"),
    ("Kafka", "", "spec/kafka/config/listener.name.scram-9094.ssl.client.auth", "none", "(forbidden: 'listener.')"),
    ("KafkaConnect", "", "spec/config/group.id", "mine", "(forbidden: 'group.id')"),
    ("KafkaConnector", "", "spec/config/tasks.max", 3, "(forbidden: 'tasks.max')"),
    ("KafkaMirrorMaker2", "", "spec/mirrors/0/sourceConnector/config/name", "x", "sourceConnector.config.name"),
    ("Kafka", "", f"{LISTENER}/port", 9094, "every listener needs a port of its own, 9094 is taken"),
    ("Kafka", "", f"{LISTENER}/name", "scram", "every listener needs a name of its own, 'scram' is taken"),
    ("Kafka", "", f"{LISTENER}/port", 9404, "port 9404 is Strimzi's own (metrics)"),
    ("Kafka", "", f"{LISTENER}/tls", False, "authentication by certificate needs `tls: true`"),
    ("Kafka", "", "spec/kafka/version", "4.9.0", "Strimzi 1.2.0 can't run Kafka 4.9.0"),
    ("Kafka", "", "spec/kafka/metadataVersion", "4.3-IV0", "metadata version 4.3-IV0 is newer than Kafka 4.2.1"),
    ("KafkaNodePool", BROKERS, "metadata/labels", {}, "no operator takes an object without this label"),
    ("KafkaNodePool", BROKERS, f"{VOLUME}/id", 1, "every volume needs an id of its own, 1 is taken"),
    ("KafkaNodePool", BROKERS, f"{VOLUME}/size", DELETE, "a persistent claim needs a size"),
    ("KafkaNodePool", BROKERS, f"{VOLUME}/size", "500 GB", "'500 GB' is not a quantity"),
    ("KafkaNodePool", BROKERS, "spec/storage/volumes/1/kraftMetadata", "shared", "only one volume may hold"),
    ("KafkaNodePool", BROKERS, "spec/resources/requests/memroy", "1Gi", "must be a standard resource type"),
    ("KafkaNodePool", BROKERS, "spec/template/pod/tolerations/0/effect", "NoEntry", 'Unsupported value: "NoEntry"'),
    ("KafkaNodePool", BROKERS, "spec/template/pod/tolerations/0/operator", "In", 'Unsupported value: "In"'),
    ("KafkaNodePool", QUORUM, f"{SPREAD}/whenUnsatisfiable", "Never", 'supported values: "DoNotSchedule"'),
]

BUILTIN_MUTATIONS = [
    ("StorageClass", "parametres", {}, "crd", ".parametres: field not declared in schema"),
    ("StorageClass", "provisioner", DELETE, "crd", "provisioner: Required value"),
    ("StorageClass", "metadata/namespace", "kafka-parcels", "crd", "Forbidden: not allowed on this type"),
    ("StorageClass", "reclaimPolicy", "Keep", "law", 'supported values: "Delete", "Retain"'),
    ("StorageClass", "volumeBindingMode", "Later", "law", 'Unsupported value: "Later"'),
    ("StorageClass", "parameters/cacheMode", "None", "law", "disk.csi.azure.com knows no such parameter"),
    ("StorageClass", "parameters/skuName", "Premium", "law", 'parameters.skuName: Unsupported value: "Premium"'),
    ("StorageClass", "parameters/cachingMode", "ReadOnly", "law", "PremiumV2_LRS has no cache"),
    ("StorageClass", "parameters/maxShares", 2, "crd", "parameters.maxShares: Invalid value"),
    ("Namespace", "metadata/name", "kafka.parcels", "crd", "a lowercase RFC 1123 label"),
    ("Deployment", "spec/replicas", "two", "crd", "spec.replicas: Invalid value"),
    ("Deployment", "spec/template/spec/containers/0/imagee", "x", "crd", "containers[0].imagee: field not declared"),
    ("Deployment", "spec/template/spec/containers/0/resources/limits/memory", "1 GB", "crd", "'1 GB' does not match"),
    ("Deployment", "spec/template/spec/containers/0/resources/requests/memory", "2Gi", "law", "memory limit of 1Gi"),
    ("Deployment", "spec/template/spec/containers/0/volumeMounts/0/name", "cert", "law", 'Not found: "cert"'),
    ("Deployment", "spec/template/metadata/labels/app", "other", "law", "`selector` does not match template `labels`"),
    ("Deployment", "spec/template/spec/containers", DELETE, "crd", "spec.template.spec.containers: Required value"),
    ("Deployment", "apiVersion", "apps/v2", "crd", 'no matches for kind "Deployment" in version "apps/v2"'),
    ("Service", "metadata/name", "1st", "crd", "a DNS-1035 label"),
    ("Service", "spec/ports/0/prt", 1, "crd", ".spec.ports[0].prt: field not declared in schema"),
    ("Deployment", "spec/template/spec/containers/0/imagePullPolicy", "Often", "law", 'Unsupported value: "Often"'),
    ("Deployment", "spec/template/spec/containers/0/ports/0/containerPort", 0, "law", "between 1 and 65535"),
    ("Service", "spec/ports/0/port", 70000, "law", "must be between 1 and 65535"),
    ("Service", "spec/ports/0/protocol", "HTTP", "law", 'supported values: "SCTP", "TCP", "UDP"'),
    ("NetworkPolicy", "spec/policyTypes/0", "Inbound", "law", 'supported values: "Egress", "Ingress"'),
    ("PodDisruptionBudget", "spec/maxUnavailable", -1, "law", "must be greater than or equal to 0"),
    ("PodDisruptionBudget", "spec/minAvailable", 1, "law", "cannot be both set"),
    ("NetworkPolicy", "spec/ingress/0/from/0/ipBlock/cidr", "192.168.0.0/99", "law", "must be a valid CIDR value"),
    ("NetworkPolicy", "spec/ingress/0/from/0/podSelector", {}, "law", "may not specify both ipBlock and another peer"),
    ("ClusterRole", "rules/0/verbs", DELETE, "crd", "rules[0].verbs: Required value"),
    ("ClusterRole", "metadata/name", "a/b", "crd", "nor contain '/'"),
]


@pytest.mark.parametrize("case", CRD_MUTATIONS)
def test_a_wrong_field_is_refused_by_the_crd(case: tuple[str, str, str, Any, str, str]) -> None:
    kind, name, path, value, judge, said = case
    found = validate(changed(manifest(kind, name), path, value), crds())
    assert any(refusal.judge == judge and said in refusal.message for refusal in found), found


@pytest.mark.parametrize(("kind", "name", "path", "value", "said"), LAW_MUTATIONS)
def test_what_strimzi_would_drop_or_never_run_is_refused(
    kind: str, name: str, path: str, value: Any, said: str
) -> None:
    found = validate(changed(manifest(kind, name), path, value), crds())
    assert [refusal.judge for refusal in found] == ["law"]
    assert said in found[0].message


@pytest.mark.parametrize(("kind", "path", "value", "judge", "said"), BUILTIN_MUTATIONS)
def test_a_wrong_built_in_object_is_refused(kind: str, path: str, value: Any, judge: str, said: str) -> None:
    found = validate(changed(manifest(kind), path, value), Crds())
    assert any(refusal.judge == judge and said in refusal.message for refusal in found), found


CHANGES = [
    ("KafkaNodePool", QUORUM, "spec/replicas", 3, "5 controllers can't become 3"),
    ("KafkaNodePool", QUORUM, "spec/roles", ["controller", "broker"], "the roles of a node pool are for life"),
    ("KafkaNodePool", BROKERS, f"{VOLUME}/size", "400Gi", "a volume can't shrink from 500Gi to 400Gi"),
    ("KafkaNodePool", BROKERS, f"{VOLUME}/class", "kafka", "'kafka-fast' can't become 'kafka'"),
    ("KafkaNodePool", BROKERS, "spec/storage/volumes/1", DELETE, "volume 1 holds replicas"),
    ("KafkaTopic", "", "spec/partitions", 12, "24 can't become 12"),
    ("KafkaTopic", "", "spec/topicName", "parcels.other", "'parcels.scans' can't become 'parcels.other'"),
    ("StorageClass", "", "reclaimPolicy", "Delete", "updates to reclaimPolicy are forbidden"),
]


@pytest.mark.parametrize(("kind", "name", "path", "value", "said"), CHANGES)
def test_what_can_never_change_is_refused_as_a_change_only(
    kind: str, name: str, path: str, value: Any, said: str
) -> None:
    new = changed(manifest(kind, name), path, value)
    assert validate(new, crds()) == []
    found = validate(new, crds(), old=manifest(kind, name))
    assert [said in refusal.message for refusal in found] == [True], found


def test_the_metadata_version_never_goes_back() -> None:
    newer = changed(changed(manifest("Kafka"), "spec/kafka/version", "4.3.1"), "spec/kafka/metadataVersion", "4.3-IV0")
    older = changed(manifest("Kafka"), "spec/kafka/version", "4.3.1")
    assert validate(newer, crds(), old=older) == []
    assert "4.3-IV0 can't become 4.2-IV1" in validate(older, crds(), old=newer)[0].message


def test_growing_is_allowed() -> None:
    bigger = changed(manifest("KafkaNodePool", BROKERS), f"{VOLUME}/size", "1Ti")
    assert validate(bigger, crds(), old=manifest("KafkaNodePool", BROKERS)) == []


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("Kafka", "spec/kafka/rack/topologyKey"),
        ("Kafka", LISTENER),
        ("Deployment", "spec/replicas"),
        ("KafkaUser", "spec"),
    ],
)
def test_what_is_not_known_yet_is_not_refused(kind: str, path: str) -> None:
    assert validate(changed(manifest(kind), path, UNKNOWN), crds()) == []


def test_whole_numbers_may_arrive_as_doubles() -> None:
    body = changed(manifest("KafkaTopic"), "spec/partitions", 24.0)
    assert validate(body, crds()) == []
    assert "must be of type integer" in validate(changed(body, "spec/partitions", 24.5), crds())[0].message


def test_a_key_of_the_same_name_in_kafkas_configuration_is_kafkas() -> None:
    body = changed(manifest("KafkaConnector"), "spec/config/port", 0)
    assert validate(changed(body, "spec/config/protocol", "HTTP"), crds()) == []


def test_parameters_of_a_driver_that_nobody_here_knows_are_not_judged() -> None:
    body = changed(manifest("StorageClass"), "provisioner", "disk.example.com")
    assert validate(changed(body, "parameters/cacheMode", "None"), Crds()) == []


@pytest.mark.parametrize("kind", ["Deployment", "KafkaNodePool", "Kafka"])
def test_a_list_where_a_text_belongs_is_told_and_breaks_nothing(kind: str) -> None:
    paths = {
        "Deployment": "spec/template/spec/containers/0/name",
        "KafkaNodePool": f"{VOLUME}/id",
        "Kafka": f"{LISTENER}/name",
    }
    found = validate(changed(manifest(kind), paths[kind], ["x"]), crds())
    assert found and {refusal.judge for refusal in found} == {"crd"}


def test_every_mistake_is_told_at_once() -> None:
    body = changed(changed(manifest("Kafka"), f"{LISTENER}/port", 80), "spec/kafka/listeners/1/tls", "yes")
    paths = {refusal.path[:4] for refusal in validate(body, crds())}
    assert paths == {("spec", "kafka", "listeners", 0), ("spec", "kafka", "listeners", 1)}
