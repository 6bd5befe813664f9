"""The laws of a listener's host names: no label or name is too long, and no namespace is the gateway's.

Owns      the gateway's namespace, and the limits of DNS (RFC 1035: 63 characters a label, 253 a name).
Refuses   the characters: those of cluster and listener names are already the ones of host names; a zone that is not
          there: the cell's own check tells it once for all clusters (`stacks/check/networks.py`).
"""

from collections.abc import Iterator

from components.finding import Finding
from components.platform.request import GATEWAY_NAMESPACE
from components.services.contract import ServiceRequest
from components.services.kafka import addresses
from components.services.kafka.listeners import Way, ways
from components.services.kafka.place import kafka_spec

LABEL, NAME = 63, 253
LAST_ID = 999
"""The longest id of a broker (`pools.py`)."""


def _longest(request: ServiceRequest, way: Way) -> str | None:
    """The name with the longest label or of the greatest length that is beyond the limits."""
    found = (
        addresses.broker_host(request.cluster, way, request.place, LAST_ID),
        *addresses.zonal_names(request.cluster, way, request.place),
    )
    wrong = [name for name in found if len(name) > NAME or any(len(label) > LABEL for label in name.split("."))]
    return max(wrong, key=len, default=None)


def check(request: ServiceRequest) -> Iterator[Finding]:
    """Every listener outside of Kubernetes whose names cannot be."""
    place = request.place
    if request.namespace == GATEWAY_NAMESPACE:
        yield Finding(
            "cluster-name-reserved",
            (),
            f"a cluster named '{request.cluster}' would have namespace '{GATEWAY_NAMESPACE}', which is the gateway's",
            hint="take another name",
        )
    for way in ways(kafka_spec(request), place):
        if way.fan_out is None:
            continue
        if addresses.zone_of(way, place) and (name := _longest(request, way)):
            label = max(len(part) for part in name.split("."))
            yield Finding(
                "host-name-too-long",
                ("listeners", way.name),
                f"'{name}' is {len(name)} characters long, its longest label {label}",
                f"{NAME} for a name, {LABEL} for a label",
                "take a shorter name for the listener or the cluster, or a shorter DNS domain for the fleet",
            )
