"""The walk itself: from a name to a broker, hop by hop, until one fails.

Owns      the order of the hops.
Refuses   every question of one cloud, of DNS and of Kubernetes: it asks the modules that know.
"""

from dataclasses import dataclass

from sandbox.contract import World
from sandbox.trace import aws_front, aws_link, azure_front, clouds, cluster, gateway, gcp_front, places, pods, strimzi
from sandbox.trace.cluster import Cluster, Kube, pod_address
from sandbox.trace.dns import Answer, Resolver
from sandbox.trace.external_dns import wanted, writer
from sandbox.trace.front import Front, Source, Spot
from sandbox.trace.look import Look, hop
from sandbox.trace.objects import Peer
from sandbox.trace.places import Client
from sandbox.trace.result import Hop, Target, Trace, broken
from sandbox.trace.strimzi import Aim, Listener, Service


def trace(world: World, source: str, cluster_name: str, listener: str = "") -> Trace:
    """Whether a client at a place reaches the bootstrap and every broker of a cluster.

    Raises TraceError where there is no such place, cluster or listener.
    """
    look = Look(world)
    found = cluster.find(look, cluster_name)
    chosen = strimzi.choose(found, listener)
    client = places.parse(look, source)
    walk = _Walk(look, client, found, chosen)
    aims = strimzi.aims(found, chosen, gateway.first_port(look, found, chosen) if chosen.type == "cluster-ip" else None)
    return Trace(places.describe(client), cluster_name, chosen.name, tuple(walk.target(aim) for aim in aims))


@dataclass(frozen=True)
class _Behind:
    """What a resolved value leads to: a load balancer, and who seems to connect to it."""

    hops: list[Hop]
    front: Front | None = None
    source: Source | None = None
    linked: bool = False


