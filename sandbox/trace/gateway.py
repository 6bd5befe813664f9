"""The cell's gateway: Envoy Gateway's objects, and how a connection finds its broker through them.

Owns      the Service in front of the proxy, the listener of a port, and the route that matches a name or a port.
Refuses   what a cloud makes of that Service, and the broker itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.contract import Record, Scope
from sandbox.trace.cluster import Cluster
from sandbox.trace.look import Look, at, hop, items, meta
from sandbox.trace.objects import Peer, judge, pod, policies_of, release
from sandbox.trace.result import Hop, broken
from sandbox.trace.strimzi import Listener, Service, bootstrap_service, broker_service, routes

CHART = "gateway-helm"
CONTROLLER = "gateway.envoyproxy.io/gatewayclass-controller"
_PROXY = {
    "app.kubernetes.io/name": "envoy",
    "app.kubernetes.io/component": "proxy",
    "app.kubernetes.io/managed-by": "envoy-gateway",
}
_OWNER = "gateway.envoyproxy.io/owning-gateway"


@dataclass(frozen=True)
class Gateway:
    """A Gateway with its proxy's settings."""

    record: Record
    name: str
    namespace: str
    settings: Mapping[str, Any]

    @property
    def listeners(self) -> list[Mapping[str, Any]]:
        """Its listeners."""
        return items(at(self.record.inputs, "spec", "listeners"))


def gateways(look: Look, scope: Scope) -> list[Gateway]:
    """Every Gateway of a Kubernetes."""
    found = []
    for one in look.kind("Gateway", scope):
        namespace = str(meta(one, "namespace"))
        told = at(one.inputs, "spec", "infrastructure", "parametersRef") or {}
        of_class = _class(look, scope, one)
        given = told or (at(of_class.inputs, "spec", "parametersRef") if of_class else None) or {}
        where = given.get("namespace") or namespace
        proxy = [
            each
            for each in look.kind("EnvoyProxy", scope)
            if (meta(each, "name"), meta(each, "namespace")) == (given.get("name"), where)
        ]
        settings = at(proxy[0].inputs, "spec", "provider", "kubernetes", "envoyService") if proxy else None
        found.append(Gateway(one, str(meta(one, "name")), namespace, settings or {}))
    return found


def _class(look: Look, scope: Scope, gateway: Record) -> Record | None:
    name = at(gateway.inputs, "spec", "gatewayClassName")
    return next((one for one in look.kind("GatewayClass", scope) if meta(one, "name") == name), None)


def service(gateway: Gateway) -> Service:
    """The Service that Envoy Gateway makes in front of a gateway's proxy."""
    told = gateway.settings
    nodes = {
        int(one.get("port") or 0): int(one.get("nodePort") or 0)
        for one in items(at(told, "patch", "value", "spec", "ports"))
    }
    ports = {int(one["port"]): nodes.get(int(one["port"]), 0) for one in gateway.listeners}
    return Service(
        scope=gateway.record.scope,
        namespace=gateway.namespace,
        name=str(told.get("name") or f"envoy-{gateway.namespace}-{gateway.name}"),
        made_by="Envoy Gateway",
        type=str(told.get("type") or "LoadBalancer"),
        annotations=dict(told.get("annotations") or {}),
        class_name=str(told.get("loadBalancerClass") or ""),
        source_ranges=tuple(items(told.get("loadBalancerSourceRanges"))),
        ports=ports,
    )


def of_cluster(look: Look, cluster: Cluster, listener: Listener) -> Gateway | None:
    """The gateway that a listener's routes attach to."""
    found = gateways(look, cluster.record.scope)
    parents = [
        parent for _, body in _routes(look, cluster, listener) for parent in items(at(body, "spec", "parentRefs"))
    ]
    for parent in parents:
        for one in found:
            if (parent.get("name"), parent.get("namespace") or cluster.namespace) == (one.name, one.namespace):
                return one
    return found[0] if found else None


