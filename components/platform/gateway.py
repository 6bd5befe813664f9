"""The gateway of a cell: one proxy through which clusters are reached by name or by port, without opening their TLS.

Owns      namespace, class, proxy settings, listeners, network policies, and the cloud's own objects beside them.
Refuses   routes: each cluster attaches its own. The load balancer in front: the cell's cloud makes it, or says how.
Identity  GATEWAY_NAMESPACE, GATEWAY_NAME and the listeners' names: every route refers to them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from components.clouds.contract import GatewayService
from components.clouds.reach import SNI_PORT
from components.platform.request import (
    GATEWAY_NAME,
    GATEWAY_NAMESPACE,
    GATEWAY_SERVICE,
    PlatformGateway,
    PlatformRequest,
)
from components.services.contract import Manifest

CONTROLLER = "gateway.envoyproxy.io/gatewayclass-controller"
ROLE = "gateway-namespace"
CRDS, CONTROLLER_RELEASE = "gateway-crds", "gateway-controller"
"""Roles of the releases: the first before every object here, the second before those that need somebody to act."""

_API = "gateway.networking.k8s.io/v1"
_SHIFT = 10_000
"""Envoy Gateway adds this to ports below 1024, so that its pods need no right to open them."""

_PROXY = {
    "app.kubernetes.io/component": "proxy",
    "app.kubernetes.io/managed-by": "envoy-gateway",
    "app.kubernetes.io/name": "envoy",
}
"""Labels of the proxy's pods, as Envoy Gateway sets them."""


def container_port(port: int) -> int:
    """The port on which the proxy's pods listen for a port of the gateway."""
    return port + _SHIFT if port < 1024 else port


def listener_name(port: int) -> str:
    """Name of the gateway's listener on a port."""
    return "sni" if port == SNI_PORT else f"port-{port}"


def _object(request: PlatformRequest, role: str, api: str, kind: str, name: str, **content: Any) -> Manifest:
    namespaced = {} if kind in {"GatewayClass", "Namespace"} else {"namespace": GATEWAY_NAMESPACE}
    metadata = {"name": name, **namespaced, "annotations": dict(request.annotations), **content.pop("metadata", {})}
    after = content.pop("after", (ROLE,))
    return Manifest(role, {"apiVersion": api, "kind": kind, "metadata": metadata, **content}, after=after)


def _service(service: GatewayService) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": GATEWAY_SERVICE,
        "type": service.type,
        "annotations": dict(service.annotations),
        # A cloud's health check and its port are those of a node, and most nodes have no proxy.
        "externalTrafficPolicy": "Cluster",
    }
    if service.class_name:
        found["loadBalancerClass"] = service.class_name
    if service.source_ranges:
        found["loadBalancerSourceRanges"] = list(service.source_ranges)
    if service.node_ports:
        # The settings have no field for it. A merge finds the Service's ports by their numbers.
        ports = [{"port": port, "nodePort": node} for port, node in sorted(service.node_ports.items())]
        found["patch"] = {"type": "StrategicMerge", "value": {"spec": {"ports": ports}}}
    return found


def _deployment(request: PlatformRequest, gateway: PlatformGateway) -> dict[str, Any]:
    own = {"gateway.envoyproxy.io/owning-gateway-name": GATEWAY_NAME}
    spread = {"maxSkew": 1, "whenUnsatisfiable": "ScheduleAnyway", "labelSelector": {"matchLabels": own}}
    container: dict[str, Any] = {
        "resources": {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"memory": "1Gi"}},
    }
    if request.image_registry:
        container["imageRepository"] = f"{request.image_registry}/envoyproxy/envoy"
    return {
        "replicas": gateway.replicas,
        "container": container,
        "pod": {
            # Kafka's nodes are tainted for brokers; the cloud's load balancer leads to the system nodes.
            "nodeSelector": {"dedicated": "system"},
            "topologySpreadConstraints": [
                {"topologyKey": "topology.kubernetes.io/zone", **spread},
                {"topologyKey": "kubernetes.io/hostname", **spread},
            ],
        },
        # One more before one less: a proxy that goes takes all of its connections with it.
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
    }


def _proxy(request: PlatformRequest, gateway: PlatformGateway) -> Manifest:
    settings = {
        "envoyDeployment": _deployment(request, gateway),
        "envoyPDB": {"maxUnavailable": 1},
        "envoyService": _service(gateway.service),
    }
    spec = {
        "provider": {"type": "Kubernetes", "kubernetes": settings},
        # Clients keep connections open for hours; they are asked to go while the pod still answers.
        "shutdown": {"drainTimeout": "120s", "minDrainDuration": "10s"},
    }
    api = "gateway.envoyproxy.io/v1alpha1"
    return _object(request, "gateway-proxy", api, "EnvoyProxy", GATEWAY_NAME, spec=spec, after=(ROLE, CRDS))


