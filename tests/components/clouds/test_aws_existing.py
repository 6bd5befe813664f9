"""An AWS cell in a network of the company's, and one whose way out is an allow-list."""

from typing import Any

import pytest

from components.clouds.aws.counts import ENDPOINTS_WITH_EGRESS
from components.clouds.aws.endpoints import SERVICES
from components.clouds.contract import LinkRequest
from tests.components.clouds.aws_plan import CELL, SERVICE, ZONES, Plan, plan, request

VPC = "vpc-0123456789abcdef0"


def subnet(kind: str, zone: str, cidr: str) -> dict[str, str]:
    return {"id": f"subnet-{kind}{zone[-1]}", "cidr": cidr}


EXISTING = {
    "network": VPC,
    "zones": {
        zone: {
            "nodes": subnet("nodes", zone, f"172.16.{16 * n}.0/20"),
            "load_balancers": subnet("lb", zone, f"172.16.200.{32 * n}/27"),
        }
        for n, zone in enumerate(ZONES)
    },
}
NODES = [f"subnet-nodes{zone[-1]}" for zone in ZONES]
BALANCERS = [f"subnet-lb{zone[-1]}" for zone in ZONES]


def taken(**network: Any) -> Plan:
    return plan(request(existing={**EXISTING, **network.pop("more", {})}, **network))


@pytest.fixture(scope="module")
def cell() -> Plan:
    return taken()


def test_nothing_of_the_companys_network_is_made_or_changed(cell: Plan) -> None:
    made = {r.type.rpartition(":")[2] for r in cell.cloud}
    theirs = {
        "Vpc",
        "Subnet",
        "VpcIpv4CidrBlockAssociation",
        "InternetGateway",
        "NatGateway",
        "Eip",
        "RouteTable",
        "RouteTableAssociation",
        "Route",
        "DefaultSecurityGroup",
        "VpcEndpoint",
    }
    assert not made & theirs
    assert cell.outputs["id"] == VPC
    assert cell.outputs["egress_ips"] == []


def test_nodes_and_load_balancers_stand_in_the_subnets_that_the_file_names(cell: Plan) -> None:
    assert list(cell.outputs["node_subnet_ids"].values()) == NODES
    assert list(cell.outputs["load_balancer_subnet_ids"].values()) == BALANCERS
    assert cell.one("eks").inputs["vpcConfig"]["subnetIds"] == NODES
    assert cell.one("kafka-eu-west-1b").inputs["subnetIds"] == ["subnet-nodesb"]
    assert cell.one("kafka-firewall").inputs["vpcId"] == VPC


def test_kafka_is_reached_from_the_subnets_that_are_there(cell: Plan) -> None:
    sources = {r.inputs["cidrIpv4"] for r in cell.of("SecurityGroupIngressRule").values()}
    theirs = {zone[kind]["cidr"] for zone in EXISTING["zones"].values() for kind in ("nodes", "load_balancers")}  # type: ignore[attr-defined] # a literal above
    assert theirs <= sources


def test_flow_logs_are_of_the_cells_subnets_and_not_of_everything_beside_them(cell: Plan) -> None:
    logs = cell.of("FlowLog").values()
    assert {r.inputs["subnetId"] for r in logs} == {*NODES, *BALANCERS}
    assert not [r for r in logs if "vpcId" in r.inputs]


def test_a_subnet_that_serves_twice_is_logged_once() -> None:
    both = {zone: {"nodes": each["nodes"], "load_balancers": each["nodes"]} for zone, each in EXISTING["zones"].items()}  # type: ignore[attr-defined] # a literal above
    found = taken(more={"zones": both})
    assert sorted(r.inputs["subnetId"] for r in found.of("FlowLog").values()) == NODES
    told = found.outputs["told"]["existing"]["instructions"]
    assert len(told) == len(NODES)


def test_the_company_is_told_which_tags_load_balancers_look_for(cell: Plan) -> None:
    told = cell.outputs["told"]["existing"]["instructions"]
    assert len(told) == 6
    assert all(line.endswith("Key=kubernetes.io/role/internal-elb,Value=1") for line in told)
    public = taken(reachability="public", allowed_cidrs=("203.0.113.0/24",))
    tags = {line.split()[6]: line.split()[-1] for line in public.outputs["told"]["existing"]["instructions"]}
    assert {tags[each] for each in BALANCERS} == {"Key=kubernetes.io/role/elb,Value=1"}
    assert {tags[each] for each in NODES} == {"Key=kubernetes.io/role/internal-elb,Value=1"}


