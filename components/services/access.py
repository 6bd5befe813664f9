"""What one service tells another about how to use it, and about the other clusters that it names.

Owns      the types of what is published: addresses, names of Secrets, the facts that a dependent may build on.
Refuses   secrets: a Secret is named here, and only a pod reads it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from components.model import Spec


@dataclass(frozen=True)
class KafkaWay:
    """One listener as its clients see it: those inside the cell's Kubernetes, or, for any other type, those outside.

    bootstrap  `host:port`
    fan_out    how brokers are told apart; empty inside Kubernetes
    brokers    `host:port` of each broker by its id, in order; empty inside Kubernetes
    names      host names that the brokers' certificates hold for it; with `{nodeId}` those of all brokers
    """

    name: str
    type: str
    bootstrap: str
    authentication: str
    fan_out: str = ""
    brokers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class KafkaAccess:
    """How services of a cluster reach its Kafka: by mutual TLS, inside Kubernetes.

    bootstrap    `host:port` of the platform's listener (client certificates)
    ca_secret    Secret in `namespace` whose key `ca.crt` signed the brokers' certificates
    replication  copies of an internal topic; `min_insync` of them must have a write
    ways         every listener, for those who need another one
    """

    cluster: str
    namespace: str
    bootstrap: str
    ca_secret: str
    version: str
    brokers: int
    replication: int
    min_insync: int
    ways: tuple[KafkaWay, ...] = ()

    def way(self, authentication: str, type: str = "internal") -> KafkaWay | None:
        """The first listener with that authentication, or None."""
        return next((w for w in self.ways if w.authentication == authentication and w.type == type), None)

    def outside(self, authentication: str) -> KafkaWay | None:
        """The first listener with that authentication that is reached from outside of Kubernetes, or None."""
        return next((w for w in self.ways if w.authentication == authentication and w.type != "internal"), None)


@dataclass(frozen=True)
class HttpAccess:
    """How services of a cluster reach one that speaks HTTP.

    name       of the object that the operator or Kubernetes knows it by (a KafkaConnect, a Service)
    url        base URL inside Kubernetes, no final slash
    pods       labels of its pods, for network policies
    ca_secret  Secret whose key `ca.crt` signed its certificate, where the URL is https
    facts      what else dependents may build on, by names that the service's README lists
    """

    name: str
    url: str
    pods: Mapping[str, str]
    ca_secret: str = ""
    facts: Mapping[str, str | int | tuple[str, ...]] = field(default_factory=dict)


Access = KafkaAccess | HttpAccess


@dataclass(frozen=True)
class Reference:
    """A section that names another cluster of the fleet. `path` is relative to the section."""

    path: tuple[str | int, ...]
    cluster: str


@dataclass(frozen=True)
class Peer:
    """Another cluster that a section names, as far as the section's service may know it.

    zone      private DNS zone of its cell
    services  the sections of its services, by key: what one side of a pair must know of the other's
    """

    cluster: str
    namespace: str
    team: str
    production: bool
    cell: str
    cloud: str
    region: str
    zone: str
    kafka: KafkaAccess
    services: Mapping[str, Spec] = field(default_factory=dict)
