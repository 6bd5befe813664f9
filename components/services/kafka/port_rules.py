"""The laws of a listener's part of the gateway's ports: stated, the cell's own, and enough of them.

Owns      `ports` of each listener by itself.
Refuses   ports that two listeners take, of one cluster or of two: `stacks/check/limits.py` sees all of a cell, and
          tells it once.
"""

from collections.abc import Iterator

from components.cell.ports import FIRST_BROKER_ID
from components.finding import Finding
from components.services.contract import Place, ServiceRequest
from components.services.kafka import addresses
from components.services.kafka.listeners import Way, asked
from components.services.kafka.place import kafka_spec, known

ROOM = 2
"""With fewer than this many times its brokers, a listener has no room to grow."""


def _told_at_cell(place: Place) -> bool:
    """Whether the cell lacks the ports that its own fan-out needs, or has none by a typing error: told once, there."""
    kept = place.broker_ports
    return place.fan_out == "port-per-broker" if kept is None else kept[0] >= kept[1]


def _kept(request: ServiceRequest) -> str:
    kept = request.place.broker_ports
    return f"{kept[0]}-{kept[1]}" if kept else ""


def _missing(request: ServiceRequest, way: Way) -> Iterator[Finding]:
    listener = kafka_spec(request).listeners.get(way.name)
    of_cell = "" if listener else " (the cell's own fan-out)"
    kept = request.place.broker_ports
    yield Finding(
        "ports-missing",
        ("listeners", way.name) if listener else ("listeners",),
        f"listener '{way.name}' tells brokers apart by port{of_cell}, and no ports of the gateway are its own",
        f"a part of {_kept(request)}" if kept else "",
        f'state `listeners: {{{way.name}: {{ports: "{_example(request)}"}}}}`'
        if kept
        else "ask for `network: {gateway: {broker_ports: …}}` in the cell's file",
    )


def _example(request: ServiceRequest) -> str:
    first, last = request.place.broker_ports or (0, 0)
    return f"{first}-{min(last, first + ROOM * len(addresses.broker_ids(request)))}"


def _part(request: ServiceRequest, way: Way, first: int, last: int) -> Iterator[Finding]:
    at, kept, given = ("listeners", way.name, "ports"), request.place.broker_ports, f"{first}-{last}"
    if first >= last:
        yield Finding("ports-reversed", at, f"'{given}' is no range of ports", "two ports, the lower one first")
    elif kept is None:
        yield Finding(
            "no-ports-on-cell",
            at,
            f"the gateway of cell '{request.place.cell}' keeps no ports for brokers",
            hint="ask for `network: {gateway: {broker_ports: …}}` in the cell's file",
        )
    elif first < kept[0] or last > kept[1]:
        yield Finding(
            "ports-outside-cell",
            at,
            f"{given} is not within the ports that the gateway of cell '{request.place.cell}' keeps",
            _kept(request),
        )
    else:
        yield from _room(request, way, first, last)


def _room(request: ServiceRequest, way: Way, first: int, last: int) -> Iterator[Finding]:
    """One port is the bootstrap's. What is asked for is the highest id, for no broker ever gets a lower one's port."""
    if not known(request):
        return
    at, brokers, has = ("listeners", way.name, "ports"), len(addresses.broker_ids(request)), last - first
    highest = FIRST_BROKER_ID + brokers - 1
    if has < brokers:
        yield Finding(
            "ports-too-few",
            at,
            f"{first}-{last} has ports for {has} brokers beside the bootstrap's, and ids go up to {highest}",
            f"{brokers + 1} ports or more",
            f"take {first}-{first + ROOM * brokers}",
        )
    elif has < ROOM * brokers:
        yield Finding(
            "ports-without-room",
            at,
            f"{first}-{last} has ports for {has} brokers: the cluster has {brokers}, and can't be doubled",
            hint=f"take {first}-{first + ROOM * brokers} as long as these are free",
            severity="warning",
        )


def check(request: ServiceRequest) -> Iterator[Finding]:
    """Every law of ports that the section breaks."""
    spec, place = kafka_spec(request), request.place
    if _told_at_cell(place):
        return
    for way in asked(spec, place):
        listener = spec.listeners.get(way.name)
        by_port = way.fan_out == "port-per-broker"
        if by_port and place.gateway and way.ports is None:
            yield from _missing(request, way)
        elif way.ports is not None and place.gateway:
            yield from _part(request, way, *way.ports)
        elif listener is not None and listener.ports is not None and not by_port:
            yield Finding(
                "ports-ignored",
                ("listeners", way.name, "ports"),
                f"listener '{way.name}' does not tell brokers apart by port",
                hint="set `fan_out: port-per-broker`, or remove them",
            )
