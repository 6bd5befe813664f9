"""Each law of how a listener is reached, broken by one section and kept by its nearest neighbour."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from components.clouds.azure import ENTRY as AZURE
from components.finding import Finding
from components.services.contract import Place
from components.services.kafka.rules import check

from .requests import GATEWAY, HUB, LINKED, PRIVATE, PUBLIC, request, section

NEW = "port: 9096, authentication: tls"
LONG = "a" * 60


def found(text: str, place: Place, cluster: str = "orders") -> list[Finding]:
    return list(check(request(text.replace("NEW", NEW), place, cluster=cluster)))


BAD: list[tuple[str, Place, str, str]] = [
    ("{link: {type: link, NEW}}", PRIVATE, "link-listener-without-private-link", "link.type"),
    ("{wan: {type: external, NEW}}", LINKED, "external-listener-on-private-cell", "wan.type"),
    ("{network: {fan_out: sni}}", PRIVATE, "listener-without-gateway", "network.fan_out"),
    (
        '{network: {fan_out: port-per-broker, ports: "9100-9112"}}',
        PRIVATE,
        "listener-without-gateway",
        "network.fan_out",
    ),
    ("{external: {fan_out: direct}}", PUBLIC, "fan-out-refused", "external.fan_out"),
    ("{link: {fan_out: lb-per-broker}}", LINKED, "fan-out-refused", "link.fan_out"),
    ("{network: {fan_out: direct}}", replace(PRIVATE, ways=AZURE.ways), "fan-out-refused", "network.fan_out"),
    (
        "{lan: {type: network, fan_out: sni, NEW}}",
        replace(PUBLIC, gateway=True),
        "gateway-of-other-exposure",
        "lan.fan_out",
    ),
    ("{lan: {type: network, fan_out: sni, NEW}}", LINKED, "gateway-of-other-exposure", "lan.fan_out"),
    ("{scram: {fan_out: sni}}", GATEWAY, "fan-out-on-internal-listener", "scram.fan_out"),
    ('{scram: {ports: "9100-9112"}}', GATEWAY, "ports-ignored", "scram.ports"),
    ('{network: {fan_out: sni, ports: "9100-9112"}}', GATEWAY, "ports-ignored", "network.ports"),
    ("{network: {fan_out: port-per-broker}}", GATEWAY, "ports-missing", "network"),
    ("{}", replace(GATEWAY, fan_out="port-per-broker"), "ports-missing", ""),
    ('{network: {fan_out: port-per-broker, ports: "9112-9100"}}', GATEWAY, "ports-reversed", "network.ports"),
    ('{network: {fan_out: port-per-broker, ports: "9090-9112"}}', GATEWAY, "ports-outside-cell", "network.ports"),
    ('{network: {fan_out: port-per-broker, ports: "9130-9140"}}', GATEWAY, "ports-outside-cell", "network.ports"),
    (
        '{network: {fan_out: port-per-broker, ports: "9100-9112"}}',
        replace(GATEWAY, broker_ports=None),
        "no-ports-on-cell",
        "network.ports",
    ),
    ('{network: {fan_out: port-per-broker, ports: "9100-9102"}}', GATEWAY, "ports-too-few", "network.ports"),
    ('{network: {fan_out: port-per-broker, ports: "9100-9105"}}', GATEWAY, "ports-without-room", "network.ports"),
    (
        "{network: {fan_out: sni, allowed_cidrs: [10.0.0.0/16]}}",
        GATEWAY,
        "cidrs-on-gateway-listener",
        "network.allowed_cidrs",
    ),
]


@pytest.mark.parametrize(("listeners", "place", "code", "path"), BAD)
def test_a_broken_law_is_told_at_its_place(listeners: str, place: Place, code: str, path: str) -> None:
    findings = found(f"listeners: {listeners}", place)
    assert [(f.code, ".".join(map(str, f.path))) for f in findings] == [
        (code, f"listeners.{path}" if path else "listeners")
    ]


GOOD: list[tuple[str, Place]] = [
    ("{}", LINKED),
    ("{network: {fan_out: sni}}", GATEWAY),
    ("{network: {fan_out: direct}}", HUB),
    ("{lan: {type: network, NEW}}", LINKED),
    ("{lan: {type: network, NEW}}", PUBLIC),
    ('{network: {fan_out: port-per-broker, ports: "9100-9106"}}', GATEWAY),
    ('{network: {ports: "9127-9139"}}', replace(GATEWAY, fan_out="port-per-broker")),
    ("{network: {enabled: false}}", replace(GATEWAY, fan_out="port-per-broker")),
    ("{network: {fan_out: direct, allowed_cidrs: [10.200.0.0/20]}}", HUB),
]

WRONG_CELLS: list[tuple[str, Place]] = [
    ("{external: {allowed_cidrs: [198.51.100.0/25]}}", replace(PUBLIC, public_dns_zone="")),
    ("{external: {allowed_cidrs: [198.51.100.0/25]}}", replace(PUBLIC, fan_out="direct")),
    ("{external: {type: external, NEW}}", replace(PUBLIC, fan_out="direct")),
    ("{link: {authentication: tls}}", replace(LINKED, fan_out="lb-per-broker")),
    ("{network: {authentication: tls}, lan: {type: network, NEW}}", replace(PRIVATE, fan_out="sni")),
    ("{lan: {type: network, NEW}}", replace(GATEWAY, fan_out="port-per-broker", broker_ports=None)),
    ('{network: {fan_out: port-per-broker, ports: "9100-9112"}}', replace(GATEWAY, broker_ports=(9139, 9100))),
]
"""A public cell without a domain, fan-outs that are refused or lack their gateway, ports that are missing or none."""


@pytest.mark.parametrize(("listeners", "place"), WRONG_CELLS)
def test_what_is_wrong_with_the_cell_is_not_told_at_its_clusters(listeners: str, place: Place) -> None:
    assert found(f"listeners: {listeners}", place) == []


@pytest.mark.parametrize(("listeners", "place"), GOOD)
def test_the_nearest_neighbour_keeps_every_law(listeners: str, place: Place) -> None:
    assert found(f"listeners: {listeners}", place) == []


def test_what_the_cloud_refuses_is_told_with_its_reason_and_the_nearest() -> None:
    (one,) = found("listeners: {network: {fan_out: direct}}", replace(HUB, cloud="azure", ways=AZURE.ways))[:1]
    refused = AZURE.ways.refused["hub", "direct"]
    assert refused.why in one.message
    assert one.hint == f"take {refused.nearest}"
    assert one.allowed == "lb-per-broker, sni, port-per-broker"


def test_ports_without_room_are_a_warning_and_name_enough() -> None:
    (one,) = found('listeners: {network: {fan_out: port-per-broker, ports: "9100-9105"}}', GATEWAY)
    assert one.severity == "warning"
    assert "9100-9106" in one.hint


@pytest.mark.parametrize(
    ("cluster", "place"),
    [
        (LONG, PRIVATE),
        ("orders", replace(PRIVATE, dns_zone=".".join([LONG] * 4))),
    ],
)
def test_a_host_name_that_dns_cannot_hold_is_told(cluster: str, place: Place) -> None:
    (one,) = found("", place, cluster)
    assert (one.code, one.path) == ("host-name-too-long", ("listeners", "network"))
    assert found("", PRIVATE, "a" * 51) == []


def test_no_cluster_takes_the_gateways_namespace() -> None:
    assert [(f.code, f.path) for f in found("", PRIVATE, "gateway")] == [("cluster-name-reserved", ())]


@pytest.mark.parametrize("name", ["1st", "100", "a-b", "aaaaaaaaaaaa"])
def test_a_listeners_name_begins_with_a_letter(name: str) -> None:
    """Otherwise it could be the number of another listener's broker in a host name."""
    with pytest.raises(ValidationError):
        section(f"listeners: {{'{name}': {{enabled: false}}}}")
