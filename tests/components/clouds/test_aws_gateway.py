"""The gateway of an AWS cell: one load balancer, who reaches it, where it leads, and the private link behind it."""

from dataclasses import replace
from typing import Any

import pytest

from components.clouds.aws.gateway_ports import node_port, runs
from tests.components.clouds.aws_plan import CELL, IDENTITY, SERVICE, ZONES, Plan, plan, request

CONSUMERS = ("555566667777", "999988887777")


def built(**network: Any) -> Plan:
    return plan(request(gateway={"broker_ports": "9100-9103"}, **network))


@pytest.fixture(scope="module")
def private() -> Plan:
    return built()


@pytest.fixture(scope="module")
def linked() -> Plan:
    return plan(request(reachability="privatelink", privatelink={"consumers": CONSUMERS}))


def rules(found: Plan) -> set[tuple[str, int, int]]:
    return {
        (r.inputs["cidrIpv4"], r.inputs["fromPort"], r.inputs["toPort"])
        for role, r in found.of("SecurityGroupIngressRule").items()
        if role.startswith("gateway-from-")
    }


def test_one_load_balancer_stands_where_the_nodes_stand(private: Plan) -> None:
    made = private.one("gateway", "LoadBalancer")
    assert made.parent == f"{CELL}-gateway"
    assert made.protect
    assert made.inputs["name"] == f"kf-{CELL}-gateway"
    assert made.inputs["internal"] is True
    assert made.inputs["enableCrossZoneLoadBalancing"] is True
    assert made.inputs["enableDeletionProtection"] is True
    assert made.inputs["subnets"] == [f"{CELL}-private-{zone}-id" for zone in ZONES]
    assert made.inputs["securityGroups"] == [f"{CELL}-gateway-firewall-id"]
    assert "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic" not in made.inputs


def test_each_port_has_a_listener_a_target_group_and_the_system_nodes_of_every_zone(private: Plan) -> None:
    ports = (443, 9100, 9101, 9102, 9103)
    assert {r.inputs["port"] for r in private.of("Listener").values()} == set(ports)
    for port in ports:
        group = private.one(f"gateway-{port}").inputs
        assert (group["port"], group["targetType"], group["protocol"]) == (node_port(port), "instance", "TCP")
        assert group["preserveClientIp"] == "false"
        assert group["healthCheck"]["protocol"] == "TCP"
        listener = private.one(f"gateway-{port}-listener").inputs
        assert listener["loadBalancerArn"] == f"arn:{CELL}-gateway"
        assert listener["defaultActions"] == [{"type": "forward", "targetGroupArn": f"arn:{CELL}-gateway-{port}"}]
        # Brokers close idle connections after ten minutes: the balancer must not be the first, without a word.
        assert listener["tcpIdleTimeoutSeconds"] > 600
        for zone in ZONES:
            assert private.one(f"gateway-{port}-{zone}").inputs == {
                "autoscalingGroupName": f"{CELL}-system-{zone}-asg",
                "lbTargetGroupArn": f"arn:{CELL}-gateway-{port}",
            }
    assert private.outputs["service"].type == "NodePort"
    assert private.outputs["service"].node_ports == {port: node_port(port) for port in ports}


def test_node_ports_are_of_the_port_alone_and_never_shared() -> None:
    assert node_port(443) == 30443
    assert (node_port(9100), node_port(9139)) == (31100, 31139)
    for first in (1024, 9100, 9980, 65487):
        span = [node_port(port) for port in (443, *range(first, first + 49))]
        assert len(set(span)) == 50
        assert all(30000 <= port <= 32767 for port in span)


def test_runs_of_ports() -> None:
    assert runs([443, 9100, 9101, 9103]) == ((443, 443), (9100, 9101), (9103, 9103))
    assert runs([]) == ()


def test_a_private_gateway_lets_the_cell_in(private: Plan) -> None:
    assert rules(private) == {("10.20.0.0/16", 443, 443), ("10.20.0.0/16", 9100, 9103)}


def test_a_public_gateway_lets_in_the_allowed_ranges_only() -> None:
    public = built(reachability="public", allowed_cidrs=("203.0.113.0/24",))
    assert rules(public) == {("203.0.113.0/24", 443, 443), ("203.0.113.0/24", 9100, 9103)}
    made = public.one("gateway", "LoadBalancer").inputs
    assert made["internal"] is False
    assert made["subnets"] == [f"{CELL}-public-{zone}-id" for zone in ZONES]
    assert public.one("gateway-names").inputs["zoneId"] == f"{CELL}-public-dns-id"
    assert public.one("gateway-names").inputs["name"] == f"*.{CELL}.kafka.example.com"
    assert public.outputs["told"]["name_servers"] == ["ns-1.example.net", "ns-2.example.net"]


def test_a_gateway_lets_peers_and_the_hub_in() -> None:
    peered = built(
        reachability="hub",
        hub={"id": "tgw-0123456789abcdef0", "cidrs": ("10.200.0.0/16",)},
        peerings={"team": {"network": "vpc-0aaaaaaaa", "cidrs": ("10.90.0.0/16",)}},
    )
    assert {source for source, _, _ in rules(peered)} == {"10.20.0.0/16", "10.90.0.0/16", "10.200.0.0/16"}


