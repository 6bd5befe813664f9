"""The gateway of a cell and its DNS: objects that real CRDs take, in the right order, open to nobody else."""

import json
from dataclasses import replace
from typing import Any

import pulumi_kubernetes as kubernetes
import pytest

from components.clouds.contract import GatewayService
from components.platform import dns, rbac, releases
from components.platform.component import Platform
from components.platform.gateway import container_port
from components.platform.objects import manifests
from components.platform.operator import HelmRelease, in_order
from components.platform.operator import releases as helm_releases
from components.platform.request import PlatformGateway
from components.services.contract import Manifest
from sandbox.clouds.kubernetes.validate import Crds, validate
from stacks.rendition.record import Recording, record

from .test_platform import REQUEST as PLAIN

ATTACHMENT = Manifest(
    "link",
    {
        "apiVersion": "networking.gke.io/v1",
        "kind": "ServiceAttachment",
        "metadata": {
            "name": "kafka-gateway",
            "namespace": "kafka-gateway",
            "annotations": dict(PLAIN.annotations),
        },
        "spec": {
            "connectionPreference": "ACCEPT_MANUAL",
            "natSubnets": ["link-nat"],
            "resourceRef": {"kind": "Service", "name": "kafka-gateway"},
        },
    },
)
BALANCED = GatewayService(
    type="LoadBalancer",
    annotations={"example.com/internal": "true"},
    class_name="example.com/l4",
    source_ranges=("198.51.100.0/24",),
)
NODES = GatewayService(type="NodePort", node_ports={443: 30443, 9100: 31100, 9101: 31101, 9102: 31102})
PORTS = (443, 9100, 9101, 9102)
REQUEST = replace(PLAIN, gateway=PlatformGateway(PORTS, 3, BALANCED, (ATTACHMENT,)))
ON_NODES = replace(PLAIN, gateway=PlatformGateway(PORTS, 3, NODES))


def body(role: str, request: Any = REQUEST) -> Any:
    (found,) = [manifest.body for manifest in manifests(request) if manifest.role == role]
    return found


def helm(role: str, request: Any = REQUEST) -> HelmRelease:
    return next(each for each in helm_releases(request) if each.role == role)


@pytest.fixture(scope="module")
def recording() -> Recording:
    return record(lambda: _platform(REQUEST))


def _platform(request: Any) -> None:
    Platform("cell-1-platform", request, kubernetes.Provider("cluster", kubeconfig="{}"))


NEW = [m for one in (REQUEST, ON_NODES) for m in manifests(one) if m.role.startswith(("gateway", "dns", "link"))]


@pytest.mark.parametrize("manifest", NEW, ids=lambda manifest: manifest.role)
def test_every_object_is_what_its_crd_accepts(manifest: Manifest) -> None:
    assert validate(manifest.body, Crds()) == []
    assert manifest.body["metadata"]["annotations"] == REQUEST.annotations


def test_a_wrong_field_of_the_proxy_is_seen() -> None:
    """The judge of the test above, seen red."""
    wrong = json.loads(json.dumps(body("gateway-proxy")))
    wrong["spec"]["provider"]["kubernetes"]["envoyService"]["nodePorts"] = {}
    assert validate(wrong, Crds())


def test_the_gateway_has_a_listener_for_names_and_one_for_each_port() -> None:
    listeners = body("gateway")["spec"]["listeners"]
    assert [(one["name"], one["port"], one["protocol"]) for one in listeners] == [
        ("sni", 443, "TLS"),
        *((f"port-{port}", port, "TCP") for port in PORTS[1:]),
    ]
    assert listeners[0]["tls"] == {"mode": "Passthrough"}
    assert all("tls" not in one for one in listeners[1:])
    assert [one["allowedRoutes"]["kinds"][0]["kind"] for one in listeners] == ["TLSRoute", *["TCPRoute"] * 3]
    assert {one["allowedRoutes"]["namespaces"]["from"] for one in listeners} == {"All"}


def test_the_service_says_what_the_cloud_told() -> None:
    balanced = body("gateway-proxy")["spec"]["provider"]["kubernetes"]["envoyService"]
    assert balanced == {
        "name": "kafka-gateway",
        "type": "LoadBalancer",
        "annotations": {"example.com/internal": "true"},
        "externalTrafficPolicy": "Cluster",
        "loadBalancerClass": "example.com/l4",
        "loadBalancerSourceRanges": ["198.51.100.0/24"],
    }
    on_nodes = body("gateway-proxy", ON_NODES)["spec"]["provider"]["kubernetes"]["envoyService"]
    assert on_nodes["type"] == "NodePort"
    assert on_nodes["patch"]["value"]["spec"]["ports"][:2] == [
        {"port": 443, "nodePort": 30443},
        {"port": 9100, "nodePort": 31100},
    ]
    assert not {"loadBalancerClass", "loadBalancerSourceRanges"} & on_nodes.keys()


def test_proxies_are_spread_and_stay_enough() -> None:
    settings = body("gateway-proxy")["spec"]["provider"]["kubernetes"]
    deployment = settings["envoyDeployment"]
    assert deployment["replicas"] == 3
    assert deployment["pod"]["nodeSelector"] == {"dedicated": "system"}
    keys = [one["topologyKey"] for one in deployment["pod"]["topologySpreadConstraints"]]
    assert keys == ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
    assert settings["envoyPDB"] == {"maxUnavailable": 1}