def _class(request: PlatformRequest) -> Manifest:
    settings = {
        "group": "gateway.envoyproxy.io",
        "kind": "EnvoyProxy",
        "name": GATEWAY_NAME,
        "namespace": GATEWAY_NAMESPACE,
    }
    spec = {"controllerName": CONTROLLER, "parametersRef": settings}
    after = ("gateway-proxy", CONTROLLER_RELEASE)
    return _object(request, "gateway-class", _API, "GatewayClass", GATEWAY_NAME, spec=spec, after=after)


def _listener(port: int) -> dict[str, Any]:
    by_name = port == SNI_PORT
    kind = {"group": "gateway.networking.k8s.io", "kind": "TLSRoute" if by_name else "TCPRoute"}
    found: dict[str, Any] = {
        "name": listener_name(port),
        "port": port,
        "protocol": "TLS" if by_name else "TCP",
        # Clusters have namespaces of their own. Who may write there is confined to them (`confinement.py`).
        "allowedRoutes": {"kinds": [kind], "namespaces": {"from": "All"}},
    }
    if by_name:
        found["tls"] = {"mode": "Passthrough"}
    return found


def _gateway(request: PlatformRequest, gateway: PlatformGateway) -> Manifest:
    spec = {"gatewayClassName": GATEWAY_NAME, "listeners": [_listener(port) for port in gateway.ports]}
    return _object(request, "gateway", _API, "Gateway", GATEWAY_NAME, spec=spec, after=("gateway-class",))


def _policy(request: PlatformRequest, name: str, spec: Mapping[str, Any]) -> Manifest:
    role = f"gateway-policy-{name}"
    return _object(request, role, "networking.k8s.io/v1", "NetworkPolicy", name, spec=spec)


def _tcp(*ports: int) -> list[dict[str, Any]]:
    return [{"port": port, "protocol": "TCP"} for port in ports]


def _policies(request: PlatformRequest, gateway: PlatformGateway) -> list[Manifest]:
    dns = {
        "ports": [{"port": 53, "protocol": protocol} for protocol in ("TCP", "UDP")],
        "to": [{"namespaceSelector": {}}],
    }
    controller = {"matchLabels": {"control-plane": "envoy-gateway"}}
    brokers = {"matchExpressions": [{"key": "strimzi.io/broker-role", "operator": "In", "values": ["true"]}]}
    both = ["Egress", "Ingress"]
    specs: dict[str, dict[str, Any]] = {
        "default-deny": {"podSelector": {}, "policyTypes": both},
        "proxy": {
            "podSelector": {"matchLabels": _PROXY},
            "policyTypes": both,
            # Who gets here has passed the load balancer's rules; behind it nobody's address is a client's.
            "ingress": [{"ports": _tcp(*(container_port(port) for port in gateway.ports))}],
            "egress": [
                dns,
                {"ports": _tcp(18000), "to": [{"podSelector": controller}]},
                {"to": [{"namespaceSelector": {}, "podSelector": brokers}]},
            ],
        },
        "metrics": {
            "podSelector": {"matchLabels": _PROXY},
            "policyTypes": ["Ingress"],
            "ingress": [{"ports": _tcp(19001), "from": [{"namespaceSelector": {}}]}],
        },
        "controller": {
            "podSelector": controller,
            "policyTypes": both,
            "ingress": [
                {"ports": _tcp(18000), "from": [{"podSelector": {"matchLabels": _PROXY}}]},
                {"ports": _tcp(19001), "from": [{"namespaceSelector": {}}]},
            ],
            # The API server's addresses are the cloud's and change: the ports are all that can be said.
            "egress": [dns, {"ports": _tcp(443, 6443)}],
        },
        "certificates": {
            "podSelector": {"matchLabels": {"app": "certgen"}},
            "policyTypes": ["Egress"],
            "egress": [dns, {"ports": _tcp(443, 6443)}],
        },
    }
    return [_policy(request, name, spec) for name, spec in specs.items()]


def manifests(request: PlatformRequest) -> Sequence[Manifest]:
    """The objects of the gateway, in order; none where the cell has no gateway."""
    gateway = request.gateway
    if gateway is None:
        return []
    levels = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("audit", "enforce", "warn")}
    namespace = _object(request, ROLE, "v1", "Namespace", GATEWAY_NAMESPACE, metadata={"labels": levels}, after=())
    return [
        namespace,
        *_policies(request, gateway),
        _proxy(request, gateway),
        _class(request),
        _gateway(request, gateway),
        *(Manifest(each.role, each.body, each.protect, (*each.after, "gateway")) for each in gateway.objects),
    ]
