"""What a cloud gives to the fleet, as far as it can be said without Pulumi. The rules: CONTRACT.md beside this file.

Owns      the entry record of a cloud and the plain data that a cell and a cloud tell each other.
Refuses   anything that only one cloud understands (that belongs in the cloud's own `spec.py`), and Pulumi:
          reading a fleet file needs the entry record, and must load no SDK (`resources.py` has the components).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from components.cell.network_spec import NetworkSpec
from components.clouds.reach import Reachability, Ways
from components.model import Spec
from components.services.contract import LoadBalancer


@dataclass(frozen=True)
class Identity:
    """Who and what a cell is: the same for network, Kubernetes and tags."""

    cell: str
    account: str
    region: str
    zones: tuple[str, ...]
    production: bool
    tags: Mapping[str, str]
    """Ownership and cost, keys lower-case with hyphens: `fleet`, `cell`, `owner`, `environment`, `cost-center`."""


@dataclass(frozen=True)
class ZoneRanges:
    """The subnets of one zone, cut by the layout; stable for the life of the cell."""

    private: str
    public: str


@dataclass(frozen=True)
class Ranges:
    """A cell's address block, cut by `components/cell/layout.py`. All are IPv4 CIDR strings inside `block`.

    zones          zone name -> its private (nodes) and public (load balancers, NAT) ranges
    regional       private range for clouds whose subnets are regional (it is the slots' union: use it *or* zones)
    regional_public  the same for the public ranges
    pods           secondary range of pods, where the cloud routes them
    services       Kubernetes service range
    control_plane  /28 for a private control plane
    endpoints      for private endpoints: of the cloud's own services, and of links that the cell consumes
    attachments    zone name -> /28 in which a transit hub attaches
    link_nat       from which the consumers of the cell's private link seem to come
    infrastructure  what control_plane, endpoints, attachments and link_nat are parts of
    inside         every range whose addresses are the cell's own: the block, and in an existing network its subnets
    """

    block: str
    zones: Mapping[str, ZoneRanges]
    regional: str
    regional_public: str
    pods: str
    services: str
    control_plane: str
    endpoints: str
    attachments: Mapping[str, str]
    link_nat: str
    infrastructure: str
    inside: tuple[str, ...]


@dataclass(frozen=True)
class LinkRequest:
    """A private link of others that the cell's network consumes.

    service   what the provider told: endpoint service name, attachment, alias
    dns_zone  zone whose names lead to the endpoint, no final dot: `*.<dns_zone>`, and `*.<zone>.<dns_zone>` for each
              of the provider's zones that the consumer can reach zone by zone
    """

    service: str
    dns_zone: str


@dataclass(frozen=True)
class NetworkRequest:
    """What a cell asks of a cloud's network.

    spec              the cell file's `network`, validated: reachability, peerings, hub, existing, egress …
    links             private links that are consumed, by name
    private_dns_zone  e.g. `aws-euw1-prod.kafka.internal`, no final dot
    public_dns_zone   the same for a `public` cell; empty otherwise
    """

    identity: Identity
    ranges: Ranges
    spec: NetworkSpec
    private_dns_zone: str
    public_dns_zone: str = ""
    links: Mapping[str, LinkRequest] = field(default_factory=dict)

    @property
    def reachability(self) -> Reachability:
        """Who can route to the cell's clusters."""
        return self.spec.reachability


@dataclass(frozen=True)
class GatewayService:
    """The Service in front of the gateway's pods, as the cloud needs it. Values may be Pulumi outputs.

    type         `LoadBalancer`, or `NodePort` where the cloud's own component makes the load balancer
    node_ports   port of the Service -> port of the nodes; only with `NodePort`
    class_name   `loadBalancerClass`; empty means the cloud's default
    source_ranges  `loadBalancerSourceRanges`; empty means none
    """

    type: Literal["LoadBalancer", "NodePort"]
    annotations: Mapping[str, Any] = field(default_factory=dict)
    node_ports: Mapping[int, int] = field(default_factory=dict)
    class_name: str = ""
    source_ranges: tuple[str, ...] = ()


@dataclass(frozen=True)
class NodePool:
    """One kind of node in each zone. Counts are per zone."""

    machine: str
    least_per_zone: int
    most_per_zone: int


@dataclass(frozen=True)
class Access:
    """The principals of a cell, in the cloud's own form (role ARN, service account e-mail, group object id).

    platform  applies the cell's stack: administrator of the Kubernetes cluster
    services  applies service stacks (kafka, connect …)
    apps      applies app stacks: KafkaTopic and KafkaUser only
    preview   previews every stack and changes none; None where the cell lets nobody in for that alone
    """

    platform: str
    services: str
    apps: str
    preview: str | None = None

    @property
    def given(self) -> Mapping[str, str]:
        """Principals by kind, those that there are."""
        return {kind: one for kind, one in asdict(self).items() if one is not None}


KUBERNETES_GROUPS = {
    "services": "kafka-fleet:services",
    "apps": "kafka-fleet:apps",
    "preview": "kafka-fleet:preview",
}
"""The Kubernetes groups that the cell's ClusterRoleBindings name, where the cloud can map a principal to a group."""


@dataclass(frozen=True)
class ClusterAddress:
    """How a Kubernetes API is reached: none of it is secret. Exported by the cell's stack, read by all others."""

    cloud: str
    account: str
    region: str
    cluster_name: str
    cluster_id: str
    endpoint: str
    ca_certificate: str


@dataclass(frozen=True)
class StorageClass:
    """One storage class of a cell: always WaitForFirstConsumer, expandable, Retain, encrypted with the cell's key.

    parameters              may hold Pulumi outputs (the key)
    """

    name: str
    provisioner: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Cloud:
    """Entry record of a cloud: its folder's `__init__.py` holds one as `ENTRY`.

    `spec`, `network`, … are `module:attribute` strings, so that reading a fleet file loads no cloud SDK.

    account_word     what the cloud calls the thing that is billed: account, project, subscription
    account_pattern  regular expression of its id
    principal_pattern  regular expression of an entry of `access`
    zone_pattern     regular expression with a group `slot`: a letter or digit that names the zone in its region
    region_pattern   regular expression of a region's name
    machines         data file in the cloud's folder: what each node type can do (see CONTRACT.md)
    volumes          data file: storage classes and their performance
    """

    name: str
    title: str
    kubernetes_title: str
    account_word: str
    account_pattern: str
    principal_pattern: str
    region_pattern: str
    zone_pattern: str
    spec: str
    provider: str
    """`(name, identity, spec) -> pulumi.ProviderResource`: explicit, pinned to the account, tags by default."""
    network: str
    kubernetes: str
    exec_credential: str
    """`(ClusterAddress) -> dict`: the `exec` section of a kubeconfig user. No copied credentials."""
    storage_classes: str
    """`(disk_key) -> tuple[StorageClass, ...]`: `kafka` (default) and `kafka-fast`."""
    subject: str
    """`(principal, group) -> dict`: the RBAC subject to which a principal maps in this cloud's Kubernetes."""
    zone_form: str
    """How a zone is written, with `{region}` and `{letter}` or `{digit}`: what `fleet new cell` fills in."""
    load_balancers: Mapping[str, LoadBalancer]
    """By exposure: `network` (private addresses) and `external` (public ones), for fan-out `lb-per-broker`."""
    ways: Ways
    """Which pairs of reachability and fan-out are built here, and why the others are not."""
    references: Mapping[str, str]
    """Pattern of each kind of thing outside that a cell file may name: `network`, `hub`, `service`, `account`,
    `request` (absent where the cloud has none), `subnet`, `dns_zone`, `connection`."""
    gateway: str
    """`(name, GatewayRequest, spec, provider, opts) -> Gateway`: the load balancer of the cell's gateway."""
    room: str
    """`(CellBody, Ranges) -> Sequence[Room]`, no SDK: whether the declared capacity fits its ranges."""
    limits: str
    """Data file in the cloud's folder: its limits, each with source and date (see CONTRACT.md)."""
    prices: str
    """Data file in the cloud's folder: list prices by region, each with its source (see CONTRACT.md)."""
    billed: str
    """A `components.cost.contract.Billed`, no SDK: what of a cell this cloud bills, and how much of it."""
    reserved: Mapping[str, str] = field(default_factory=dict)
    """Ranges that a cell's network may not use here -> why not."""
    regional_subnets: bool = False
    """Subnets span all zones of a region: an existing one may stand under each zone."""
    hub_block: tuple[int, int] | None = None
    """Prefix lengths that the range of a new hub may have; None where a hub has no addresses of its own."""
    check: str = ""
    """`(CellBody) -> Iterable[Finding]`, no SDK: what only this cloud refuses, with paths from the root of the cell.
    Asked once the references of the file have the forms of `references`. Empty: nothing more."""
    changes: str = ""
    """`(before: CellBody, after: CellBody, production: bool) -> Iterable[Finding]`, no SDK: what a change of a cell may
    not do in this cloud, beside what no cloud allows (`components/cell/changes.py`)."""
    impact: str = ""
    """`(ObjectChange, CellBody) -> Effect | None`, no SDK: what a changed field of a cell does in this cloud (kind
    `Cell`, path from the root of the cell, the body as it will be); None leaves it to `components/cell/impact.py`."""
    answers: str = ""
    """`(token, arguments) -> Mapping | None`, no SDK: a stand-in for what the provider's functions answer to this
    cloud's components, so that a plan can run their program without the cloud. Empty: they ask nothing."""
    least_zones: int = 1
    """Fewest zones that a cell may name: below it the cloud's own Kubernetes refuses to be made (EKS: two)."""


@dataclass(frozen=True)
class Room:
    """How many addresses one range of a cell must have for the capacity that the cell declares.

    what       e.g. `nodes and pods of zone eu-west-1a`
    available  addresses of the range that the cloud gives out (its own reserved ones are subtracted)
    needed     at the most that the file declares
    why        how `needed` was computed, for the person who is refused
    """

    what: str
    range: str
    available: int
    needed: int
    why: str


class CloudSpec(Spec):
    """What only one cloud needs to know about a cell. Base of each cloud's own section."""
