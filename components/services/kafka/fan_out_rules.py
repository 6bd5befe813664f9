"""The laws of how a listener is reached: what its cell is for, what its cloud does, what the gateway carries.

Owns      type against the cell's reachability, fan-out against the cloud's declaration, gateway, load balancers.
Refuses   the cell's own default: where the cloud refuses that, the cell's file is wrong and its check says so.
"""

from collections.abc import Iterator

from components.clouds.reach import EXPOSURES, GATEWAY_FAN_OUTS
from components.finding import Finding
from components.services.contract import Place
from components.services.kafka.listeners import Way, asked, exposure, reachability_of
from components.services.kafka.spec import KafkaSpec

_UNFIT = {
    "external": ("external-listener-on-private-cell", "has no public addresses"),
    "link": ("link-listener-without-private-link", "offers no private link"),
}


def told_at_cell(place: Place) -> bool:
    """Whether the cell's own fan-out cannot be: its check tells that once for all of its clusters."""
    refused = place.ways.refusal(place.reachability, place.fan_out) is not None
    return refused or (place.fan_out in GATEWAY_FAN_OUTS and not place.gateway)


def _types(place: Place) -> str:
    """The types of listener that a cell has."""
    return ", ".join(sorted({"internal", "network", exposure(place)}))


def _fits(way: Way, place: Place) -> Iterator[Finding]:
    """Public addresses and private links are made by the cell, for all of its clusters."""
    if way.type in {"internal", "network", exposure(place)}:
        return
    wanted = next(one for one, kind in EXPOSURES.items() if kind == way.type)
    code, why = _UNFIT[way.type]
    yield Finding(
        code,
        ("listeners", way.name, "type"),
        f"cell '{place.cell}' is {place.reachability}: it {why}",
        _types(place),
        f"place the cluster on a {wanted} cell",
    )


def _refused(way: Way, place: Place, stated: bool) -> Iterator[Finding]:
    """What the cloud does not do for this type of listener."""
    reachability = reachability_of(way.type, place)
    refused = place.ways.refusal(reachability, way.fan_out) if way.fan_out else None
    if refused is not None:
        yield Finding(
            "fan-out-refused",
            ("listeners", way.name, "fan_out" if stated else "type"),
            f"'{way.fan_out}' for a listener of type '{way.type}' on {place.cloud}: {refused.why}",
            ", ".join(place.ways.built(reachability)),
            f"take {refused.nearest}",
        )


def _gateway(way: Way, place: Place, stated: bool) -> Iterator[Finding]:
    at = ("listeners", way.name, "fan_out" if stated else "type")
    if not place.gateway:
        yield Finding(
            "listener-without-gateway",
            at,
            f"'{way.fan_out}' goes through the cell's gateway, and cell '{place.cell}' has none",
            hint="ask for `network: {gateway: {}}` in the cell's file, or take `fan_out: lb-per-broker`",
        )
    elif way.type != exposure(place):
        yield Finding(
            "gateway-of-other-exposure",
            at,
            f"listener '{way.name}' is of type '{way.type}', and the gateway of cell '{place.cell}' is "
            f"'{exposure(place)}': its names and addresses are all of that kind",
            ", ".join(one for one in place.ways.built("private") if one not in GATEWAY_FAN_OUTS),
            f"take another fan-out, or type {exposure(place)}",
        )


def _load_balancers(way: Way, place: Place) -> Iterator[Finding]:
    at = ("listeners", way.name)
    if way.type not in place.load_balancers:
        yield Finding(
            "no-load-balancer",
            (*at, "type"),
            f"cell '{place.cell}' makes no load balancers of type '{way.type}'",
            ", ".join(["internal", *sorted(place.load_balancers)]),
        )
    elif way.type == "external" and not way.allowed_cidrs:
        yield Finding(
            "listener-open",
            (*at, "allowed_cidrs"),
            f"listener '{way.name}' has a public address and no source ranges",
            hint="state `allowed_cidrs` here or on the cell",
        )


def _reached(way: Way, place: Place, stated: bool) -> Iterator[Finding]:
    """The first law that a listener outside of Kubernetes breaks: the later ones build on the earlier."""
    for found in (
        list(_fits(way, place)),
        list(_refused(way, place, stated)),
        list(_gateway(way, place, stated)) if way.through_gateway else [],
        list(_load_balancers(way, place)) if way.fan_out == "lb-per-broker" else [],
    ):
        if found:
            yield from found
            return


def check(spec: KafkaSpec, place: Place) -> Iterator[Finding]:
    """Every listener of the section that is not reached as it says."""
    for way in asked(spec, place):
        listener = spec.listeners.get(way.name)
        stated = listener is not None and listener.fan_out is not None
        if way.fan_out is not None:
            if stated or way.type != exposure(place) or not told_at_cell(place):
                yield from _reached(way, place, stated)
        elif listener is not None and listener.fan_out is not None:
            yield Finding(
                "fan-out-on-internal-listener",
                ("listeners", way.name, "fan_out"),
                f"listener '{way.name}' is only inside Kubernetes: its clients find each broker's pod by themselves",
                hint="remove it",
            )
