"""A Kafka cluster as it stands in the sandbox: its objects, its brokers, and the cloud that they run on.

Owns      the way from a cluster's name to its brokers, their nodes and their network.
Refuses   listeners (sandbox/trace/strimzi.py) and everything outside of the cluster's Kubernetes.

The operator does not run in the sandbox. Broker ids are those that Strimzi takes from `strimzi.io/next-node-ids`, the
lowest first, and brokers spread over the zones in turn, as the pools' topology constraints make them.
"""

import re
from dataclasses import dataclass

from sandbox.contract import Record, Scope
from sandbox.trace.look import Address, Look, at, host, items, meta, same
from sandbox.trace.places import Net, net_of_subnet, networks, ranges, subnets
from sandbox.trace.result import TraceError

CLUSTERS = {
    "aws": "aws:eks/cluster:Cluster",
    "gcp": "gcp:container/cluster:Cluster",
    "azure": "azure-native:containerservice:ManagedCluster",
}
_IDS = re.compile(r"(\d+)(?:-(\d+))?")


@dataclass(frozen=True)
class Pool:
    """One node pool of the cloud, as far as packets see it."""

    record: Record
    subnet: Record | None
    labels: dict[str, str]


@dataclass(frozen=True)
class Kube:
    """One managed Kubernetes: its scope, its cloud cluster, network and node pools."""

    cloud: str
    scope: Scope
    record: Record
    net: Net
    pools: tuple[Pool, ...]

    def nodes(self, label: str = "kafka") -> tuple[Pool, ...]:
        """Pools for Kafka, or for the system; all where none has such a label."""
        return tuple(one for one in self.pools if one.labels.get("dedicated") == label) or self.pools


@dataclass(frozen=True)
class Broker:
    """One broker and the pool of the cloud on which it is taken to run. `labels` are its pod's."""

    id: int
    pool: str
    pod: str
    labels: dict[str, str]
    node: Pool | None


@dataclass(frozen=True)
class Cluster:
    """A Kafka cluster."""

    name: str
    namespace: str
    record: Record
    kube: Kube
    brokers: tuple[Broker, ...]


def find(look: Look, name: str) -> Cluster:
    """The cluster of a name."""
    found = [one for one in look.clusters("Kafka") if meta(one, "name") == name]
    if not found:
        known = ", ".join(sorted({str(meta(one, "name")) for one in look.clusters("Kafka")})) or "none"
        raise TraceError(f"the sandbox has no Kafka cluster '{name}' (it has {known}); `fleet up` makes it")
    if len(found) > 1:
        raise TraceError(f"the sandbox has {len(found)} Kafka clusters '{name}', in different Kubernetes clusters")
    record = found[0]
    kube = kube_of(look, record.scope)
    namespace = str(meta(record, "namespace"))
    return Cluster(name, namespace, record, kube, _brokers(look, record, namespace, kube))


def kube_of(look: Look, scope: Scope) -> Kube:
    """The managed cluster behind a Kubernetes scope."""
    for cloud, type_ in CLUSTERS.items():
        for one in look.all(type_):
            if same(one.id, scope.account) or at(one.outputs, "endpoint") == scope.account:
                pools = _pools(look, cloud, one)
                return Kube(cloud, scope, one, _net(look, cloud, one, pools), pools)
    raise TraceError(f"no managed Kubernetes of the sandbox is behind {scope.account}: its network cannot be seen")


def _net(look: Look, cloud: str, record: Record, pools: tuple[Pool, ...]) -> Net:
    if cloud == "gcp":
        for net in networks(look):
            if net.cloud == "gcp" and (same(net.id, record.inputs.get("network"))):
                return net
        return Net("gcp", str(record.inputs.get("network")), None)
    wanted = [*(pool.subnet.id for pool in pools if pool.subnet), *items(at(record.inputs, "vpcConfig", "subnetIds"))]
    for one in wanted:
        found = net_of_subnet(look, one)
        if found is not None:
            return found[0]
    told = at(record.outputs, "vpcConfig", "vpcId") or next(iter(_azure_subnets(record)), "").partition("/subnets/")[0]
    return Net(cloud, str(told), None)


def _azure_subnets(record: Record) -> list[str]:
    return [
        str(pool["vnetSubnetID"]) for pool in items(record.inputs.get("agentPoolProfiles")) if pool.get("vnetSubnetID")
    ]


def _subnet(look: Look, id_: str) -> Record | None:
    found = net_of_subnet(look, id_)
    return found[1] if found else None


