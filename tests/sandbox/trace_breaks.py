"""Breaking one thing on the way of a client, drawn by a seed.

Owns      what can break on a traced way: for each kind of record on it, the one change that must end the way, and
          the kinds of hop at which a trace may then end.
Refuses   to ask the trace what it would say of the change: whether it notices is what is tested.

    broken = break_store(store, seed, trace(StoreWorld(store, keep=False), source, cluster))
    Afterwards trace again and compare the hop's kind with `broken.kinds`; `mend(store, broken)` takes it back.
"""

import copy
import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sandbox.contract import Record
from sandbox.store import Row, Store
from sandbox.trace import Hop, Trace
from tests.sandbox.trace_world import World

Change = tuple[Record, Record | None]
"""A record, and what it becomes: None where it is gone."""


@dataclass(frozen=True)
class Broken:
    """What was broken: in words, the changes of records, and the kinds of hop that may say so."""

    what: str
    kinds: frozenset[str]
    changes: tuple[Change, ...]


def kind_of(record: Record) -> str:
    return record.type.rpartition(":")[2]


def _with(record: Record, **inputs: Any) -> Change:
    return record, replace(record, inputs={**record.inputs, **inputs}, outputs={**record.outputs, **inputs})


def _gone(records: Iterable[Record]) -> list[Change]:
    return [(one, None) for one in records]


class _Way:
    """The records of a world, and the hops of one trace over them."""

    def __init__(self, records: Sequence[Record], traced: Trace) -> None:
        self.cluster = traced.cluster
        self.records = records
        # Ids of objects are the same in every Kubernetes: only that of the traced cluster is on the way.
        own = self.kafka().scope.account
        self.records = [one for one in records if not one.type.startswith("kubernetes:") or one.scope.account == own]
        self.listener = traced.listener
        self.hops = [hop for target in traced.targets for hop in target.hops]
        self.from_node = any(hop.looked_up.startswith("client (a node):") for hop in self.hops)

    def named(self) -> list[tuple[Hop, Record]]:
        """Hops whose resource is a record."""
        by_name = {f"{kind_of(one)} {one.id}": one for one in self.records}
        return [(hop, by_name[hop.resource]) for hop in self.hops if hop.resource in by_name]

    def all(self, kind: str, **inputs: Any) -> list[Record]:
        found = [one for one in self.records if kind_of(one) == kind]
        return [one for one in found if all(one.inputs.get(key) == value for key, value in inputs.items())]

    def kafka(self) -> Record:
        return next(one for one in self.all("Kafka") if one.inputs["metadata"]["name"] == self.cluster)


def _removed(*kinds: str) -> Callable[[_Way, Hop, Record], Broken]:
    return lambda _way, _hop, one: Broken(f"removed {kind_of(one)} {one.id}", frozenset(kinds), tuple(_gone([one])))


def _shared(way: _Way, group: str) -> bool:
    """Whether nodes have EKS' own group beside this one: it lets them out, and its members talk to each other."""
    own = {(one.outputs.get("vpcConfig") or {}).get("clusterSecurityGroupId") for one in way.all("Cluster")}
    told = [set(one.inputs.get("vpcSecurityGroupIds") or ()) for one in way.all("LaunchTemplate")]
    return any(group in groups and groups & own for groups in told)


def _rules(way: _Way, hop: Hop, one: Record) -> Broken | None:
    """All rules of the group in one direction: another one might let the same through, and so might EKS' own."""
    group = one.inputs["securityGroupId"]
    if way.from_node and _shared(way, group):
        return None
    gone = way.all(kind_of(one), securityGroupId=group)
    return Broken(f"removed every {kind_of(one)} of {group}", frozenset({"firewall"}), tuple(_gone(gone)))


def _zone(way: _Way, hop: Hop, one: Record) -> Broken | None:
    if kind_of(one) == "ManagedZone" and one.inputs.get("visibility") == "private":
        change = _with(one, privateVisibilityConfig={"networks": []})
    elif kind_of(one) == "Zone" and one.inputs.get("vpcs"):
        change = _with(one, vpcs=[{"vpcId": "vpc-elsewhere"}])
    else:
        return None
    return Broken(f"made zone {one.id} invisible", frozenset({"dns"}), (change,))


