"""Wildcard records: every name of a zone, and every zonal one, lead to one address.

Owns      the address records of the gateway and of links that the cell consumes.
Refuses   a record for each cluster: clusters come and go, and the cell's stack stays the same.
"""

from collections.abc import Iterable

import pulumi
from pulumi_azure_native import dns as public_dns
from pulumi_azure_native import privatedns

from components.base import Component
from components.clouds.azure.dns import Zone

TTL = 60
"""Seconds. An address moves only with a new load balancer, and clients must not wait long then."""


def private(
    owner: Component, logical: str, zone: Zone, address: pulumi.Input[str], cloud_zones: Iterable[str]
) -> list[privatedns.PrivateRecordSet]:
    """`*` and `*.<cloud zone>` in a private zone."""
    return [
        privatedns.PrivateRecordSet(
            f"{logical}{suffix}",
            relative_record_set_name=relative,
            record_type="A",
            private_zone_name=zone.name,
            resource_group_name=zone.group,
            ttl=TTL,
            a_records=[privatedns.ARecordArgs(ipv4_address=address)],
            opts=owner.child(zone.provider),
        )
        for suffix, relative in _names(cloud_zones)
    ]


def public(
    owner: Component, logical: str, zone: Zone, address: pulumi.Input[str], cloud_zones: Iterable[str]
) -> list[public_dns.RecordSet]:
    """The same in a public zone."""
    return [
        public_dns.RecordSet(
            f"{logical}{suffix}",
            relative_record_set_name=relative,
            record_type="A",
            zone_name=zone.name,
            resource_group_name=zone.group,
            ttl=TTL,
            a_records=[public_dns.ARecordArgs(ipv4_address=address)],
            opts=owner.child(zone.provider),
        )
        for suffix, relative in _names(cloud_zones)
    ]


def _names(cloud_zones: Iterable[str]) -> list[tuple[str, str]]:
    """Suffix of the logical name, and the record's name in its zone."""
    return [("", "*"), *((f"-{zone}", f"*.{zone}") for zone in sorted(cloud_zones))]