class _Walk:
    def __init__(self, look: Look, client: Client, found: Cluster, listener: Listener) -> None:
        self.look, self.client, self.cluster, self.listener = look, client, found, listener
        self.services = {one.key: one for one in strimzi.services(found, listener).values()}
        self.gateway = gateway.of_cluster(look, found, listener)
        asks = {one.key: one for other in strimzi.listeners(found) for one in strimzi.services(found, other).values()}
        kube = found.kube
        self.resolver = Resolver(look, wanted(look, found, asks), writer(look, kube.scope), kube.net)

    def target(self, aim: Aim) -> Target:
        """One target, up to the first hop that fails."""
        host = aim.host
        hops: list[Hop] = []
        if self.listener.type == "internal" and self.cluster.kube.cloud == "azure":
            told = "pods have addresses of an overlay only, which nothing outside of the cluster routes"
            return Target(aim.name, host, aim.port, (hop("route", host, self.cluster.kube.record, "fail", told),))
        if self.listener.type == "cluster-ip" and not aim.port:
            told = f"no TCPRoute leads to Service {aim.service}: it has no port at the gateway"
            return Target(aim.name, host, 0, (hop("gateway", host, self.cluster.record, "fail", told),))
        if not host:
            service = self.services.get(f"{self.cluster.namespace}/{aim.service}")
            if service is None or service.type != "LoadBalancer":
                told = "the listener says no host for it, and no load balancer is made of its Service"
                return Target(aim.name, "", aim.port, (hop("dns", aim.service, self.cluster.record, "fail", told),))
            front = clouds.front(self.look, self.cluster.kube, service)
            host = next(iter([*front.names, *(str(address) for address, _ in front.addresses)]), "")
            told = "clients are told the load balancer's own address"
            hops = [hop("dns", host or aim.service, f"Service {service.key}", "pass", told)]
            return Target(aim.name, host, aim.port, tuple(hops + self._front(front, aim)))
        answer = self.resolver.resolve(self.client, host)
        hops = list(answer.hops)
        return Target(aim.name, host, aim.port, tuple(hops if broken(hops) else hops + self._answered(answer, aim)))

    def _answered(self, answer: Answer, aim: Aim) -> list[Hop]:
        if answer.service:
            service = self.services.get(answer.service)
            if service is None:
                return [hop("balancer", answer.service, "", "fail", "the Service is of another listener")]
            return self._front(clouds.front(self.look, self.cluster.kube, service), aim)
        direct = [one for one in self.cluster.brokers if self._address(one) in answer.values]
        if direct:
            return self._direct(answer, aim)
        behind = self._behind(answer.values[0], aim.port)
        if broken(behind.hops) or behind.front is None:
            return behind.hops
        return behind.hops + self._front(behind.front, aim, behind.source, linked=behind.linked)

    def _address(self, broker: cluster.Broker) -> str:
        found = pod_address(self.cluster.kube, broker)
        return str(found[0]) if found else ""

    def _direct(self, answer: Answer, aim: Aim) -> list[Hop]:
        hops: list[Hop] = []
        right = {one.id for one in aim.brokers}
        for broker in self.cluster.brokers:
            found = pod_address(self.cluster.kube, broker)
            if found is None or str(found[0]) not in answer.values or broken(hops):
                continue
            if broker.id not in right:
                hops.append(hop("pod", str(found[0]), broker.pod, "fail", f"the name leads to broker {broker.id}"))
                continue
            hops += [
                one
                for one in self._pod(broker, Spot(self.cluster.kube.net, found[1], found[0]), aim.port)
                if one not in hops
            ]
        return hops

    def _pod(self, broker: cluster.Broker, spot: Spot, port: int) -> list[Hop]:
        kube = self.cluster.kube
        hops, seen = clouds.way(self.look, kube, self.client, spot, pod=True)
        if not broken(hops):
            hops += clouds.out(self.look, kube, self.client, spot, port)
        if not broken(hops):
            hops += clouds.to_pod(self.look, kube, broker.node, spot, seen, port)
        if not broken(hops):
            hops += pods.enter(self.look, self.cluster, self.listener, [broker], Peer(seen))
        return hops

    def _behind(self, value: str, port: int) -> _Behind:
        """What an address or a cloud's name belongs to."""
        for front in self._fronts():
            if front.answers(value):
                return _Behind([], front)
        linked = self._endpoint(value, port) or _Behind([])
        stopped = gateway.runs(self.look, self.gateway) if self.gateway else None
        if linked.front is None and stopped is not None and stopped.verdict == "fail":
            # Nothing makes the Service that the address, or the link, would lead to.
            return _Behind([*(one for one in linked.hops if one.verdict in {"pass", "assumed"}), stopped])
        if linked.hops or linked.front is not None:
            return linked
        return _Behind([hop("balancer", value, "", "fail", "nothing of the cluster's cloud has this address")])

    def _endpoint(self, value: str, port: int) -> _Behind | None:
        """Where a value is a private link's: what is behind it."""
        cloud = self.cluster.kube.cloud
        if cloud == "aws" and (one := aws_link.find(self.look, value)):
            hops, front, source = aws_link.follow(self.look, self.client, one, port)
            return _Behind(hops, front, source, linked=True)
        if cloud == "gcp" and (one := gcp_front.endpoint(self.look, value, self.client)):
            hops, attachment, source = gcp_front.follow(self.look, self.client, one, port)
            if attachment is None or broken(hops):
                return _Behind(hops)
            return self._linked(hops, gcp_front.service_behind(attachment), source)
        if cloud == "azure" and (one := azure_front.endpoint(self.look, value)):
            hops, behind, source = azure_front.follow(self.look, self.client, one, value, port, self._gateways())
            return self._linked(hops, behind[1].key, source) if behind else _Behind(hops)
        return None

    def _gateways(self) -> list[tuple[Kube, Service]]:
        return [
            (self.cluster.kube, gateway.service(one)) for one in gateway.gateways(self.look, self.cluster.kube.scope)
        ]

    def _linked(self, hops: list[Hop], key: str, source: Source | None) -> _Behind:
        for kube, service in self._gateways():
            if service.key == key:
                return _Behind(hops, clouds.front(self.look, kube, service), source, linked=True)
        return _Behind(
            [*hops, hop("endpoint", key, "", "fail", "the private link leads to no gateway of the cluster's cell")]
        )

    def _fronts(self) -> list[Front]:
        made = [
            clouds.front(self.look, self.cluster.kube, one)
            for one in self.services.values()
            if one.type == "LoadBalancer"
        ]
        made += [clouds.front(self.look, kube, one) for kube, one in self._gateways() if one.type == "LoadBalancer"]
        return made + (aws_front.fronts(self.look) if self.cluster.kube.cloud == "aws" else [])

    def _front(self, front: Front, aim: Aim, source: Source | None = None, *, linked: bool = False) -> list[Hop]:
        if front.problem:
            return [hop("balancer", front.told, front.record, "fail", front.problem)]
        kube = self.cluster.kube
        hops: list[Hop] = []
        if source is None:
            hops, source = clouds.to_front(self.look, kube, self.client, front, aim.port)
        if broken(hops):
            return hops
        more, node_port = clouds.to_node(self.look, kube, front, source, aim.port, linked=linked)
        hops += more
        return hops if broken(hops) else hops + self._inside(front, aim, source, node_port)

    def _inside(self, front: Front, aim: Aim, source: Source, node_port: int) -> list[Hop]:
        service = front.service
        if service is not None and service.brokers:
            if service.name != aim.service:
                return [
                    hop(
                        "balancer",
                        front.told,
                        f"Service {service.key}",
                        "fail",
                        f"it leads to {service.name}, not to {aim.service}",
                    )
                ]
            return pods.enter(self.look, self.cluster, self.listener, aim.brokers, self._seen(source))
        found = self.gateway
        if found is None:
            return [hop("gateway", "Gateway", "", "fail", "the cluster's Kubernetes has none")]
        wrong = self._not_at_the_gateway(found, front, aim, node_port)
        return [wrong] if wrong else self._gateway(found, aim, source)

    def _not_at_the_gateway(self, found: gateway.Gateway, front: Front, aim: Aim, node_port: int) -> Hop | None:
        """What keeps a load balancer from leading to the gateway; None where nothing does."""
        stopped = gateway.runs(self.look, found)
        if stopped.verdict == "fail":
            return stopped
        own, service = gateway.service(found), front.service
        if service is None and own.ports.get(aim.port) != node_port:
            given = own.ports.get(aim.port) or "none"
            told = f"port {aim.port} of Service {own.key} has node port {given}, not {node_port}"
            return hop("gateway", f"node port {node_port}", found.record, "fail", told)
        if service is not None and service.key != own.key:
            told = f"it leads to {service.key}, and the routes attach to {own.key}"
            return hop("gateway", front.told, found.record, "fail", told)
        return None

    def _gateway(self, found: gateway.Gateway, aim: Aim, source: Source) -> list[Hop]:
        look, cluster_, listener = self.look, self.cluster, self.listener
        hops, backend, where = gateway.through(look, cluster_, listener, aim.host, aim.port, self._seen(source))
        if broken(hops):
            return hops
        more, right = gateway.to_brokers(cluster_, listener, backend, where, aim.service)
        hops += more
        if right:
            hops.append(gateway.leaves(look, cluster_, listener, found))
        if broken(hops):
            return hops
        return hops + pods.enter(look, cluster_, listener, aim.brokers, gateway.proxy(look, found))

    def _seen(self, source: Source) -> Peer:
        """As whom a pod sees a connection: a node passes it on in its own name, unless told to keep it local."""
        if self.listener.configuration.get("externalTrafficPolicy") == "Local":
            return Peer(source.address)
        pool = next(iter(self.cluster.kube.nodes("system")), None)
        return Peer(clouds.node_address(pool) or source.address)