def _accepter(way: _Way, hop: Hop, one: Record) -> Broken | None:
    gone = way.all("VpcPeeringConnectionAccepter", vpcPeeringConnectionId=one.id)
    return Broken(f"took back the acceptance of {one.id}", frozenset({"peering"}), tuple(_gone(gone))) if gone else None


def _targets(way: _Way, hop: Hop, one: Record) -> Broken | None:
    gone = way.all("Attachment", lbTargetGroupArn=one.outputs.get("arn"))
    return Broken(f"took every node out of {one.id}", frozenset({"balancer"}), tuple(_gone(gone))) if gone else None


def _deny(way: _Way, hop: Hop, one: Record) -> Broken | None:
    rule = re.match(r"rule (\S+) at", hop.reason)
    rules = [dict(told) for told in one.inputs.get("securityRules") or []]
    found = [told for told in rules if rule and told["name"] == rule[1]]
    for told in found:
        told["access"] = "Deny"
    what = f"rule {rule[1]} of {one.id} denies" if rule else ""
    return Broken(what, frozenset({"firewall"}), (_with(one, securityRules=rules),)) if found else None


def _first(way: _Way, hop: Hop, one: Record) -> Broken | None:
    """The network's own denial, before every allowance."""
    own = [rule for rule in way.all("Firewall", network=one.inputs["network"]) if rule.inputs.get("denies")]
    own = [rule for rule in own if rule.inputs.get("direction") == "INGRESS"]
    return Broken(f"{own[0].id} comes first", frozenset({"firewall"}), (_with(own[0], priority=1),)) if own else None


def _unlisted(way: _Way, hop: Hop, one: Record) -> Broken | None:
    if kind_of(one) == "VpcEndpointService":
        gone = way.all("VpcEndpointServiceAllowedPrinciple", vpcEndpointServiceId=one.id)
        endpoints = way.all("VpcEndpoint", serviceName=one.outputs.get("serviceName"))
        # The service's own account needs no leave of itself.
        strangers = [endpoint for endpoint in endpoints if endpoint.scope.account != one.scope.account]
        return (
            Broken(f"{one.id} allows nobody", frozenset({"endpoint"}), tuple(_gone(gone)))
            if gone and strangers
            else None
        )
    spec = {**one.inputs["spec"], "consumerAllowList": []}
    return Broken(f"{one.id} allows nobody", frozenset({"endpoint"}), (_with(one, spec=spec),))


def _shut(way: _Way, hop: Hop, one: Record) -> Broken:
    spec = {**one.inputs["spec"], "ingress": [], "egress": []}
    kinds = frozenset({"gateway", "pod"})
    return Broken(f"policy {one.id} lets nothing through", kinds, (_with(one, spec=spec),))


BY_KIND: Mapping[str, Callable[[_Way, Hop, Record], Broken | None]] = {
    "Route": _removed("route"),
    "RouteTableAssociation": _removed("route"),
    "SecurityGroupIngressRule": _rules,
    "SecurityGroupEgressRule": _rules,
    "Firewall": _first,
    "NetworkSecurityGroup": _deny,
    "Record": _removed("dns"),
    "RecordSet": _removed("dns"),
    "PrivateRecordSet": _removed("dns"),
    "Zone": _zone,
    "ManagedZone": _zone,
    "Release": _removed("dns"),
    "VpcPeeringConnection": _accepter,
    "NetworkPeering": _removed("peering"),
    "VirtualNetworkPeering": _removed("peering"),
    "VpcAttachment": _removed("hub"),
    "Spoke": _removed("hub", "peering"),
    "HubVirtualNetworkConnection": _removed("hub"),
    "VpcEndpointService": _unlisted,
    "VpcEndpointConnectionAccepter": _removed("endpoint"),
    "ServiceAttachment": _unlisted,
    "PrivateLinkServicePrivateEndpointConnection": _removed("endpoint"),
    "Listener": _removed("balancer"),
    "TargetGroup": _targets,
    "GatewayClass": _removed("gateway"),
    "TCPRoute": _removed("gateway"),
    "NetworkPolicy": _shut,
}


def _listener(way: _Way, what: str, kinds: set[str], change: Callable[[dict[str, Any]], None]) -> Broken:
    """A change of the traced listener in the Kafka object, of which Strimzi makes routes and a policy."""
    kafka = way.kafka()
    spec = copy.deepcopy(kafka.inputs["spec"])
    for one in spec["kafka"]["listeners"]:
        if one["name"] == way.listener:
            change(one)
    return Broken(what, frozenset(kinds), (_with(kafka, spec=spec),))