def _routes(look: Look, cluster: Cluster, listener: Listener) -> list[tuple[str, Mapping[str, Any]]]:
    """Routes of a cluster's namespace: Strimzi's, and those that are records."""
    found: list[tuple[str, Mapping[str, Any]]] = [
        (f"TLSRoute {cluster.namespace}/{at(body, 'metadata', 'name')} (Strimzi's)", body)
        for body in routes(cluster, listener)
    ]
    for kind in ("TLSRoute", "TCPRoute"):
        for one in look.kind(kind, cluster.record.scope):
            if meta(one, "namespace") == cluster.namespace:
                found.append((f"{kind} {one.id}", {**one.inputs, "kind": kind}))
    return found


def first_port(look: Look, cluster: Cluster, listener: Listener) -> int:
    """Port of the gateway that leads to the bootstrap, where routes go by port; 0 where none does."""
    wanted = bootstrap_service(cluster, listener)
    for _, body in _routes(look, cluster, listener):
        names = [ref.get("name") for rule in items(at(body, "spec", "rules")) for ref in items(rule.get("backendRefs"))]
        if body.get("kind") == "TCPRoute" and wanted in names:
            found = of_cluster(look, cluster, listener)
            for told in found.listeners if found else []:
                if any(
                    _attached(parent, found, told, cluster.namespace)
                    for parent in items(at(body, "spec", "parentRefs"))
                ):
                    return int(told.get("port") or 0)
    return 0


def _attached(parent: Mapping[str, Any], gateway: Gateway | None, told: Mapping[str, Any], namespace: str) -> bool:
    if gateway is None or (parent.get("name"), parent.get("namespace") or namespace) != (
        gateway.name,
        gateway.namespace,
    ):
        return False
    if parent.get("sectionName") and parent["sectionName"] != told.get("name"):
        return False
    return not parent.get("port") or parent["port"] == told.get("port")


def through(
    look: Look, cluster: Cluster, listener: Listener, host: str, port: int, seen: Peer
) -> tuple[list[Hop], str, int]:
    """Through the gateway: hops, and the name and port of the Service that the route leads to."""
    gateway = of_cluster(look, cluster, listener)
    if gateway is None:
        return [hop("gateway", "Gateway", "", "fail", "the cluster's Kubernetes has none")], "", 0
    hops = [runs(look, gateway)]
    if broken(hops):
        return hops, "", 0
    listening = [one for one in gateway.listeners if one.get("port") == port]
    if not listening:
        ports = ", ".join(str(one.get("port")) for one in gateway.listeners)
        return (
            [
                *hops,
                hop(
                    "gateway", f"listener of port {port}", gateway.record, "fail", f"it listens on {ports or 'nothing'}"
                ),
            ],
            "",
            0,
        )
    told = listening[0]
    hops.append(hop("gateway", f"listener of port {port}", gateway.record, "pass", str(told.get("name"))))
    hops.append(_into(look, gateway, port, seen))
    if broken(hops):
        return hops, "", 0
    found, backend, where = _match(look, cluster, listener, gateway, told, host)
    return [*hops, found], backend, where


def runs(look: Look, gateway: Gateway) -> Hop:
    """Whether anything makes a proxy of the Gateway."""
    scope = gateway.record.scope
    if release(look, scope, CHART) is None:
        return hop(
            "gateway",
            "Envoy Gateway",
            gateway.record,
            "fail",
            f"no release of {CHART} is installed: nothing makes a proxy",
        )
    of_class = _class(look, scope, gateway.record)
    name = at(gateway.record.inputs, "spec", "gatewayClassName")
    if of_class is None:
        return hop("gateway", f"GatewayClass {name}", gateway.record, "fail", "it is not there")
    controller = at(of_class.inputs, "spec", "controllerName")
    if controller != CONTROLLER:
        return hop(
            "gateway", f"GatewayClass {name}", of_class, "fail", f"it is for {controller}, not for Envoy Gateway"
        )
    return hop("gateway", "Envoy Gateway", of_class, "pass", "installed, and the class is its own")