def test_the_namespace_is_restricted_and_closed_but_for_the_gateways_ports() -> None:
    labels = body("gateway-namespace")["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    assert body("gateway-policy-default-deny")["spec"] == {"podSelector": {}, "policyTypes": ["Egress", "Ingress"]}
    (rule,) = body("gateway-policy-proxy")["spec"]["ingress"]
    # Ports below 1024 are opened 10000 higher in the pod.
    assert rule == {"ports": [{"port": port, "protocol": "TCP"} for port in (10443, 9100, 9101, 9102)]}
    assert container_port(443) == 10443


def test_objects_stand_after_their_crds_and_who_looks_after_them(recording: Recording) -> None:
    def after(role: str) -> set[str]:
        return {name.removeprefix("cell-1-") for name in recording[f"cell-1-{role}"].after}

    assert {"gateway-namespace", "gateway-crds"} <= after("gateway-proxy")
    assert {"gateway-proxy", "gateway-controller"} <= after("gateway-class")
    assert "gateway-class" in after("gateway")
    assert "gateway" in after("link")
    assert "gateway-crds" in after("gateway-controller")
    assert "gateway-namespace" in after("gateway-crds")
    kinds = {each.name.removeprefix("cell-1-"): each.type for each in recording.under("cell-1-platform")}
    assert kinds["gateway"] == "kubernetes:gateway.networking.k8s.io/v1:Gateway"
    assert kinds["gateway-proxy"] == "kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy"
    assert kinds["link"] == "kubernetes:networking.gke.io/v1:ServiceAttachment"


def test_what_stands_after_nothing_that_is_made_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing makes what lost stand after"):
        in_order([*manifests(PLAIN), *helm_releases(PLAIN), Manifest("lost", {}, after=("nobody",))])


def test_the_charts_are_one_version_and_only_one_brings_crds() -> None:
    crds, controller = helm("gateway-crds"), helm("gateway-controller")
    assert crds.values["crds"] == {
        "gatewayAPI": {"enabled": True, "channel": "experimental"},
        "envoyGateway": {"enabled": True},
    }
    assert crds.version == controller.version == "v1.8.0"
    # Envoy Gateway makes its proxies where it is itself.
    assert crds.namespace == controller.namespace == "kafka-gateway"
    mirrored = helm("gateway-controller", replace(REQUEST, image_registry="mirror.example.com"))
    assert mirrored.values["global"] == {"imageRegistry": "mirror.example.com"}


def test_a_cell_without_a_gateway_has_none_of_it(recording: Recording) -> None:
    assert not [m.role for m in manifests(PLAIN) if m.role.startswith("gateway")]
    assert not [each.role for each in helm_releases(PLAIN) if each.role.startswith("gateway")]
    assert [each for each in recording.under("cell-1-platform") if each.name.startswith("cell-1-gateway")]


def test_service_stacks_write_routes_where_there_is_a_gateway() -> None:
    def groups(request: Any) -> dict[str, list[str]]:
        (role,) = [m.body for m in manifests(request) if m.role == "role-services"]
        return {rule["apiGroups"][0]: rule["resources"] for rule in role["rules"]}

    assert groups(REQUEST)[rbac.GATEWAY_API] == ["tcproutes", "tlsroutes"]
    assert rbac.GATEWAY_API not in groups(PLAIN)


def test_records_are_written_to_the_cells_zones_and_to_no_other(recording: Recording) -> None:
    values = dns.values(REQUEST)
    assert values["domainFilters"] == ["cell-1.kafka.example.internal"]
    assert (values["policy"], values["registry"], values["txtOwnerId"]) == ("sync", "txt", "cell-1")
    assert values["sources"] == ["service"]
    assert values["provider"] == {"name": "example"}
    assert values["serviceAccount"] == {
        "annotations": {"example.com/identity": "dns"},
        "create": True,
        "name": "external-dns",
    }
    inputs = recording["cell-1-external-dns"].inputs
    assert inputs["repositoryOpts"] == {"repo": releases.only("external_dns").repository}
    assert inputs["namespace"] == "external-dns"


def test_a_cloud_cannot_widen_where_records_are_written() -> None:
    wider = replace(REQUEST, dns_writer={"domainFilters": [], "policy": "upsert-only", "txtOwnerId": "other"})
    assert dns.values(wider)["domainFilters"] == ["cell-1.kafka.example.internal"]
    assert dns.values(wider)["txtOwnerId"] == "cell-1"


def test_without_zones_nothing_is_written_anywhere() -> None:
    with pytest.raises(ValueError, match="without a filter"):
        dns.values(replace(REQUEST, dns_zones=()))


def test_a_mirror_replaces_the_registry_of_the_new_images_too() -> None:
    mirrored = replace(REQUEST, image_registry="mirror.example.com/kafka")
    assert dns.values(mirrored)["image"]["repository"] == "mirror.example.com/kafka/external-dns/external-dns"
    proxy = body("gateway-proxy", mirrored)["spec"]["provider"]["kubernetes"]["envoyDeployment"]
    assert proxy["container"]["imageRepository"] == "mirror.example.com/kafka/envoyproxy/envoy"