def _unapproved(proxy: Record) -> Broken:
    """The private link service that AKS makes approves nobody by itself any more."""
    spec = copy.deepcopy(proxy.inputs["spec"])
    annotations = spec["provider"]["kubernetes"]["envoyService"]["annotations"]
    annotations["service.beta.kubernetes.io/azure-pls-auto-approval"] = ""
    return Broken("the private link service approves nobody", frozenset({"endpoint"}), (_with(proxy, spec=spec),))


def _elsewhere(one: dict[str, Any]) -> None:
    one["networkPolicyPeers"] = [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "elsewhere"}}}]


def _unattached(one: dict[str, Any]) -> None:
    one["configuration"]["parentRefs"] = [
        {**ref, "sectionName": "elsewhere"} for ref in one["configuration"]["parentRefs"]
    ]


def breaks(records: Sequence[Record], traced: Trace) -> list[Broken]:
    """Everything that can be broken on a way, each once, in an order that follows from the records."""
    way = _Way(records, traced)
    found = [
        broken
        for hop, record in way.named()
        if kind_of(record) in BY_KIND and (broken := BY_KIND[kind_of(record)](way, hop, record)) is not None
    ]
    found += _found_elsewhere(way)
    return sorted({one.what: one for one in found}.values(), key=lambda one: one.what)


def _found_elsewhere(way: _Way) -> list[Broken]:
    """What a hop names by what follows from it: Strimzi's routes and policy, zones behind `seen by`, AKS' approval."""
    found = []
    by_name = {f"{kind_of(one)} {one.id}": one for one in way.records}
    for hop in way.hops:
        seen = re.search(r"seen by (.+)\)", hop.reason)
        record = by_name.get(seen[1]) if seen else None
        if record is not None and kind_of(record) in {"ZoneAssociation", "VirtualNetworkLink"}:
            found.append(Broken(f"removed {kind_of(record)} {record.id}", frozenset({"dns"}), tuple(_gone([record]))))
        elif record is not None and (broken := _zone(way, hop, record)) is not None:
            found.append(broken)
        if hop.kind == "endpoint" and hop.resource.startswith("Service "):
            found += [_unapproved(one) for one in way.all("EnvoyProxy")]
        if hop.kind == "pod":
            found.append(_listener(way, "the listener's policy lets somebody else in", {"pod"}, _elsewhere))
        if hop.resource.endswith("(Strimzi's)") and hop.resource.startswith("TLSRoute"):
            found.append(_listener(way, "the listener's routes attach to nothing", {"gateway"}, _unattached))
    return found


def draw(records: Sequence[Record], traced: Trace, seed: int) -> Broken:
    """One of them: first a kind of hop, then a break of that kind, or the many routes would crowd out the rest."""
    found = breaks(records, traced)
    chance = random.Random(seed)  # noqa: S311 - a seed must give the same break again
    kinds = sorted({min(one.kinds) for one in found})
    kind = chance.choice(kinds)
    return chance.choice([one for one in found if min(one.kinds) == kind])


def break_world(world: World, seed: int, traced: Trace) -> Broken:
    """Draw one and apply it to a world in memory."""
    chosen = draw(world.records, traced, seed)
    for old, new in chosen.changes:
        world.records[world.records.index(old)] = new if new is not None else replace(old, type="test:gone:Gone")
    return chosen


def _row(store: Store, record: Record) -> Row:
    return next(
        row for row in store.rows("type = ? AND id = ?", (record.type, record.id)) if row.record.scope == record.scope
    )


def break_store(store: Store, seed: int, traced: Trace) -> Broken:
    """Draw one and apply it to a sandbox's file, behind the engine's back."""
    chosen = draw([row.record for row in store.rows("true")], traced, seed)
    with store.effect() as connection:
        for old, new in chosen.changes:
            row = _row(store, old)
            if new is None:
                store.delete(connection, row.number)
            else:
                store.replace(connection, row.number, new, row.secrets)
    return chosen


def mend(store: Store, broken: Broken) -> None:
    """Take a break back."""
    with store.effect() as connection:
        for old, new in broken.changes:
            if new is None:
                store.insert(connection, old, frozenset())
            else:
                row = _row(store, old)
                store.replace(connection, row.number, old, row.secrets)
