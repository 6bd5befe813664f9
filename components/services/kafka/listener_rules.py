"""The laws of listeners: complete, apart from each other, and no wider than the cell.

Owns      ports of the brokers, completeness, source ranges. How a listener is reached: `fan_out_rules.py`.
Refuses   a listener for everyone: outside of Kubernetes there is always a list of source ranges.
"""

import ipaddress
from collections.abc import Iterator

from components.finding import Finding
from components.services.contract import Place
from components.services.kafka.fan_out_rules import told_at_cell
from components.services.kafka.listeners import PLATFORM, defaults, exposure, ways
from components.services.kafka.spec import KafkaSpec

RESERVED_PORTS = {9404: "metrics", 9999: "JMX"}


def _complete(spec: KafkaSpec, place: Place) -> Iterator[Finding]:
    known = defaults(place)
    for name, listener in spec.listeners.items():
        if name in known or not listener.enabled:
            continue
        if name == exposure(place) and told_at_cell(place):
            continue  # it is a default listener as soon as the cell's file is mended
        given = {"type": listener.type, "port": listener.port, "authentication": listener.authentication}
        missing = [field for field, value in given.items() if value is None]
        if missing:
            yield Finding(
                "listener-incomplete",
                ("listeners", name),
                f"'{name}' is none of the default listeners here ({', '.join(known)}) and lacks {', '.join(missing)}",
                hint="state type, port and authentication",
            )


def _oauth(spec: KafkaSpec, place: Place) -> Iterator[Finding]:
    known = defaults(place)
    for name, listener in spec.listeners.items():
        stated = listener.authentication or (known[name].authentication if name in known else None)
        if stated == "oauth" and listener.oauth is None:
            yield Finding(
                "oauth-incomplete",
                ("listeners", name, "authentication"),
                f"listener '{name}' takes tokens, but of nobody",
                hint="state `oauth: {issuer: …, jwks_url: …, audience: …}`",
            )
        if stated != "oauth" and listener.oauth is not None:
            yield Finding(
                "oauth-ignored",
                ("listeners", name, "oauth"),
                f"listener '{name}' takes no tokens: its authentication is {stated or 'not stated'}",
                hint="set `authentication: oauth`, or remove it",
            )


def _platform(spec: KafkaSpec) -> Iterator[Finding]:
    changed = spec.listeners.get(PLATFORM)
    if changed is None:
        return
    for field, given, wanted in (
        ("enabled", changed.enabled, (True,)),
        ("type", changed.type, (None, "internal")),
        ("authentication", changed.authentication, (None, "tls")),
    ):
        if given not in wanted:
            yield Finding(
                "platform-listener-changed",
                ("listeners", PLATFORM, field),
                f"the platform's own services use listener '{PLATFORM}', inside and with certificates",
                hint="leave it as it is and add a listener of another name",
            )


def _ranges(spec: KafkaSpec, place: Place) -> Iterator[Finding]:
    cell = [ipaddress.IPv4Network(cidr) for cidr in place.allowed_cidrs]
    for way in ways(spec, place):
        stated = spec.listeners[way.name].allowed_cidrs if way.name in spec.listeners else None
        path = ("listeners", way.name, "allowed_cidrs")
        if stated and way.type == "internal":
            yield Finding(
                "cidrs-on-internal-listener",
                path,
                f"listener '{way.name}' is only inside Kubernetes: source ranges have no meaning",
                hint="remove them",
            )
        if stated and way.through_gateway:
            yield Finding(
                "cidrs-on-gateway-listener",
                path,
                f"listener '{way.name}' is behind the cell's gateway, which lets the same clients reach all clusters",
                hint="remove them, or take `fan_out: lb-per-broker`",
            )
        for index, cidr in enumerate(stated or ()):
            inside = any(ipaddress.IPv4Network(cidr).subnet_of(around) for around in cell)
            if way.type == "external" and cell and not inside:
                yield Finding(
                    "listener-wider-than-cell",
                    (*path, index),
                    f"{cidr} is outside of what cell '{place.cell}' lets through",
                    ", ".join(place.allowed_cidrs),
                )


def check(spec: KafkaSpec, place: Place) -> Iterator[Finding]:
    """Every law of listeners that the section breaks."""
    yield from _complete(spec, place)
    yield from _oauth(spec, place)
    yield from _platform(spec)
    yield from _ranges(spec, place)
    taken: dict[int, str] = {}
    for way in ways(spec, place):
        if use := RESERVED_PORTS.get(way.port):
            yield Finding(
                "reserved-port",
                ("listeners", way.name, "port"),
                f"port {way.port} is the operator's own, for {use}",
                "9092 to 65535 without 9404 and 9999",
            )
        if way.port in taken:
            yield Finding(
                "port-taken",
                ("listeners", way.name, "port"),
                f"port {way.port} is already that of listener '{taken[way.port]}'",
                hint=f"take {max(w.port for w in ways(spec, place)) + 1}",
            )
        taken.setdefault(way.port, way.name)
