"""How Strimzi is told of a listener: one shape for each way in which clients tell brokers apart.

Owns      a listener's entry in the Kafka object. Everything about brokers is a template, so that a broker that is
          added later has a name, a certificate and the right kind of load balancer without another change.
Refuses   knowledge of any cloud's load balancers: the place has it. Objects of our own: `routes.py`.
"""

from typing import Any

from components.platform.request import GATEWAY_NAME, GATEWAY_NAMESPACE
from components.services.contract import Place
from components.services.kafka import addresses, oauth
from components.services.kafka.listeners import Way

HOSTNAME = "external-dns.alpha.kubernetes.io/hostname"
"""The annotation by which external-dns makes a record that leads to a Service."""

SECTION = "sni"
"""The gateway's listener on which every cluster is told apart by name."""

TYPES = {"lb-per-broker": "loadbalancer", "sni": "tlsroute", "port-per-broker": "cluster-ip", "direct": "internal"}
"""Fan-out -> type of Strimzi's listener."""


def parent(section: str) -> dict[str, Any]:
    """What a route attaches to: one listener of the cell's gateway."""
    return {
        "group": "gateway.networking.k8s.io",
        "kind": "Gateway",
        "name": GATEWAY_NAME,
        "namespace": GATEWAY_NAMESPACE,
        "sectionName": section,
    }


def _load_balancers(cluster: str, way: Way, place: Place) -> dict[str, Any]:
    balancer = place.load_balancers[way.type]
    host = addresses.bootstrap_host(cluster, way, place)
    template = addresses.broker_host(cluster, way, place)
    found: dict[str, Any] = {
        # Without it a deleted Service is gone from Kubernetes while its load balancer still costs money.
        "finalizers": ["service.kubernetes.io/load-balancer-cleanup"],
        "bootstrap": {
            "alternativeNames": [host],
            "annotations": dict(sorted({**balancer.annotations, HOSTNAME: host}.items())),
        },
        # A list of brokers would leave a broker added later without annotations, and so with a public address.
        "perBrokerAnnotationsTemplate": dict(sorted({**balancer.annotations, HOSTNAME: template}.items())),
        "advertisedHostTemplate": template,
    }
    if balancer.class_name:
        found["class"] = balancer.class_name
    if way.allowed_cidrs:
        found["loadBalancerSourceRanges"] = list(way.allowed_cidrs)
    return found


def _by_name(cluster: str, way: Way, place: Place) -> dict[str, Any]:
    bootstrap: dict[str, Any] = {"host": addresses.bootstrap_host(cluster, way, place)}
    if zonal := addresses.zonal_names(cluster, way, place):
        bootstrap["alternativeNames"] = list(zonal)
    return {
        "parentRefs": [parent(SECTION)],
        "bootstrap": bootstrap,
        "hostTemplate": addresses.broker_host(cluster, way, place),
        # Strimzi advertises the host of each route by itself, and 443 where nothing is said.
        "advertisedPortTemplate": addresses.port_template(way),
    }


def _one_name(cluster: str, way: Way, place: Place) -> dict[str, Any]:
    """By port and direct: what is advertised differs, and the certificate needs the bootstrap's name."""
    found: dict[str, Any] = {
        "bootstrap": {"alternativeNames": [addresses.bootstrap_host(cluster, way, place)]},
        "advertisedHostTemplate": addresses.broker_host(cluster, way, place),
    }
    if way.fan_out == "port-per-broker":
        found["advertisedPortTemplate"] = addresses.port_template(way)
    return found


_CONFIGURATIONS = {
    "lb-per-broker": _load_balancers,
    "sni": _by_name,
    "port-per-broker": _one_name,
    "direct": _one_name,
}


def _peers(way: Way, place: Place) -> list[dict[str, Any]] | None:
    """Who may reach the brokers' port; None is everybody who can route there, as a load balancer's clients must."""
    if way.fan_out == "lb-per-broker":
        return None
    if way.through_gateway:
        return [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": GATEWAY_NAMESPACE}}}]
    # Where pods have routable addresses, "internal" would otherwise be open to the whole network.
    inside: list[dict[str, Any]] = [{"namespaceSelector": {}}]
    if way.fan_out != "direct":
        return inside
    ranges = way.allowed_cidrs or sorted({*place.inside, *place.client_cidrs})
    return [*inside, *({"ipBlock": {"cidr": cidr}} for cidr in ranges)]


def strimzi(cluster: str, way: Way, place: Place) -> dict[str, Any]:
    """A listener as the Kafka object has it."""
    body: dict[str, Any] = {
        "name": way.name,
        "port": way.port,
        "type": "internal" if way.fan_out is None else TYPES[way.fan_out],
        "tls": True,
        "authentication": (
            {"type": way.authentication} if way.oauth is None else oauth.authentication(way.name, way.oauth)
        ),
    }
    if way.fan_out is not None:
        body["configuration"] = _CONFIGURATIONS[way.fan_out](cluster, way, place)
    if (peers := _peers(way, place)) is not None:
        body["networkPolicyPeers"] = peers
    return body
