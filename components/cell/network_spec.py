"""What a cell file may say about its network.

Owns      addresses, reachability, and how the network is joined to others.
Refuses   a cloud's own words: a reference to something outside (a network, a hub, a service) is text that each cloud
          judges by the patterns of its entry.
Identity  `address_block`, `layout` and `existing` are for life.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from components.clouds.reach import FanOut, Reachability
from components.model import Cidr, Items, Name, Spec

Reference = Annotated[str, StringConstraints(min_length=3, max_length=300)]
"""Name, id, ARN or path of something in a cloud."""

Cidrs = Annotated[Items[Cidr], Field(min_length=1)]


class Peering(Spec):
    """One other network that is peered with the cell's."""

    network: Reference = Field(description="The other network: VPC id, `projects/…/networks/…`, or virtual network id.")
    account: str | None = Field(
        default=None, description="Account, project or subscription of the other network. By default the cell's own."
    )
    region: str | None = Field(default=None, description="Region of the other network. By default the cell's own.")
    cidrs: Cidrs = Field(description="Ranges of the other network that are routed. None may overlap the cell's own.")
    side: Literal["both", "ours"] = Field(
        default="ours",
        description="`both`: the fleet makes both ends, with rights in the other network. `ours`: it makes its own end "
        "and tells, as an output of the cell, what the others have to do.",
    )
    principal: str | None = Field(
        default=None,
        description="With `both`, where the other account needs one: the principal that the fleet acts as there.",
    )
    request: Reference | None = Field(
        default=None,
        description="The others asked first: id of their request, which the cell accepts. Only where the cloud has "
        "requests (AWS).",
    )
    route_tables: Items[Reference] = Field(
        default=(), description="With `both`: route tables of the other network that get a route to the cell (AWS)."
    )
    dns: bool = Field(default=True, description="Whether the other network resolves the names of the cell's clusters.")


class NewHub(Spec):
    """A hub that this cell's stack makes, for itself and for others who name its id."""

    asn: int = Field(
        default=64512,
        ge=64512,
        le=65534,
        description="Private number of the hub for BGP, unique among what is connected to it.",
    )
    shared_with: Items[str] = Field(
        default=(), description="Accounts, projects or subscriptions that may attach their networks."
    )
    address_block: Cidr | None = Field(
        default=None, description="Range of the hub's own routers, a /23 or /24, where the cloud needs one (Azure)."
    )


class Hub(Spec):
    """The transit hub that the cell's network is attached to."""

    id: Reference | None = Field(default=None, description="The company's hub, or one that another cell made.")
    new: NewHub | None = Field(default=None, description="A hub of this cell's own, in place of `id`.")
    cidrs: Cidrs = Field(
        description="Ranges that are reached over the hub: other networks, offices, data centres. None may overlap."
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> "Hub":
        if (self.id is None) == (self.new is None):
            given = "neither" if self.id is None else "both"
            raise PydanticCustomError(
                "one-hub", "hub has {given} of `id` and `new`: state exactly one", {"given": given}
            )
        return self


class PrivateLink(Spec):
    """The endpoint service by which others reach the cell's clusters."""

    consumers: Annotated[Items[str], Field(min_length=1)] = Field(
        description="Accounts, projects or subscriptions that may connect. Nobody else sees the service."
    )
    acceptance: Literal["listed", "manual"] = Field(
        default="listed",
        description="`listed`: a connection of a listed consumer is accepted by itself. `manual`: each connection is "
        "accepted here, by its id in `accepted`.",
    )
    accepted: Items[Reference] = Field(
        default=(), description="With `manual`: ids of the connections that are accepted. Removing one rejects it."
    )
    connections_per_consumer: int = Field(
        default=10, ge=1, le=1000, description="Most connections of one consumer, where the cloud counts them (GCP)."
    )


class Link(Spec):
    """A private link of others, which this cell's network consumes: an endpoint, and DNS names that lead to it."""

    service: Reference = Field(
        description="What the provider tells: endpoint service name, service attachment, or private link alias or id. "
        "Of a cell of this fleet it is in the outputs of that cell."
    )
    cell: Name | None = Field(default=None, description="The cell of this fleet that provides it: its names lead here.")
    dns_zone: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]{0,200}[a-z0-9])?$")] | None = Field(
        default=None, description="The zone whose names lead here, where the provider is not of this fleet."
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> "Link":
        if (self.cell is None) == (self.dns_zone is None):
            given = "neither" if self.cell is None else "both"
            raise PydanticCustomError(
                "one-provider", "link has {given} of `cell` and `dns_zone`: state exactly one", {"given": given}
            )
        return self


class Gateway(Spec):
    """One load balancer and a proxy behind it, through which clusters of the cell are reached by name or by port."""

    broker_ports: Annotated[str, StringConstraints(pattern=r"^\d{4,5}-\d{4,5}$")] | None = Field(
        default=None,
        description="Ports that are kept for fan-out `port-per-broker`, e.g. `9100-9139`: each listener of a cluster "
        "takes a part of them. By default none.",
    )
    replicas: int = Field(default=3, ge=2, le=30, description="Proxy pods, spread over the zones.")


class ExistingSubnet(Spec):
    """One subnet that the company has already."""

    id: Reference = Field(description="Its id (AWS), name (GCP) or resource id (Azure).")
    cidr: Cidr = Field(description="Its range.")


