"""Kubernetes objects as a packet meets them: selectors, releases, and network policies.

Owns      which pods a policy means, and whether its rules let something in or out.
Refuses   objects that no record stands for, except the policies that Strimzi writes for its listeners.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.contract import Record, Scope
from sandbox.trace.look import Address, Look, at, inside, items, last, meta


@dataclass(frozen=True)
class Peer:
    """One end of a packet, as a policy sees it: an address, or a pod with its namespace."""

    address: Address | None = None
    namespace: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    namespace_labels: Mapping[str, str] = field(default_factory=dict)


def release(look: Look, scope: Scope, chart: str) -> Record | None:
    """The Helm release of a chart, whatever its release is called."""
    for one in look.kind("Release", scope):
        if last(one.inputs.get("chart")).partition("@")[0].partition(":")[0] == chart:
            return one
    return None


def pod(look: Look, scope: Scope, namespace: str, labels: Mapping[str, str]) -> Peer:
    """A pod as a peer, with the labels of its namespace."""
    found = next((one for one in look.kind("Namespace", scope) if meta(one, "name") == namespace), None)
    given = dict(meta(found, "labels") or {}) if found else {}
    return Peer(None, namespace, labels, {**given, "kubernetes.io/metadata.name": namespace})


def selects(selector: Mapping[str, Any] | None, labels: Mapping[str, str]) -> bool:
    """Whether a label selector means these labels. An empty one means everything."""
    wanted = selector or {}
    if any(labels.get(key) != value for key, value in (wanted.get("matchLabels") or {}).items()):
        return False
    return all(_expression(one, labels) for one in items(wanted.get("matchExpressions")))


def _expression(one: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    key, operator, values = one.get("key"), one.get("operator"), items(one.get("values"))
    if operator == "Exists":
        return key in labels
    if operator == "DoesNotExist":
        return key not in labels
    return (labels.get(str(key)) in values) == (operator == "In")


def _peer_matches(told: Mapping[str, Any], peer: Peer, namespace: str) -> bool:
    block = told.get("ipBlock")
    if block is not None:
        if peer.address is None or not inside(peer.address, [block.get("cidr")]):
            return False
        return not inside(peer.address, items(block.get("except")))
    if peer.address is not None:
        return False
    if "namespaceSelector" in told:
        if not selects(told["namespaceSelector"], peer.namespace_labels):
            return False
    elif peer.namespace != namespace:
        return False
    return selects(told.get("podSelector"), peer.labels)


def _port_matches(told: Iterable[Mapping[str, Any]], port: int) -> bool:
    ports = list(told)
    return not ports or any(_one_port(one, port) for one in ports)


def _one_port(one: Mapping[str, Any], port: int) -> bool:
    if one.get("protocol", "TCP") != "TCP":
        return False
    first = one.get("port")
    if first is None:
        return True
    return isinstance(first, int) and first <= port <= int(one.get("endPort") or first)


def strimzi_policy(kafka: Record, listeners: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The policy that Strimzi writes for a cluster's listeners."""
    rules = []
    for one in listeners:
        rule: dict[str, Any] = {"ports": [{"protocol": "TCP", "port": one.get("port")}]}
        if one.get("networkPolicyPeers"):
            rule["from"] = one["networkPolicyPeers"]
        rules.append(rule)
    name = str(meta(kafka, "name"))
    return {
        "metadata": {"name": f"{name}-network-policy-kafka (Strimzi's)", "namespace": meta(kafka, "namespace")},
        "spec": {
            "podSelector": {"matchLabels": {"strimzi.io/cluster": name, "strimzi.io/name": f"{name}-kafka"}},
            "policyTypes": ["Ingress"],
            "ingress": rules,
        },
    }


@dataclass(frozen=True)
class Judged:
    """What the policies on a pod say. `by` names the one that allows, or those that select the pod."""

    allowed: bool
    by: str
    reason: str


def judge(policies: Iterable[Mapping[str, Any]], direction: str, target: Peer, other: Peer, port: int) -> Judged:
    """Whether the network policies let a packet into (`Ingress`) or out of (`Egress`) a pod."""
    selecting: list[str] = []
    key, ends = ("ingress", "from") if direction == "Ingress" else ("egress", "to")
    for one in policies:
        spec, name = one.get("spec") or {}, str(at(one, "metadata", "name"))
        types = spec.get("policyTypes") or (["Ingress", "Egress"] if "egress" in spec else ["Ingress"])
        if at(one, "metadata", "namespace") != target.namespace or direction not in types:
            continue
        if not selects(spec.get("podSelector"), target.labels):
            continue
        selecting.append(name)
        for rule in items(spec.get(key)):
            peers = items(rule.get(ends))
            fits = not peers or any(_peer_matches(peer, other, target.namespace) for peer in peers)
            if fits and _port_matches(items(rule.get("ports")), port):
                return Judged(True, f"NetworkPolicy {target.namespace}/{name}", f"lets port {port} through")
    if not selecting:
        return Judged(True, "", "no network policy is on the pod")
    told = ", ".join(sorted(selecting))
    return Judged(
        False,
        f"NetworkPolicy {target.namespace}/{{{told}}}",
        f"none of {told} allows {direction.lower()} of port {port}",
    )


def policies_of(look: Look, scope: Scope) -> list[Mapping[str, Any]]:
    """The bodies of all network policies of a Kubernetes."""
    return [one.inputs for one in look.kind("NetworkPolicy", scope)]