def test_a_zone_that_the_company_has_is_used_and_otherwise_one_is_made(cell: Plan) -> None:
    assert cell.one("dns").inputs["vpcs"] == [{"vpcId": VPC}]
    used = taken(more={"private_dns_zone": "Z0123456789ABCDEF"})
    assert not used.of("Zone")
    assert used.outputs["private_dns_zone_id"] == "Z0123456789ABCDEF"


def test_a_hub_is_attached_where_the_nodes_stand_and_the_routes_are_told() -> None:
    found = taken(reachability="hub", hub={"id": "tgw-0123456789abcdef0", "cidrs": ("10.200.0.0/16",)})
    assert found.one("hub-attachment").inputs["subnetIds"] == NODES
    assert not found.of("Route")
    told = found.outputs["told"]["hub"]["instructions"]
    assert [line for line in told if "--destination-cidr-block 10.200.0.0/16 --transit-gateway-id tgw-" in line]
    assert [line for line in told if "create-transit-gateway-route " in line and "172.16.16.0/20" in line]


def test_a_peering_is_made_and_our_own_routes_are_told() -> None:
    found = taken(
        reachability="peering",
        peerings={"team": {"network": "vpc-0aaaaaaaa", "cidrs": ("10.90.0.0/16",), "side": "both"}},
    )
    assert set(found.of("VpcPeeringConnectionAccepter")) == {"peering-team-accepted"}
    told = found.outputs["told"]["peerings"]["team"]["instructions"]
    assert [line for line in told if f"subnets in {VPC}> --destination-cidr-block 10.90.0.0/16" in line]
    back = [line for line in told if "<each route table of vpc-0aaaaaaaa>" in line]
    assert len(back) == 6, "one for each of the subnets: their block is not the cell's"


def test_gateway_and_links_work_there_too() -> None:
    found = taken(
        reachability="privatelink",
        privatelink={"consumers": ("555566667777",)},
        links={"shared": LinkRequest(service=SERVICE, dns_zone="shared.kafka.internal")},
    )
    assert found.one("gateway", "LoadBalancer").inputs["subnets"] == BALANCERS
    assert found.one("link-shared").inputs["subnetIds"] == NODES
    assert found.one("link-shared-names-eu-west-1a").inputs["name"] == "*.eu-west-1a.shared.kafka.internal"
    assert found.outputs["gateway"]["zones"] == []


@pytest.fixture(scope="module")
def closed() -> Plan:
    return plan(request(egress={"allowed_cidrs": ("203.0.113.0/24", "198.51.100.7/32")}))


def test_an_allow_list_leaves_no_other_way_out(closed: Plan) -> None:
    for zone in ZONES:
        out = {
            r.inputs["destinationCidrBlock"]: r.inputs["natGatewayId"]
            for r in closed.of("Route").values()
            if r.inputs["routeTableId"] == f"{CELL}-private-{zone}-routes-id"
        }
        assert out == dict.fromkeys(("203.0.113.0/24", "198.51.100.7/32"), f"{CELL}-nat-{zone}-id")


def test_aws_own_services_are_reached_inside_the_network(closed: Plan) -> None:
    made = {r.inputs["serviceName"]: r for r in closed.of("VpcEndpoint").values()}
    inside = {name for name, r in made.items() if r.inputs["vpcEndpointType"] == "Interface"}
    assert inside == {f"com.amazonaws.eu-west-1.{service}" for service in SERVICES}
    assert len(inside) == ENDPOINTS_WITH_EGRESS
    for name in inside:
        assert made[name].inputs["privateDnsEnabled"] is True
        assert made[name].inputs["subnetIds"] == [f"{CELL}-private-{zone}-id" for zone in ZONES]
        assert made[name].name in closed.outputs["ready"], "no node becomes ready without them"
    assert "com.amazonaws.eu-west-1.s3" in made
    rules = [r.inputs for role, r in closed.of("SecurityGroupIngressRule").items() if role.startswith("endpoints-from")]
    assert [(rule["cidrIpv4"], rule["fromPort"], rule["toPort"]) for rule in rules] == [("10.20.0.0/16", 443, 443)]