def test_only_the_load_balancer_reaches_the_node_ports(private: Plan) -> None:
    into = {
        role: r.inputs
        for role, r in private.of("SecurityGroupIngressRule").items()
        if r.inputs["securityGroupId"] == "sg-eks"
    }
    assert set(into) == {"nodes-from-gateway-30443", "nodes-from-gateway-31100"}
    for rule in into.values():
        assert rule["referencedSecurityGroupId"] == f"{CELL}-gateway-firewall-id"
        assert "cidrIpv4" not in rule
    assert (into["nodes-from-gateway-31100"]["fromPort"], into["nodes-from-gateway-31100"]["toPort"]) == (31100, 31103)
    out = [
        r.inputs
        for r in private.of("SecurityGroupEgressRule").values()
        if r.inputs["securityGroupId"] == f"{CELL}-gateway-firewall-id"
    ]
    ports = sorted((r["referencedSecurityGroupId"], int(r["fromPort"])) for r in out)
    assert ports == [("sg-eks", 30443), ("sg-eks", 31100)]


def test_the_wildcard_and_every_zones_wildcard_lead_to_the_balancer(private: Plan) -> None:
    address = f"{CELL}-gateway.elb.eu-west-1.amazonaws.com"
    everything = private.one("gateway-names").inputs
    assert (everything["name"], everything["type"]) == (f"*.{CELL}.kafka.internal", "A")
    assert everything["aliases"] == [{"name": address, "zoneId": "Z2IFOLAFXWLO4F", "evaluateTargetHealth": False}]
    for zone in ZONES:
        record = private.one(f"gateway-names-{zone}").inputs
        assert (record["name"], record["records"]) == (f"*.{zone}.{CELL}.kafka.internal", [f"{zone}.{address}"])
    assert private.outputs["gateway"] == {"address": address}


def test_growing_the_span_of_broker_ports_changes_no_port_that_is_there(private: Plan) -> None:
    wider = plan(request(gateway={"broker_ports": "9090-9110"}))
    inputs = {r.name: r.inputs for r in wider.cloud}
    for kind in ("TargetGroup", "Listener", "Attachment"):
        assert all(inputs[r.name] == r.inputs for r in private.of(kind).values()), kind


def test_names_of_balancer_and_targets_fit_into_what_aws_takes() -> None:
    long = replace(IDENTITY, cell="c" * 40)
    found = plan(request(long, gateway={"broker_ports": "9100-9101"}))
    for kind in ("LoadBalancer", "TargetGroup"):
        names = [r.inputs["name"] for r in found.cloud if r.type.endswith(f":{kind}")]
        assert len(set(names)) == len(names)
        assert all(len(name) <= 32 and not name.endswith("-") for name in names)


def test_a_cell_that_is_linked_offers_its_balancer_to_the_consumers_and_to_nobody_else(linked: Plan) -> None:
    service = linked.one("gateway-link")
    assert service.protect
    assert service.inputs["acceptanceRequired"] is False
    assert service.inputs["networkLoadBalancerArns"] == [f"arn:{CELL}-gateway"]
    allowed = linked.of("VpcEndpointServiceAllowedPrinciple").values()
    assert {r.inputs["principalArn"] for r in allowed} == {f"arn:aws:iam::{account}:root" for account in CONSUMERS}
    assert {r.inputs["vpcEndpointServiceId"] for r in allowed} == {f"{CELL}-gateway-link-id"}
    assert linked.outputs["gateway"]["service"] == SERVICE
    assert linked.outputs["gateway"]["zones"] == ["euw1-aza", "euw1-azb", "euw1-azc"]


def test_what_comes_over_the_link_passes_the_balancers_firewall(linked: Plan) -> None:
    made = linked.one("gateway", "LoadBalancer").inputs
    assert made["enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"] == "off"
    assert made["internal"] is True
    assert rules(linked) == {("10.20.0.0/16", 443, 443)}


def test_connections_are_accepted_one_by_one_where_the_file_says_so() -> None:
    found = plan(
        request(
            reachability="privatelink",
            privatelink={
                "consumers": CONSUMERS,
                "acceptance": "manual",
                "accepted": ("vpce-0123456789abcdef0",),
            },
        )
    )
    assert found.one("gateway-link").inputs["acceptanceRequired"] is True
    (accepted,) = found.of("VpcEndpointConnectionAccepter").values()
    assert accepted.inputs == {
        "vpcEndpointId": "vpce-0123456789abcdef0",
        "vpcEndpointServiceId": f"{CELL}-gateway-link-id",
    }


def test_a_cell_without_a_gateway_has_nothing_of_one() -> None:
    plain = plan(request())
    for kind in ("LoadBalancer", "Listener", "TargetGroup", "Attachment", "Record", "VpcEndpointService"):
        assert not plain.of(kind), kind
