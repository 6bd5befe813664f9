"""What a service gives to the fleet. The rules are in CONTRACT.md beside this file; these are their types.

Owns      the entry record of a service, the request it is built from, the Kubernetes objects it returns.
Refuses   Pulumi: objects are plain mappings, so that `fleet render --manifests` needs neither engine nor cluster.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from components.clouds.reach import Exposure, FanOut, Reachability, Ways
from components.model import Spec
from components.services.access import Access, HttpAccess, KafkaAccess, Peer
from components.services.telemetry import Telemetry

T = TypeVar("T", bound=Spec)


@dataclass(frozen=True)
class LoadBalancer:
    """How a cloud makes load balancers of one exposure; the cloud's entry knows, services only copy it.

    class_name   `spec.loadBalancerClass` of the Service; empty means the cloud's default
    annotations  of every such Service
    """

    class_name: str = ""
    annotations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """The cell that a cluster stands on, as far as its services may know it.

    zones       zone names; with three, everything spreads over three
    machine     node type of the cell's Kafka pool, in the cloud's vocabulary
    kafka_nodes_per_zone  the most Kafka nodes that a zone may have
    storage_classes  names that exist in the cell
    reachability, allowed_cidrs  how Kafka may be reached: listeners follow from it
    fan_out     how brokers are told apart where a listener does not say
    ways        what the cloud declares of each pair of reachability and fan-out
    gateway     the cell runs a gateway; without it no listener is reached by name or port
    broker_ports  first and last port of the gateway that listeners may take parts of; None where there are none
    dns_zone    private zone of the cell, no final dot
    public_dns_zone  public zone of a public cell, no final dot; empty otherwise
    client_cidrs  ranges outside of the cell from which clients come (peerings, hub, public), sorted
    inside      the cell's own ranges, from which clients beside Kubernetes come
    image_registry  mirror that replaces every image's registry; empty means the images' own
    load_balancers  by exposure: `network` (private addresses), `external` (public ones); a missing one is refused
    apis        API groups with version that somebody else installs in the cell, e.g. `monitoring.coreos.com/v1`
    """

    cell: str
    cloud: str
    region: str
    zones: tuple[str, ...]
    machine: str
    kafka_nodes_per_zone: int
    storage_classes: tuple[str, ...]
    reachability: Reachability
    allowed_cidrs: tuple[str, ...]
    fan_out: FanOut
    ways: Ways
    dns_zone: str
    operator_version: str
    image_registry: str = ""
    load_balancers: Mapping[str, LoadBalancer] = field(default_factory=dict)
    apis: tuple[str, ...] = ()
    gateway: bool = False
    broker_ports: tuple[int, int] | None = None
    public_dns_zone: str = ""
    client_cidrs: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()


@dataclass(frozen=True)
class ServiceRequest:
    """One service of one cluster, ready to be built. Pure data: the same request gives the same objects.

    spec        this service's own section, validated
    services    the sections of all services of the cluster, by key (what a declared dependency may read)
    annotations ownership and cost, for `metadata.annotations`. Never labels: a changed label on a Strimzi object
                reaches the pods and rolls every broker (strimzi#5242)
    published   what the services that this one requires or uses publish, by key; only those that the cluster has
    peers       the other clusters that the section names, by name
    telemetry   what every other service of the cluster gives to monitoring, by key; only where the entry gathers it
    offered_as_a_service  the fleet's clusters are offered to outsiders: some licences forbid that
    given_up    it is retired and its data is stated to be deleted: nothing of it is protected any more
    """

    cluster: str
    namespace: str
    team: str
    environment: str
    production: bool
    place: Place
    spec: Spec
    services: Mapping[str, Spec]
    annotations: Mapping[str, str]
    published: Mapping[str, Access] = field(default_factory=dict)
    peers: Mapping[str, Peer] = field(default_factory=dict)
    telemetry: Mapping[str, Telemetry] = field(default_factory=dict)
    offered_as_a_service: bool = False
    given_up: bool = False

    @property
    def protected(self) -> bool:
        """Whether manifests with `protect` may not be deleted."""
        return self.production and not self.given_up

    def section(self, model: type[T]) -> T:
        """The service's own section, known to be of its model."""
        if not isinstance(self.spec, model):
            raise TypeError(f"{self.cluster}: the section is of type {type(self.spec).__name__}, not {model.__name__}")
        return self.spec

    @property
    def kafka(self) -> KafkaAccess:
        """What the cluster's Kafka publishes. Only for services that require `kafka`."""
        found = self.published["kafka"]
        if not isinstance(found, KafkaAccess):
            raise TypeError(f"kafka publishes a {type(found).__name__}")
        return found

    def http(self, service: str) -> HttpAccess | None:
        """What another service publishes; None where the cluster has none."""
        found = self.published.get(service)
        return found if isinstance(found, HttpAccess) else None


@dataclass(frozen=True)
class Manifest:
    """One Kubernetes object of a stack.

    role     logical name within the stack, e.g. `broker-pool`: part of the URN, so never an index
    body     the object: apiVersion, kind, metadata {name, namespace, labels, annotations}, spec …
    protect  it holds data, or deleting it deletes what does; protected in production
    after    roles of the manifests of this stack that must exist first
    ignore   property paths that somebody else changes after creation, e.g. `spec.replicas` under an autoscaler
    """

    role: str
    body: Mapping[str, Any]
    protect: bool = False
    after: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True)
