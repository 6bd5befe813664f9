"""Worlds for tests of the trace: records put there one by one, and what every cell has inside of Kubernetes.

Owns      a world over a list, and the objects of one Kafka cluster with each fan-out.
Refuses   to judge: whether a cloud would accept a record is tested elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.contract import Record, Scope
from sandbox.trace import Target, Trace, trace

DNS = "c.kafka.test"


@dataclass
class World:
    """The contract's world over a list."""

    records: list[Record] = field(default_factory=list)

    def find(self, type: str, id: str, scope: Scope | None = None) -> Record | None:
        return next((one for one in self.all(type, scope) if one.id == id), None)

    def all(self, type: str, scope: Scope | None = None) -> Sequence[Record]:
        return [r for r in self.records if r.type == type and (scope is None or r.scope.account == scope.account)]

    def by_output(self, name: str, value: Any, type: str = "") -> Sequence[Record]:
        return [r for r in self.records if r.outputs.get(name) == value and type in ("", r.type)]

    def mentions(self, value: str) -> Sequence[Record]:
        raise NotImplementedError

    def sequence(self, name: str) -> int:
        raise NotImplementedError

    def add(self, type: str, id: str, scope: Scope, inputs: Mapping[str, Any], **outputs: Any) -> Record:
        made = Record(f"urn:{type}:{id}", type, id, scope, dict(inputs), {**inputs, **outputs})
        self.records.append(made)
        return made

    def one(self, kind: str, part: str = "") -> Record:
        """The only record of a kind whose id holds `part`."""
        found = [r for r in self.records if r.type.rpartition(":")[2] == kind and part in r.id]
        assert len(found) == 1, [r.id for r in found]
        return found[0]

    def remove(self, kind: str, part: str = "") -> None:
        self.records.remove(self.one(kind, part))

    def change(self, kind: str, part: str = "", **inputs: Any) -> None:
        old = self.one(kind, part)
        changed = {**old.inputs, **inputs}
        self.records[self.records.index(old)] = replace(old, inputs=changed, outputs={**old.outputs, **inputs})

    def trace(self, source: str, cluster: str = "orders", listener: str = "") -> Trace:
        return trace(self, source, cluster, listener)


def ends(traced: Trace) -> set[str]:
    """The results of all targets: `reachable`, or the kind of hop at which each ends."""
    return {one.broken.kind if one.broken else one.result for one in traced.targets}


def first(traced: Trace) -> Target:
    """The first target that is not reachable."""
    return next(one for one in traced.targets if one.result != "reachable")


LISTENERS: dict[str, dict[str, Any]] = {
    "sni": {
        "type": "tlsroute",
        "configuration": {
            "parentRefs": [{"name": "kafka", "namespace": "kafka-gateway", "sectionName": "sni"}],
            "bootstrap": {"host": f"orders-network.{DNS}"},
            "hostTemplate": "orders-network-{nodeId}." + DNS,
            "advertisedHostTemplate": "orders-network-{nodeId}." + DNS,
            "advertisedPortTemplate": "443",
        },
    },
    "port-per-broker": {
        "type": "cluster-ip",
        "configuration": {
            "bootstrap": {"alternativeNames": [f"orders-network.{DNS}"]},
            "advertisedHostTemplate": f"orders-network.{DNS}",
            "advertisedPortTemplate": "9001 + {nodeId}",
        },
    },
    "direct": {
        "type": "internal",
        "configuration": {
            "bootstrap": {"alternativeNames": [f"orders-network.{DNS}"]},
            "advertisedHostTemplate": "{nodePodName}.orders-network." + DNS,
        },
    },
}

HOSTNAME = "external-dns.alpha.kubernetes.io/hostname"


def lb_per_broker(annotations: Mapping[str, str], source_ranges: Sequence[str] = ()) -> dict[str, Any]:
    """A listener with a load balancer for each broker."""
    return {
        "type": "loadbalancer",
        "configuration": {
            "loadBalancerSourceRanges": list(source_ranges),
            "advertisedHostTemplate": "orders-network-{nodeId}." + DNS,
            "bootstrap": {"annotations": {**annotations, HOSTNAME: f"orders-network.{DNS}"}},
            "perBrokerAnnotationsTemplate": {**annotations, HOSTNAME: "orders-network-{nodeId}." + DNS},
        },
    }