def proxy(look: Look, gateway: Gateway) -> Peer:
    """A pod of the gateway's proxy."""
    labels = {**_PROXY, f"{_OWNER}-name": gateway.name, f"{_OWNER}-namespace": gateway.namespace}
    return pod(look, gateway.record.scope, gateway.namespace, labels)


def _into(look: Look, gateway: Gateway, port: int, seen: Peer) -> Hop:
    # Envoy's container has no right to ports below 1024: Envoy Gateway adds 10000 to them.
    inner = port + 10000 if port < 1024 else port
    judged = judge(policies_of(look, gateway.record.scope), "Ingress", proxy(look, gateway), seen, inner)
    return hop("gateway", f"proxy pods, port {inner}", judged.by, "pass" if judged.allowed else "fail", judged.reason)


def _match(
    look: Look, cluster: Cluster, listener: Listener, gateway: Gateway, told: Mapping[str, Any], host: str
) -> tuple[Hop, str, int]:
    by_name = told.get("protocol") == "TLS"
    asked = f"route of {host if by_name else told.get('port')} at listener {told.get('name')}"
    kind = "TLSRoute" if by_name else "TCPRoute"
    fitting = [
        (name, body)
        for name, body in _routes(look, cluster, listener)
        if body.get("kind") == kind
        and any(_attached(parent, gateway, told, cluster.namespace) for parent in items(at(body, "spec", "parentRefs")))
        and (not by_name or any(_host(str(one), host) for one in items(at(body, "spec", "hostnames"))))
    ]
    if not fitting:
        return hop("gateway", asked, gateway.record, "fail", f"no {kind} of {cluster.namespace} attaches for it"), "", 0
    allowed = at(told, "allowedRoutes", "namespaces", "from") or "Same"
    if allowed == "Same" and cluster.namespace != gateway.namespace:
        return (
            hop("gateway", asked, gateway.record, "fail", f"the listener takes routes of {gateway.namespace} only"),
            "",
            0,
        )
    name, body = fitting[0]
    backend: Mapping[str, Any] = next(
        (ref for rule in items(at(body, "spec", "rules")) for ref in items(rule.get("backendRefs"))), {}
    )
    where = int(backend.get("port") or 0)
    return (
        hop("gateway", asked, name, "pass", f"leads to Service {backend.get('name')}:{where}"),
        str(backend.get("name")),
        where,
    )


def _host(pattern: str, host: str) -> bool:
    if pattern.startswith("*."):
        return host.endswith(pattern[1:])
    return pattern == host


def to_brokers(cluster: Cluster, listener: Listener, backend: str, where: int, wanted: str) -> tuple[list[Hop], bool]:
    """From the proxy to what its route leads to: whether that is the Service of the target."""
    known = {bootstrap_service(cluster, listener), *(broker_service(cluster, listener, one) for one in cluster.brokers)}
    if backend not in known:
        return [
            hop("gateway", f"Service {backend}", "", "fail", "no such Service: Strimzi makes none of this name")
        ], False
    if backend != wanted:
        return [
            hop("gateway", f"Service {backend}", "", "fail", f"the route leads to another target: {wanted} was wanted")
        ], False
    if where != listener.port:
        return [
            hop("gateway", f"Service {backend}:{where}", "", "fail", f"the Service has port {listener.port} only")
        ], False
    return [], True


def leaves(look: Look, cluster: Cluster, listener: Listener, gateway: Gateway) -> Hop:
    """The proxy's own policies let it out to the brokers."""
    target = pod(look, cluster.record.scope, cluster.namespace, cluster.brokers[0].labels if cluster.brokers else {})
    judged = judge(policies_of(look, cluster.record.scope), "Egress", proxy(look, gateway), target, listener.port)
    return hop(
        "gateway",
        f"proxy pods to brokers, port {listener.port}",
        judged.by,
        "pass" if judged.allowed else "fail",
        judged.reason,
    )