class Service:
    """Entry record of a service: its folder's `__init__.py` holds one as `ENTRY`.

    Strings are `module:attribute`, loaded when needed, so that reading a fleet file loads no component.

    spec       the model of the service's section in a cluster file
    objects    `(ServiceRequest) -> Sequence[Manifest]`, pure
    component  subclass of `components.services.component.ServiceComponent`
    check      `(ServiceRequest) -> Iterable[Finding]`, pure; paths are relative to the service's section
    loads      `(ServiceRequest) -> Sequence[Load]`, pure: what it puts on the cell's Kafka nodes
    endpoints  `(ServiceRequest) -> Mapping[str, str]`: what a person connects to, by name; no secret
    explain    `(ServiceRequest) -> Sequence[str]`, pure: why it got its size, for `fleet render`; may be empty
    requires   services that the same cluster must have; applied before this one
    uses       services that it uses where the cluster has them; applied before this one
    publish    `(ServiceRequest) -> Access`, pure: what services that require or use it may know of it
    references `(Spec) -> Iterable[Reference]`, pure: other clusters that a section names
    telemetry  `(ServiceRequest) -> Telemetry`, pure: metrics, alerts, dashboards
    gathers_telemetry  it is given the telemetry of all other services of the cluster
    demands    `(ServiceRequest) -> Sequence[Demand]`, pure: its ways in from outside of Kubernetes
    traffic    `(ServiceRequest) -> Traffic | None`, pure: what its clients are declared to move; None where nobody says
    changes    `(before: ServiceRequest, after: ServiceRequest) -> Iterable[Finding]`, pure: what a change may not do
               (laws of old and new: shrinking a disk, a property that nothing can change); paths as in `check`
    impact     `(ObjectChange, Context) -> Effect | None` (components/impact/contract.py), pure: what a change of one of
               its objects does; None leaves it to the rules by kind of object
    manages    API group -> plural resources that its stack writes, beyond the ones that every service may
               (components/platform/rbac.py): the cell's role for service stacks allows them
    """

    name: str
    title: str
    owner: str
    spec: str
    objects: str
    component: str
    check: str
    loads: str
    endpoints: str
    explain: str = ""
    requires: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    publish: str = ""
    references: str = ""
    telemetry: str = ""
    gathers_telemetry: bool = False
    demands: str = ""
    traffic: str = ""
    changes: str = ""
    impact: str = ""
    manages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Demand:
    """One listener of a service that is reached from outside of Kubernetes, and what it takes of the cell's network.

    what            for people, e.g. `listener 'network'`
    path            of the listener, relative to the service's section
    exposure        `network`, `external` or `link`
    address         `host:port` that clients connect to first
    load_balancers  made for it alone
    ports           first and last port of the cell's gateway; None where it takes none
    """

    what: str
    path: tuple[str | int, ...]
    exposure: Exposure
    fan_out: FanOut
    address: str
    load_balancers: int = 0
    ports: tuple[int, int] | None = None


@dataclass(frozen=True)
class Traffic:
    """The declared rates of a service's clients, MB (10^6 bytes) a second, all together.

    copies      copies of what is produced that the service keeps in its zones
    reads_near  readers are served in their own zone where it has a copy
    """

    produce_mb_per_s: float
    consume_mb_per_s: float
    copies: int
    reads_near: bool = False


@dataclass(frozen=True)
class Load:
    """Pods that a service puts on the cell's Kafka nodes, for the check against the cell's declared capacity.

    what        for the error text, e.g. `brokers`
    exclusive   no two of these pods share a node (host anti-affinity)
    cpu, memory_gib  requests of one pod
    """

    what: str
    pods: int
    cpu: float
    memory_gib: float
    exclusive: bool = True
