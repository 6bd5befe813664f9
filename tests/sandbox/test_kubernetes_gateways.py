"""Gateways, routes and service attachments: what no API server refuses and nobody would ever attach."""

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from sandbox.clouds.kubernetes import MODEL, gateway_crds, helm, routes, strimzi_listeners
from sandbox.clouds.kubernetes.validate import Crds, is_builtin, validate
from sandbox.contract import Record
from tests.sandbox.kubernetes_world import SCOPE, FakeWorld, cluster, manifest, record, request, token
from tests.sandbox.kubernetes_world import crds as manifests_crds

SPACE, GATEWAYS = "kafka-parcels", "kafka-gateway"


def release(chart: str, **values: Any) -> Record:
    inputs = {"chart": f"oci://charts.example.com/{chart}", "name": chart, "namespace": GATEWAYS, "values": values}
    return Record(f"urn:{chart}", helm.TOKEN, f"{GATEWAYS}/{chart}", SCOPE, inputs, inputs)


def crds(channel: str = "experimental", api: bool = True, envoy: bool = True) -> Record:
    chosen = {"gatewayAPI": {"enabled": api, "channel": channel}, "envoyGateway": {"enabled": envoy}}
    return release("gateway-crds-helm", crds=chosen)


CONTROLLER = release("gateway-helm")


def body(api: str, kind: str, name: str, spec: Mapping[str, Any], namespace: str = "") -> dict[str, Any]:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": api, "kind": kind, "metadata": metadata, "spec": dict(spec)}


API = "gateway.networking.k8s.io"
PROXY = body("gateway.envoyproxy.io/v1alpha1", "EnvoyProxy", "kafka", {}, GATEWAYS)
CLASS = body(
    f"{API}/v1",
    "GatewayClass",
    "kafka",
    {
        "controllerName": "gateway.envoyproxy.io/gatewayclass-controller",
        "parametersRef": {
            "group": "gateway.envoyproxy.io",
            "kind": "EnvoyProxy",
            "name": "kafka",
            "namespace": GATEWAYS,
        },
    },
)


def listener(name: str, port: int, protocol: str, kind: str, **more: Any) -> dict[str, Any]:
    allowed = {"kinds": [{"group": API, "kind": kind}], "namespaces": {"from": "All"}}
    return {"name": name, "port": port, "protocol": protocol, "allowedRoutes": allowed, **more}


GATEWAY = body(
    f"{API}/v1",
    "Gateway",
    "kafka",
    {
        "gatewayClassName": "kafka",
        "listeners": [
            listener("sni", 443, "TLS", "TLSRoute", tls={"mode": "Passthrough"}, hostname="*.kafka.example.com"),
            listener("port-9100", 9100, "TCP", "TCPRoute"),
        ],
    },
    GATEWAYS,
)


def route(kind: str = "TCPRoute", name: str = "orders", section: str = "port-9100", **more: Any) -> dict[str, Any]:
    parent = {"name": "kafka", "namespace": GATEWAYS, "sectionName": section}
    spec = {"parentRefs": [parent], "rules": [{"backendRefs": [{"name": "orders", "port": 9095}]}], **more}
    return body(f"{API}/{'v1' if kind == 'TLSRoute' else 'v1alpha2'}", kind, name, spec, SPACE)


def by_name(name: str = "orders", host: str = "orders.kafka.example.com") -> dict[str, Any]:
    return route("TLSRoute", name, "sni", hostnames=[host])


def world(*more: Any, without: str = "") -> FakeWorld:
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": GATEWAYS}}
    parts = {
        "crds": crds(),
        "controller": CONTROLLER,
        "PROXY": record(PROXY),
        "CLASS": record(CLASS),
        "GATEWAY": record(GATEWAY),
    }
    kept = [part for name, part in parts.items() if name != without]
    return FakeWorld(cluster(), record(namespace), record(manifest("Namespace")), *kept, *more)


def codes(body: Mapping[str, Any], there: FakeWorld, operation: str = "create") -> list[str]:
    asked = request(operation, body, record(body) if operation == "delete" else None)
    model = MODEL.find(token(body), body)
    assert model is not None
    return [refusal.code for law in model.laws for refusal in law(asked, there)]


