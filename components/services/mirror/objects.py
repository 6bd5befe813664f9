"""All Kubernetes objects of the mirror into one cluster, in the order in which they must exist.

Owns      the list: users on both sides, the way to the sources, copies of credentials, the workers.
Refuses   anything in the namespace of a source on another cell: this stack knows one Kubernetes.
Identity  the roles are logical names, so part of every URN; those of a source start with its name.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from components.services import strimzi_workers
from components.services.access import Peer
from components.services.contract import Manifest, ServiceRequest
from components.services.kafka_user import Grant, kafka_user
from components.services.mirror import grants, secrets
from components.services.mirror.mirror import mirror_maker, ports_of, sources_of, worker_config, workers_of
from components.services.mirror.spec import Source


def _ports(ports: Iterable[int]) -> list[dict[str, Any]]:
    return [{"protocol": "TCP", "port": port} for port in ports]


def _way(peer: Peer, source: Source) -> dict[str, Any]:
    if source.remote is not None:
        return {
            "to": [{"ipBlock": {"cidr": cidr}} for cidr in source.remote.cidrs],
            "ports": _ports(ports_of(peer, source.remote)),
        }
    brokers = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": peer.namespace}},
        "podSelector": {"matchLabels": {"strimzi.io/cluster": peer.cluster}},
    }
    return {"to": [brokers], "ports": _ports([int(peer.kafka.bootstrap.rpartition(":")[2])])}


def _egress(request: ServiceRequest) -> dict[str, Any]:
    workers = workers_of(request)
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {
            "name": f"{workers.name}-sources",
            "namespace": request.namespace,
            "annotations": dict(request.annotations),
        },
        "spec": {
            "podSelector": {"matchLabels": workers.pods},
            "policyTypes": ["Egress"],
            "egress": [_way(peer, source) for peer, source in sources_of(request)],
        },
    }


def _user(request: ServiceRequest) -> dict[str, Any]:
    workers = workers_of(request)
    config = worker_config(request)
    needed = strimzi_workers.grants(workers, config)
    if config.get("exactly.once.source.support") == "enabled":
        # Each task writes in transactions; here the tasks' user is the workers'.
        needed.append(Grant("transactionalId", f"{workers.name}-", ("Describe", "Write"), prefix=True))
    for peer, source in sources_of(request):
        needed += grants.at_target(peer.cluster, source)
    return kafka_user(request, workers.name, needed)


def _user_at(request: ServiceRequest, peer: Peer, source: Source) -> dict[str, Any]:
    return kafka_user(request, workers_of(request).name, grants.at_source(source), on=peer)


def objects(request: ServiceRequest) -> Sequence[Manifest]:
    """The objects of a request; none where it only says who may mirror from here."""
    sources = sources_of(request)
    if not sources:
        return []
    found = [Manifest("user", _user(request)), Manifest("sources", _egress(request))]
    near = [(peer, source) for peer, source in sources if source.remote is None]
    if near:
        found.append(secrets.account(request))
    for peer, source in near:
        found.append(Manifest(f"{peer.cluster}-user", _user_at(request, peer, source)))
        found += secrets.brought(request, peer)
    found.append(Manifest("workers", mirror_maker(request), after=tuple(manifest.role for manifest in found)))
    return found