def kafka(world: World, scope: Scope, listener: Mapping[str, Any], peers: Any = None) -> None:
    """A cluster `orders` of three brokers, its namespace, its policies, and external-dns."""
    name = {"name": "orders", "namespace": "kafka-orders"}
    body = {"name": "network", "port": 9095, "tls": True, **listener}
    if peers is not None:
        body["networkPolicyPeers"] = peers
    inside = {"name": "tls", "port": 9093, "type": "internal", "tls": True}
    world.add(
        "kubernetes:kafka.strimzi.io/v1:Kafka",
        "kafka-orders/orders",
        scope,
        {"metadata": name, "spec": {"kafka": {"listeners": [inside, body]}}},
    )
    for pool, ids, role in (("broker", "[100-999]", "broker"), ("controller", "[0-9]", "controller")):
        world.add(
            "kubernetes:kafka.strimzi.io/v1:KafkaNodePool",
            f"kafka-orders/{pool}",
            scope,
            {
                "metadata": {
                    "name": pool,
                    "namespace": "kafka-orders",
                    "labels": {"strimzi.io/cluster": "orders"},
                    "annotations": {"strimzi.io/next-node-ids": ids},
                },
                "spec": {"replicas": 3, "roles": [role]},
            },
        )
    for namespace in ("kafka-orders", "kafka-gateway"):
        world.add("kubernetes:core/v1:Namespace", namespace, scope, {"metadata": {"name": namespace}})
    policy(world, scope, "kafka-orders/deny-all", {"podSelector": {}, "policyTypes": ["Egress", "Ingress"]})
    values = {"domainFilters": [DNS], "sources": ["service"]}
    release = {"chart": "oci://charts.test/external-dns", "name": "external-dns", "values": values}
    world.add("kubernetes:helm.sh/v3:Release", "external-dns/external-dns", scope, release)


def policy(world: World, scope: Scope, id: str, spec: Mapping[str, Any]) -> None:
    """A network policy."""
    namespace, _, name = id.partition("/")
    body = {"metadata": {"name": name, "namespace": namespace}, "spec": dict(spec)}
    world.add("kubernetes:networking.k8s.io/v1:NetworkPolicy", id, scope, body)


def headless(world: World, scope: Scope) -> None:
    """The Service by which external-dns names the pods."""
    spec = {"clusterIP": "None", "selector": {"strimzi.io/cluster": "orders", "strimzi.io/broker-role": "true"}}
    meta = {
        "name": "orders-network-pods",
        "namespace": "kafka-orders",
        "annotations": {HOSTNAME: f"orders-network.{DNS}"},
    }
    world.add("kubernetes:core/v1:Service", "kafka-orders/orders-network-pods", scope, {"metadata": meta, "spec": spec})


GATEWAY_PEERS = [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kafka-gateway"}}}]


def gateway(world: World, scope: Scope, service: Mapping[str, Any], ports: Sequence[int] = (443,)) -> None:
    """The cell's gateway; ports other than 443 lead to brokers by TCPRoutes."""
    listeners = [
        {
            "name": "sni" if port == 443 else f"port-{port}",
            "port": port,
            "protocol": "TLS" if port == 443 else "TCP",
            "allowedRoutes": {"namespaces": {"from": "All"}},
        }
        for port in ports
    ]
    name = {"name": "kafka", "namespace": "kafka-gateway"}
    group, proxy = "kubernetes:gateway.networking.k8s.io/v1", "kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy"
    parameters = {"group": "gateway.envoyproxy.io", "kind": "EnvoyProxy", **name}
    controller = "gateway.envoyproxy.io/gatewayclass-controller"
    of_class = {"metadata": {"name": "kafka"}, "spec": {"controllerName": controller, "parametersRef": parameters}}
    world.add(f"{group}:GatewayClass", "kafka", scope, of_class)
    spec = {"gatewayClassName": "kafka", "listeners": listeners}
    world.add(f"{group}:Gateway", "kafka-gateway/kafka", scope, {"metadata": name, "spec": spec})
    kubernetes = {"envoyService": {"name": "kafka-gateway", **service}}
    settings = {"metadata": name, "spec": {"provider": {"type": "Kubernetes", "kubernetes": kubernetes}}}
    world.add(proxy, "kafka-gateway/kafka", scope, settings)
    release = {"chart": "oci://docker.io/envoyproxy/gateway-helm", "name": "gateway"}
    world.add("kubernetes:helm.sh/v3:Release", "kafka-gateway/gateway", scope, release)
    policy(
        world,
        scope,
        "kafka-gateway/proxy",
        {
            "podSelector": {"matchLabels": {"app.kubernetes.io/component": "proxy"}},
            "policyTypes": ["Ingress", "Egress"],
            "ingress": [{"ports": [{"port": port + 10000 if port < 1024 else port} for port in ports]}],
            "egress": [{"to": [{"namespaceSelector": {}}], "ports": [{"port": 9095}]}],
        },
    )
    for port in ports[1:]:
        broker = 100 + port - ports[1] - 1
        of = "orders-kafka-network-bootstrap" if port == ports[1] else f"orders-broker-network-{broker}"
        route = {
            "metadata": {"name": f"orders-network-{port}", "namespace": "kafka-orders"},
            "spec": {
                "parentRefs": [{**name, "sectionName": f"port-{port}"}],
                "rules": [{"backendRefs": [{"name": of, "port": 9095}]}],
            },
        }
        type_ = "kubernetes:gateway.networking.k8s.io/v1alpha2:TCPRoute"
        world.add(type_, f"kafka-orders/orders-network-{port}", scope, route)