def changed(body: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    made: Any = copy.deepcopy(dict(body))
    *way, last = path.split(".")
    spot = made
    for part in way:
        spot = spot[int(part) if part.isdigit() else part]
    spot[int(last) if last.isdigit() else last] = value
    return dict(made)


GOOD = [PROXY, CLASS, GATEWAY, route(), by_name()]


@pytest.mark.parametrize("good", GOOD, ids=lambda body: body["kind"])
def test_what_fits_is_taken(good: dict[str, Any]) -> None:
    assert validate(good, Crds()) == []
    assert codes(good, world()) == []


def test_their_group_is_not_one_of_kubernetes_own() -> None:
    assert not is_builtin(f"{API}/v1")
    assert is_builtin("networking.k8s.io/v1")


@pytest.mark.parametrize("kind", GOOD, ids=lambda body: body["kind"])
def test_without_the_release_of_the_crds_there_is_no_such_kind(kind: dict[str, Any]) -> None:
    assert "NotFound" in codes(kind, world(without="crds"))
    # A preview may come before the release.
    assert codes(kind, world(without="crds"), "check") == []


@pytest.mark.parametrize(
    ("brought", "kind", "missing"),
    [
        (crds(channel="standard"), route(), True),
        (crds(channel="standard"), by_name(), False),
        (crds(envoy=False), PROXY, True),
        (crds(envoy=False), by_name(), False),
        (crds(api=False), by_name(), True),
        (crds(api=False), PROXY, False),
    ],
)
def test_a_release_brings_what_its_values_say(brought: Record, kind: dict[str, Any], missing: bool) -> None:
    assert ("NotFound" in codes(kind, world(brought, without="crds"))) is missing


def test_the_release_of_the_crds_goes_last() -> None:
    old = crds()
    asked = request("delete", {"apiVersion": "v1", "kind": "Release", **old.inputs}, old)
    (found,) = gateway_crds.emptied(asked, world())
    assert found.code == "crd-in-use"
    assert list(gateway_crds.emptied(asked, FakeWorld(cluster(), old))) == []
    other = request("delete", {"apiVersion": "v1", "kind": "Release", **CONTROLLER.inputs}, CONTROLLER)
    assert list(gateway_crds.emptied(other, world())) == []


BAD = [
    ("no controller", CLASS, "spec.controllerName", "example.com/other", "no-controller"),
    ("no settings", CLASS, "spec.parametersRef.name", "other", "InvalidParameters"),
    ("no class", GATEWAY, "spec.gatewayClassName", "other", "no-gateway-class"),
    ("no certificate", GATEWAY, "spec.listeners.0.tls", {"mode": "Terminate"}, "listener-tls"),
    (
        "a kind that the protocol has not",
        GATEWAY,
        "spec.listeners.1.allowedRoutes.kinds.0.kind",
        "TLSRoute",
        "InvalidRouteKinds",
    ),
    ("no gateway", route(), "spec.parentRefs.0.name", "other", "NoMatchingParent"),
    ("no listener", route(), "spec.parentRefs.0.sectionName", "port-9999", "NoMatchingParent"),
    ("a listener of other routes", route(), "spec.parentRefs.0.sectionName", "sni", "NotAllowedByListeners"),
    ("a host of others", by_name(), "spec.hostnames.0", "orders.example.org", "NoMatchingListenerHostname"),
    ("a service of others", route(), "spec.rules.0.backendRefs.0.namespace", "other", "RefNotPermitted"),
    ("no service", route(), "spec.rules.0.backendRefs.0.kind", "Pod", "InvalidKind"),
]


@pytest.mark.parametrize(("good", "path", "value", "code"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_what_nobody_would_attach_is_refused(good: dict[str, Any], path: str, value: Any, code: str) -> None:
    assert code in codes(changed(good, path, value), world())


def test_a_class_needs_a_controller_that_runs() -> None:
    assert codes(CLASS, world(without="controller")) == ["no-controller"]


def test_a_port_has_one_listener() -> None:
    twice = changed(GATEWAY, "spec.listeners.1.port", 443)
    assert "listener-conflict" in codes(twice, world())


def test_a_host_name_is_no_address() -> None:
    (found,) = validate(by_name(host="10.0.0.1"), Crds())
    assert "cannot contain an IP" in found.message


def test_routes_of_another_namespace_need_to_be_let_in() -> None:
    closed = changed(GATEWAY, "spec.listeners.1.allowedRoutes.namespaces", {"from": "Same"})
    there = world(record(closed), without="GATEWAY")
    assert codes(route(), there) == ["NotAllowedByListeners"]
    chosen = {"from": "Selector", "selector": {"matchLabels": {"kubernetes.io/metadata.name": SPACE}}}
    opened = changed(GATEWAY, "spec.listeners.1.allowedRoutes.namespaces", chosen)
    assert codes(route(), world(record(opened), without="GATEWAY")) == []


def test_a_port_and_a_host_have_one_route() -> None:
    there = world(record(route(name="older")), record(by_name(name="older")))
    assert codes(route(), there) == ["route-conflict"]
    assert codes(by_name(), there) == ["route-conflict"]
    assert codes(by_name(host="other.kafka.example.com"), there) == []
    # The same route, changed, is no conflict with itself.
    assert codes(route(name="older"), there) == []


def test_a_listener_by_name_needs_its_gateway() -> None:
    kafka = copy.deepcopy(manifest("Kafka"))
    parent = {"name": "kafka", "namespace": GATEWAYS, "sectionName": "sni"}
    kafka["spec"]["kafka"]["listeners"] = [
        {
            "name": "network",
            "port": 9095,
            "type": "tlsroute",
            "tls": True,
            "configuration": {
                "parentRefs": [parent],
                "bootstrap": {"host": "orders.kafka.example.com"},
                "hostTemplate": "orders-{nodeId}.kafka.example.com",
            },
        }
    ]
    assert list(routes.of_kafka(request("create", kafka), world())) == []
    (found,) = routes.of_kafka(request("create", kafka), world(without="GATEWAY"))
    assert found.code == "NoMatchingParent"
    model = MODEL.find(token(kafka), kafka)
    assert model is not None
    assert routes.of_kafka in model.laws


ATTACHMENT = body(
    "networking.gke.io/v1",
    "ServiceAttachment",
    "kafka-gateway",
    {
        "connectionPreference": "ACCEPT_MANUAL",
        "natSubnets": ["link-nat"],
        "resourceRef": {"kind": "Service", "name": "kafka-gateway"},
        "consumerAllowList": [{"project": "consumer", "connectionLimit": 10}],
    },
    GATEWAYS,
)
GKE = "gcp:container/cluster:Cluster"


def subnet(purpose: str) -> Record:
    inputs = {"name": "link-nat", "purpose": purpose}
    return Record("urn:subnet", "gcp:compute/subnetwork:Subnetwork", "link-nat", SCOPE, inputs, inputs)


def gke(*more: Any, purpose: str = "PRIVATE_SERVICE_CONNECT") -> FakeWorld:
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": GATEWAYS}}
    return FakeWorld(cluster(type=GKE), record(namespace), subnet(purpose), *more)


def test_a_private_link_of_gke_is_taken_there_and_nowhere_else() -> None:
    assert validate(ATTACHMENT, Crds()) == []
    assert codes(ATTACHMENT, gke()) == []
    assert "NotFound" in codes(ATTACHMENT, world())


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("spec.connectionPreference", "ACCEPT_SOME", "bad-preference"),
        ("spec.connectionPreference", "ACCEPT_AUTOMATIC", "list-ignored"),
        ("spec.resourceRef.kind", "Ingress", "bad-target"),
        ("spec.natSubnets.0", "other", "subnet-not-found"),
    ],
)
def test_a_wrong_private_link_is_refused(path: str, value: Any, code: str) -> None:
    assert codes(changed(ATTACHMENT, path, value), gke()) == [code]


def test_its_subnet_is_for_nothing_else() -> None:
    assert codes(ATTACHMENT, gke(purpose="PRIVATE")) == ["subnet-purpose"]
    other = changed(ATTACHMENT, "metadata.name", "other")
    assert codes(ATTACHMENT, gke(record(other))) == ["subnet-in-use"]


def _listener(kind: str, **configuration: Any) -> dict[str, Any]:
    kafka = copy.deepcopy(manifest("Kafka"))
    one = {"name": "network", "port": 9095, "type": kind, "tls": True, "configuration": configuration}
    kafka["spec"]["kafka"]["listeners"] = [one]
    return kafka


ROUTED: dict[str, Any] = {
    "parentRefs": [{"name": "kafka"}],
    "bootstrap": {"host": "orders.example.com"},
    "hostTemplate": "{nodeId}.example.com",
}


@pytest.mark.parametrize(
    ("kafka", "said"),
    [
        (_listener("tlsroute", **ROUTED), []),
        (_listener("tlsroute", **{**ROUTED, "parentRefs": []}), ["listener-incomplete"]),
        (_listener("tlsroute", **{**ROUTED, "bootstrap": {}}), ["listener-incomplete"]),
        (_listener("tlsroute", **{**ROUTED, "hostTemplate": ""}), ["listener-incomplete"]),
        (
            _listener("tlsroute", **ROUTED, perBrokerAnnotationsTemplate={"a": "b"}),
            ["listener-field-of-other-type"],
        ),
        (_listener("cluster-ip", advertisedPortTemplate="9001 + {nodeId}"), []),
        (_listener("cluster-ip", advertisedPortTemplate="900{brokerId}"), ["port-template"]),
        (_listener("cluster-ip", loadBalancerSourceRanges=["10.0.0.0/8"]), ["listener-field-of-other-type"]),
        (_listener("loadbalancer", loadBalancerSourceRanges=["10.0.0.0/8"]), []),
        (_listener("loadbalancer", hostTemplate="x.example.com"), ["listener-field-of-other-type"]),
    ],
)
def test_a_listener_has_the_settings_of_its_type(kafka: dict[str, Any], said: list[str]) -> None:
    assert [refusal.code for refusal in strimzi_listeners.check(kafka)] == said
    known = {refusal.code for refusal in validate(kafka, manifests_crds())}
    assert set(said) <= known
