"""Networks that are peered with the cell's: the request or its acceptance, routes, and names that resolve across.

Owns      the cell's end, and with `side: both` the other end too, as a principal that may act there.
Refuses   anything of the other network beside the peering: its firewalls are its owners'.
Identity  another `network` or `account` replaces the connection: clients of that peering are cut while it happens.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pulumi
import pulumi_aws as aws

from components.cell.network_spec import Peering
from components.clouds.aws.builder import Builder, mark
from components.clouds.aws.existing import own_cidrs
from components.clouds.aws.peering_told import instructions
from components.clouds.aws.routes import routes
from components.clouds.contract import NetworkRequest


@dataclass(frozen=True)
class Joined:
    """What a peering joins to: the cell's own network with its route tables and zone."""

    build: Builder
    request: NetworkRequest
    vpc_id: pulumi.Output[str]
    zone_id: pulumi.Output[str]
    tables: Mapping[str, pulumi.Output[str]]


@dataclass(frozen=True)
class Theirs:
    """The other end. `build` is None where nothing may be made there.

    region  said on each resource where the provider's own is another one
    """

    build: Builder | None
    region: str | None


@dataclass(frozen=True)
class Connection:
    """The connection, and what makes it active: nothing where the others have yet to accept."""

    id: pulumi.Output[str]
    active: tuple[pulumi.Resource, ...]


def peerings(joined: Joined) -> Mapping[str, Any]:
    """Make every peering of the cell; what is told of each, by name."""
    return {name: _peer(joined, name, peering) for name, peering in sorted(joined.request.spec.peerings.items())}


def _peer(joined: Joined, name: str, peering: Peering) -> Mapping[str, Any]:
    theirs = _theirs(joined.build, name, peering)
    connection = _connection(joined, name, peering, theirs)
    routes(joined.build, joined.tables, name, peering.cidrs, peering=connection.id, after=connection.active)
    if theirs.build is not None:
        _routes_back(joined, name, peering, theirs.build, connection, theirs.region)
    if peering.dns:
        if connection.active:
            _resolve(joined.build, name, peering, theirs, connection)
        _names(joined, name, peering, theirs)
    return {
        "id": connection.id,
        "state": "active" if connection.active else "asked: the others have to accept",
        "instructions": instructions(joined.request, peering, connection.id, joined.zone_id),
    }


def _elsewhere(build: Builder, peering: Peering) -> bool:
    return peering.account not in (None, build.identity.account)


def _region(build: Builder, peering: Peering) -> str:
    return peering.region or build.identity.region


def _theirs(build: Builder, name: str, peering: Peering) -> Theirs:
    region = _region(build, peering)
    if peering.side == "ours":
        return Theirs(None, None)
    if not _elsewhere(build, peering):
        return Theirs(build, region if region != build.identity.region else None)
    if peering.account is None or peering.principal is None:
        raise ValueError(f"peering {name}: both sides in another account need a `principal` there")
    provider = aws.Provider(
        build.logical(f"peer-{name}"),
        region=region,
        allowed_account_ids=[peering.account],
        assume_roles=[aws.ProviderAssumeRoleArgs(role_arn=peering.principal)],
        default_tags=aws.ProviderDefaultTagsArgs(tags=dict(sorted(build.identity.tags.items()))),
        opts=pulumi.ResourceOptions(parent=build.component),
    )
    return Theirs(replace(build, provider=provider), None)


def _connection(joined: Joined, name: str, peering: Peering, theirs: Theirs) -> Connection:
    build = joined.build
    # The same tags at both ends: within one region both are one resource.
    tags = build.tags(f"peering-{name}")
    if peering.request is not None:
        accepted = aws.ec2.VpcPeeringConnectionAccepter(
            build.logical(f"peering-{name}-accepted"),
            vpc_peering_connection_id=peering.request,
            auto_accept=True,
            tags=tags,
            opts=build.plain(),
        )
        return Connection(accepted.vpc_peering_connection_id, (accepted,))
    region = _region(build, peering)
    made = aws.ec2.VpcPeeringConnection(
        build.logical(f"peering-{name}"),
        aws.ec2.VpcPeeringConnectionArgs(
            vpc_id=joined.vpc_id,
            peer_vpc_id=peering.network,
            peer_owner_id=peering.account if _elsewhere(build, peering) else None,
            peer_region=region if region != build.identity.region else None,
            tags=tags,
        ),
        build.plain(),
    )
    if theirs.build is None:
        return Connection(made.id, ())
    accepted = aws.ec2.VpcPeeringConnectionAccepter(
        build.logical(f"peering-{name}-accepted"),
        vpc_peering_connection_id=made.id,
        auto_accept=True,
        region=theirs.region,
        tags=tags,
        opts=theirs.build.plain(),
    )
    return Connection(made.id, (accepted,))


def _routes_back(
    joined: Joined, name: str, peering: Peering, there: Builder, connection: Connection, region: str | None
) -> None:
    for table in sorted(peering.route_tables):
        for cidr in own_cidrs(joined.request):
            aws.ec2.Route(
                joined.build.logical(f"peering-{name}-back-{table}-{mark(cidr)}"),
                aws.ec2.RouteArgs(
                    route_table_id=table,
                    destination_cidr_block=cidr,
                    vpc_peering_connection_id=connection.id,
                    region=region,
                ),
                there.plain(after=connection.active),
            )


def _resolve(
    build: Builder,
    name: str,
    peering: Peering,
    theirs: Theirs,
    connection: Connection,
) -> None:
    """Public host names of the one network resolve to private addresses in the other. Each end decides for itself."""
    ends: dict[str, dict[str, Any]] = {
        "requester": {"requester": aws.ec2.PeeringConnectionOptionsRequesterArgs(allow_remote_vpc_dns_resolution=True)},
        "accepter": {"accepter": aws.ec2.PeeringConnectionOptionsAccepterArgs(allow_remote_vpc_dns_resolution=True)},
    }
    ours, others = ("requester", "accepter") if peering.request is None else ("accepter", "requester")
    # Within one account and region there is one set of options for both ends.
    together = theirs.build is build and theirs.region is None
    aws.ec2.PeeringConnectionOptions(
        build.logical(f"peering-{name}-ours"),
        vpc_peering_connection_id=connection.id,
        **ends[ours],
        **(ends[others] if together else {}),
        opts=build.plain(after=connection.active),
    )
    if theirs.build is not None and not together:
        aws.ec2.PeeringConnectionOptions(
            build.logical(f"peering-{name}-theirs"),
            vpc_peering_connection_id=connection.id,
            region=theirs.region,
            **ends[others],
            opts=theirs.build.plain(after=connection.active),
        )


def _names(joined: Joined, name: str, peering: Peering, theirs: Theirs) -> None:
    """Let the other network resolve the cell's zone: across accounts one side allows it and the other does it."""
    build, region = joined.build, _region(joined.build, peering)
    allowed: list[pulumi.Resource] = []
    if _elsewhere(build, peering):
        allowed.append(
            aws.route53.VpcAssociationAuthorization(
                build.logical(f"peering-{name}-dns-allowed"),
                aws.route53.VpcAssociationAuthorizationArgs(
                    zone_id=joined.zone_id, vpc_id=peering.network, vpc_region=region
                ),
                build.plain(),
            )
        )
        if theirs.build is None:
            return
    aws.route53.ZoneAssociation(
        build.logical(f"peering-{name}-dns"),
        aws.route53.ZoneAssociationArgs(zone_id=joined.zone_id, vpc_id=peering.network, vpc_region=region),
        (theirs.build or build).plain(after=allowed),
    )