def _pools(look: Look, cloud: str, record: Record) -> tuple[Pool, ...]:
    """By zone, as far as their names sort by it."""
    made: list[Pool] = []
    if cloud == "aws":
        for one in look.where("aws:eks/nodeGroup:NodeGroup", clusterName=record.inputs.get("name")):
            if one.scope.account == record.scope.account and one.scope.region == record.scope.region:
                labels = dict(one.inputs.get("labels") or {})
                made += [Pool(one, _subnet(look, id_), labels) for id_ in items(one.inputs.get("subnetIds"))]
    elif cloud == "gcp":
        net = next((n for n in networks(look) if same(n.id, record.inputs.get("network"))), None)
        given = record.inputs.get("subnetwork")
        subnet = next(
            (s for s in (subnets(look, net) if net else []) if same(s.id, given) or s.inputs.get("name") == given), None
        )
        for one in look.all("gcp:container/nodePool:NodePool", record.scope):
            if same(one.inputs.get("cluster"), record.id) or one.inputs.get("cluster") == record.inputs.get("name"):
                made.append(Pool(one, subnet, dict(at(one.inputs, "nodeConfig", "labels") or {})))
    else:
        for profile in items(record.inputs.get("agentPoolProfiles")):
            labels = dict(profile.get("nodeLabels") or {})
            made.append(Pool(record, _subnet(look, str(profile.get("vnetSubnetID"))), labels))
        for one in look.all("azure-native:containerservice:AgentPool", record.scope):
            if one.id.lower().startswith(f"{record.id.lower()}/agentpools/"):
                labels = dict(one.inputs.get("nodeLabels") or {})
                made.append(Pool(one, _subnet(look, str(one.inputs.get("vnetSubnetID"))), labels))
    return tuple(sorted(made, key=lambda pool: (pool.record.id, pool.subnet.id if pool.subnet else "")))


def _brokers(look: Look, kafka: Record, namespace: str, kube: Kube) -> tuple[Broker, ...]:
    name, found = str(meta(kafka, "name")), []
    taken: set[int] = set()
    pools = [
        one
        for one in look.kind("KafkaNodePool", kafka.scope)
        if meta(one, "namespace") == namespace and meta(one, "labels", "strimzi.io/cluster") == name
    ]
    for pool in sorted(pools, key=lambda one: str(meta(one, "name"))):
        ids = _ids(pool, taken)
        taken |= set(ids)
        if "broker" not in items(at(pool.inputs, "spec", "roles")):
            continue
        for id_ in ids:
            of = str(meta(pool, "name"))
            labels = {
                "strimzi.io/cluster": name,
                "strimzi.io/kind": "Kafka",
                "strimzi.io/name": f"{name}-kafka",
                "strimzi.io/component-type": "kafka",
                "strimzi.io/pool-name": of,
                "strimzi.io/broker-role": "true",
                "strimzi.io/controller-role": str("controller" in items(at(pool.inputs, "spec", "roles"))).lower(),
                "app.kubernetes.io/name": "kafka",
                "app.kubernetes.io/instance": name,
                "app.kubernetes.io/part-of": f"strimzi-{name}",
                "app.kubernetes.io/managed-by": "strimzi-cluster-operator",
            }
            found.append((id_, of, f"{name}-{of}-{id_}", labels))
    nodes = kube.nodes()
    return tuple(
        Broker(id_, of, pod, labels, nodes[index % len(nodes)] if nodes else None)
        for index, (id_, of, pod, labels) in enumerate(sorted(found, key=lambda one: one[0]))
    )


def _ids(pool: Record, taken: set[int]) -> list[int]:
    told = str(meta(pool, "annotations", "strimzi.io/next-node-ids") or "")
    candidates = [
        id_ for first, end in _IDS.findall(told) for id_ in range(int(first), int(end or first) + 1) if id_ not in taken
    ]
    replicas = int(at(pool.inputs, "spec", "replicas") or 0)
    chosen = candidates[:replicas]
    free = (id_ for id_ in range(100_000) if id_ not in taken and id_ not in chosen)
    return chosen + [next(free) for _ in range(replicas - len(chosen))]


def pod_address(kube: Kube, broker: Broker) -> tuple[Address, Record] | None:
    """Address and subnet of a broker's pod as its network routes them; None where pods are only an overlay's."""
    subnet = broker.node.subnet if broker.node else None
    if subnet is None or kube.cloud == "azure":
        return None
    if kube.cloud == "gcp":
        name = at(kube.record.inputs, "ipAllocationPolicy", "clusterSecondaryRangeName")
        secondary = {
            one.get("rangeName"): one.get("ipCidrRange") for one in items(subnet.inputs.get("secondaryIpRanges"))
        }
        return (host(str(secondary[name]), 1000 + broker.id), subnet) if name in secondary else None
    return host(ranges(subnet)[0], 1000 + broker.id), subnet
