"""Private links that an AWS cell consumes, its DNS zones and who may write into them."""

import json
from typing import Any

import pytest

from components.clouds.contract import LinkRequest
from tests.components.clouds.aws_plan import CELL, SERVICE, ZONES, Plan, plan, request

ZONE = "aws-euw1-shared.kafka.internal"
ENDPOINT = "vpce-1-abc.vpce-svc-1.eu-west-1.vpce.amazonaws.com"


def linked(**network: Any) -> Plan:
    return plan(request(links={"shared": LinkRequest(service=SERVICE, dns_zone=ZONE)}, **network))


@pytest.fixture(scope="module")
def consumer() -> Plan:
    return linked()


def zonal(zone: str) -> str:
    return ENDPOINT.replace("-abc.", f"-abc-{zone}.")


def test_an_endpoint_stands_in_every_zone_of_the_cell(consumer: Plan) -> None:
    made = consumer.one("link-shared").inputs
    assert made["serviceName"] == SERVICE
    assert made["vpcEndpointType"] == "Interface"
    assert made["subnetIds"] == [f"{CELL}-private-{zone}-id" for zone in ZONES]
    assert made["securityGroupIds"] == [f"{CELL}-link-shared-firewall-id"]
    assert made["privateDnsEnabled"] is False
    assert "serviceRegion" not in made


def test_a_service_of_another_region_is_asked_for_there() -> None:
    other = SERVICE.replace("eu-west-1", "eu-central-1")
    found = plan(request(links={"shared": LinkRequest(service=other, dns_zone=ZONE)}))
    assert found.one("link-shared").inputs["serviceRegion"] == "eu-central-1"


def test_the_cells_own_clients_alone_reach_the_endpoint(consumer: Plan) -> None:
    rules = {
        (r.inputs["cidrIpv4"], r.inputs["fromPort"], r.inputs["toPort"])
        for r in consumer.of("SecurityGroupIngressRule").values()
        if r.inputs["securityGroupId"] == f"{CELL}-link-shared-firewall-id"
    }
    assert rules == {("10.20.0.0/16", 443, 443), ("10.20.0.0/16", 1024, 65535)}


def test_every_name_of_the_provider_leads_to_the_endpoint(consumer: Plan) -> None:
    zone = consumer.one("link-shared-dns").inputs
    assert (zone["name"], zone["vpcs"]) == (ZONE, [{"vpcId": f"{CELL}-vpc-id"}])
    records = {r.inputs["name"]: r.inputs for r in consumer.of("Record").values()}
    leads = {f"*.{ZONE}": ENDPOINT}
    leads |= {f"*.{each}.{ZONE}": zonal(each) for each in ZONES}
    leads |= {f"*.euw1-az{each[-1]}.{ZONE}": zonal(each) for each in ZONES}
    assert {name: inputs["records"] for name, inputs in records.items()} == {n: [to] for n, to in leads.items()}
    assert {(inputs["type"], inputs["zoneId"]) for inputs in records.values()} == {
        ("CNAME", f"{CELL}-link-shared-dns-id")
    }


def test_what_people_must_know_of_a_link_is_told(consumer: Plan) -> None:
    told = consumer.outputs["told"]["links"]["shared"]
    assert told["endpoint"] == f"{CELL}-link-shared-id"
    assert told["addresses"] == [ENDPOINT, *(zonal(zone) for zone in ZONES)]


def test_a_private_cell_has_one_zone_and_a_public_cell_two() -> None:
    assert set(plan(request()).of("Zone")) == {"dns"}
    public = plan(request(reachability="public", allowed_cidrs=("203.0.113.0/24",)))
    assert set(public.of("Zone")) == {"dns", "public-dns"}
    assert "vpcs" not in public.one("public-dns").inputs
    assert public.one("public-dns").protect


@pytest.mark.parametrize(
    ("network", "zones"),
    [
        ({}, ["dns"]),
        ({"reachability": "public", "allowed_cidrs": ("203.0.113.0/24",)}, ["dns", "public-dns"]),
    ],
    ids=["private", "public"],
)
def test_records_are_written_into_the_cells_own_zones_only(network: dict[str, Any], zones: list[str]) -> None:
    found = plan(request(**network))
    own = [f"arn:aws:route53:::hostedzone/{CELL}-{zone}-id" for zone in zones]
    granted = json.loads(found.one("external-dns-own").inputs["policy"])["Statement"]
    writing = [s for s in granted if "route53:ChangeResourceRecordSets" in s["Action"]]
    assert [s["Resource"] for s in writing] == [own]
    everywhere = {action for s in granted if s["Resource"] == ["*"] for action in s["Action"]}
    assert everywhere == {"route53:ListHostedZones"}

    values = found.outputs["dns_writer"]
    assert values["provider"] == {"name": "aws"}
    assert values["serviceAccount"] == {"create": True, "name": "external-dns"}
    assert values["env"] == [{"name": "AWS_DEFAULT_REGION", "value": "eu-west-1"}]
    assert values["extraArgs"] == [f"--zone-id-filter={CELL}-{zone}-id" for zone in zones]


def test_the_writer_is_bound_to_its_service_account() -> None:
    found = plan(request())
    bound = found.one("external-dns-identity").inputs
    assert (bound["namespace"], bound["serviceAccount"]) == ("external-dns", "external-dns")
    assert bound["roleArn"] == f"arn:{CELL}-external-dns"
    (trust,) = json.loads(found.one("external-dns").inputs["assumeRolePolicy"])["Statement"]
    assert trust["Condition"]["StringEquals"]["aws:RequestTag/kubernetes-namespace"] == "external-dns"