class ExistingZone(Spec):
    """The subnets of one zone. Where the cloud's subnets are regional, the same ones stand under each zone."""

    nodes: ExistingSubnet = Field(description="For nodes, and for pods where pods take subnet addresses.")
    load_balancers: ExistingSubnet = Field(description="For load balancers; with a public cell, one with a way in.")


class Existing(Spec):
    """A network that the company has already, in place of one of the cell's own."""

    network: Reference = Field(description="VPC id, name of the VPC network, or resource id of the virtual network.")
    zones: dict[str, ExistingZone] = Field(description="The subnets by zone: one entry for each of the cell's zones.")
    pods: Cidr | None = Field(default=None, description="Secondary range of pods, where the cloud has one (GCP).")
    pods_name: str | None = Field(default=None, description="Name of that secondary range (GCP).")
    services: Cidr | None = Field(default=None, description="Range of Kubernetes services.")
    services_name: str | None = Field(default=None, description="Name of that secondary range (GCP).")
    private_dns_zone: Reference | None = Field(
        default=None, description="Id of the private zone that the network has already. By default the cell makes one."
    )

    @property
    def cidrs(self) -> tuple[str, ...]:
        """Every range of it that the cell uses, sorted."""
        subnets = {subnet.cidr for zone in self.zones.values() for subnet in (zone.nodes, zone.load_balancers)}
        return tuple(sorted(subnets | ({self.pods} if self.pods else set())))


class Egress(Spec):
    """Where the cell may connect to."""

    allowed_cidrs: Cidrs = Field(
        description="The only ranges outside of the cell, of what is joined to it, and of the cloud's own services."
    )


class NetworkSpec(Spec):
    """The cell's network."""

    address_block: Cidr = Field(
        description="The cell's own addresses, a /12 to a /20. `fleet new cell` allocates it; it never changes."
    )
    layout: Literal[1] = Field(
        default=1, description="Version of the cut of the block into subnets. Changing it would move every subnet."
    )
    reachability: Reachability = Field(
        default="private",
        description="Who reaches Kafka. `private`: what is in the cell's network. `public`: also `allowed_cidrs`. "
        "`peering`: also the networks of `peerings`. `hub`: also what is on the `hub`. `privatelink`: whoever connects "
        "to the cell's endpoint service.",
    )
    fan_out: FanOut | None = Field(
        default=None,
        description="How clients tell brokers apart, for clusters that do not say. By default the cloud's own for the "
        "reachability. A change moves the addresses of all brokers.",
    )
    allowed_cidrs: Items[Cidr] = Field(
        default=(), description="With `public`: the source ranges that may reach Kafka. All others are dropped."
    )
    peerings: dict[Name, Peering] = Field(default={}, description="Other networks that are peered, by a name of yours.")
    hub: Hub | None = Field(default=None, description="The transit hub that the network is attached to.")
    privatelink: PrivateLink | None = Field(default=None, description="With `privatelink`: who may connect, and how.")
    links: dict[Name, Link] = Field(
        default={}, description="Private links of others that are consumed in this network, by a name of yours."
    )
    gateway: Gateway | None = Field(
        default=None,
        description="The gateway for fan-outs `sni` and `port-per-broker`. With `privatelink` there is always one.",
    )
    existing: Existing | None = Field(
        default=None, description="Use this network of the company's in place of a new one. For life."
    )
    isolated: bool = Field(
        default=False,
        description="Nothing is ever routed between this network and others: only then may its block overlap another "
        "cell's. Refuses peerings and a hub.",
    )
    ip_family: Literal["ipv4", "dual", "ipv6"] = Field(
        default="ipv4", description="Address families. What a cloud's Kubernetes cannot do is refused with the reason."
    )
    egress: Egress | None = Field(default=None, description="Where the cell may connect to. By default anywhere.")
    nat: Literal["per-zone", "single"] = Field(
        default="per-zone", description="`single` is cheaper, and its zone's outage cuts every zone off from outside."
    )
    flow_logs_retention_days: Literal[7, 30, 90, 365] = Field(
        default=30, description="How long flow logs are kept, in days."
    )

    @property
    def has_gateway(self) -> bool:
        """Whether the cell runs a gateway."""
        return self.gateway is not None or self.reachability == "privatelink"

    @property
    def gateway_or_default(self) -> Gateway:
        """The gateway's settings, also where only `privatelink` asks for one."""
        return self.gateway or Gateway()

    @property
    def inside(self) -> tuple[str, ...]:
        """The cell's own ranges: its block, and what it uses of a network that was there already."""
        return (self.address_block, *(self.existing.cidrs if self.existing else ()))

    @property
    def joined_cidrs(self) -> tuple[str, ...]:
        """Ranges of everything that is joined to the network by peerings and the hub, sorted."""
        found = {cidr for peering in self.peerings.values() for cidr in peering.cidrs}
        return tuple(sorted(found | set(self.hub.cidrs if self.hub else ())))

    @property
    def client_cidrs(self) -> tuple[str, ...]:
        """Ranges outside of the cell from which clients come, sorted. Consumers of a link show the cell's own."""
        return tuple(sorted({*self.joined_cidrs, *(self.allowed_cidrs if self.reachability == "public" else ())}))
