"""Which settings each type of Strimzi's listeners has: the operator takes no Kafka that has one too many.

Owns      the fields that belong to some types only, and those that `tlsroute` must have (ListenersValidator of 1.2.0).
Refuses   fields that every type has; the shape of all of them is the CRD's.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.clouds.kubernetes.wire import at, items, law
from sandbox.contract import Refusal

_OF: Mapping[str, tuple[str, ...]] = {
    "allocateLoadBalancerNodePorts": ("loadbalancer",),
    "class": ("ingress", "loadbalancer"),
    "createBootstrapService": ("loadbalancer",),
    "externalTrafficPolicy": ("loadbalancer", "nodeport"),
    "finalizers": ("loadbalancer",),
    "hostTemplate": ("ingress", "route", "tlsroute"),
    "loadBalancerSourceRanges": ("loadbalancer",),
    "parentRefs": ("tlsroute",),
}
"""Field of a listener's configuration -> the types that have it."""

_SUM = re.compile(r"(\{nodeId\}|[0-9+*() -])+")
"""What the operator computes: numbers, the node's id, plus, minus, times, brackets."""


def _routed(configuration: Any, path: tuple[str | int, ...]) -> Iterator[Refusal]:
    """A listener by name has a gateway, and a host for its bootstrap and for every broker."""
    hosts = [one.get("host") for one in items(at(configuration, "brokers"))]
    for field, given in (
        ("parentRefs", at(configuration, "parentRefs")),
        ("bootstrap", at(configuration, "bootstrap", "host")),
        ("hostTemplate", at(configuration, "hostTemplate") or (hosts and all(hosts))),
    ):
        if not given:
            what = "bootstrap.host" if field == "bootstrap" else field
            yield law("listener-incomplete", (*path, field), f"a tlsroute listener needs {what}")


def check(body: Mapping[str, Any]) -> Iterator[Refusal]:
    """Refusals of a Kafka object's listeners."""
    for index, listener in enumerate(items(at(body, "spec", "kafka", "listeners"))):
        path = ("spec", "kafka", "listeners", index, "configuration")
        kind, configuration = listener.get("type"), listener.get("configuration")
        for field, types in _OF.items():
            if at(configuration, field) and kind not in types:
                why = f"listener '{listener.get('name')}' is of type {kind}, and only {', '.join(types)} has it"
                yield law("listener-field-of-other-type", (*path, field), why)
        if kind == "tlsroute":
            if at(configuration, "perBrokerAnnotationsTemplate"):
                why = "routes by name take no annotations by template"
                yield law("listener-field-of-other-type", (*path, "perBrokerAnnotationsTemplate"), why)
            yield from _routed(configuration, path)
        port = at(configuration, "advertisedPortTemplate")
        if isinstance(port, str) and not _SUM.fullmatch(port):
            why = f"'{port}' is no sum of numbers and {{nodeId}}, such as 9001 + {{nodeId}}"
            yield law("port-template", (*path, "advertisedPortTemplate"), why)
