"""What the fleet's cells and clusters cost: nothing twice, nothing in silence, and what a change adds."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from components import catalog
from components.clouds.aws.billed import ENDPOINTS
from components.clouds.aws.endpoints import SERVICES
from components.cost.contract import HOURS, Bill, Use
from components.cost.prices import catalogue
from stacks.cli import application
from stacks.cost import bills, delta
from stacks.fleet import Fleet
from stacks.load import load
from stacks.rendition.make import rendition
from stacks.spec import CostSettings
from tests.components.cost.bodies import CLOUDS
from tools.fleet_copy import REPOSITORY, copy_fleet

EXAMPLE = load(REPOSITORY)
BILLS = {each.name: each for each in bills(EXAMPLE)}


def changed(to: Path, file: str, *edits: tuple[str, str]) -> Fleet:
    """The example fleet with texts of one file replaced."""
    copy = copy_fleet(to)
    text = (copy / file).read_text("utf-8")
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (copy / file).write_text(text, "utf-8")
    fleet = load(copy)
    assert not fleet.errors
    return fleet


def amount(bill: Bill, part: str) -> float:
    return sum(line.amount for line in bill.lines if line.part == part)


def test_every_cell_and_cluster_of_the_example_has_a_bill_without_a_missing_price() -> None:
    assert BILLS.keys() == {f"cell.{n}" for n in EXAMPLE.cells} | {f"cluster.{n}" for n in EXAMPLE.clusters}
    for bill in BILLS.values():
        assert bill.total > 0
        assert not bill.unpriced
        assert bill.left_out


@pytest.mark.parametrize("name", sorted(EXAMPLE.cells))
def test_the_nodes_of_a_cell_are_paid_once(name: str) -> None:
    cell = EXAMPLE.cells[name]
    pools = cell.spec.kubernetes
    prices = catalogue(cell.spec.cloud).regions[cell.spec.region]
    lines = {line.subject: line for line in BILLS[f"cell.{name}"].lines if line.part == "compute"}
    paid = lines["free room on Kafka nodes"].amount + sum(
        amount(BILLS[f"cluster.{n}"], "compute") for n, cluster in EXAMPLE.clusters.items() if cluster.cell == name
    )
    nodes = paid / HOURS / prices[f"machine/{pools.kafka_nodes.machine}"].usd
    assert nodes == pytest.approx(round(nodes), abs=1e-3)
    assert pools.kafka_nodes.least_per_zone <= round(nodes) / len(cell.spec.zones) <= pools.kafka_nodes.most_per_zone


def test_equal_fleets_have_no_difference() -> None:
    same = delta(EXAMPLE, EXAMPLE, EXAMPLE.cells, EXAMPLE.clusters)
    assert same.bills == ()
    assert same.before == same.after == 0
    assert same.catalogue.startswith("aws ")


def test_more_brokers_cost_more_and_the_cell_gives_room_for_them(tmp_path: Path) -> None:
    after = changed(
        tmp_path, "fleet/clusters/web/web-prod.yaml", ("size: { name: small }", "size: { name: small }\n    brokers: 6")
    )
    cost = delta(EXAMPLE, after, ["aws-euw1-prod"], ["web-prod", "payments-prod"])
    cell, cluster = cost.bills
    assert (cell.name, cluster.name) == ("cell.aws-euw1-prod", "cluster.web-prod")
    assert cell.after < cell.before  # the most always runs there: what the brokers take is room no longer
    assert cluster.after > cluster.before
    assert cost.after > cost.before
    by_part = {(line.part, line.what.partition(" ")[0]): line for line in cluster.lines}
    assert by_part["load balancer", "7"].before * 7 == pytest.approx(by_part["load balancer", "7"].after * 4, abs=0.1)
    assert by_part["disk", "6"].after > 0
    assert all(line.formula for line in cluster.lines)


def test_where_the_least_is_passed_brokers_bring_nodes(tmp_path: Path) -> None:
    edit = ("size: { name: medium }", "size: { name: medium }\n    brokers: 9")
    after = changed(tmp_path, "fleet/clusters/logistics/logistics-prod.yaml", edit)
    cost = delta(EXAMPLE, after, ["gcp-ew1-prod"], ["logistics-prod"])
    nodes = sum(line.after - line.before for bill in cost.bills for line in bill.lines if line.part == "compute")
    machine = EXAMPLE.cells["gcp-ew1-prod"].spec.kubernetes.kafka_nodes.machine
    each = catalogue("gcp").regions["europe-west1"][f"machine/{machine}"].usd * HOURS
    assert nodes == pytest.approx(6 * each, abs=0.05)


def test_what_comes_and_goes_is_its_whole_bill(tmp_path: Path) -> None:
    copy = copy_fleet(tmp_path)
    (copy / "fleet/clusters/analytics/lab.yaml").unlink()
    for app in ("clickstream", "experiments"):
        (copy / f"fleet/apps/analytics/{app}.yaml").unlink()
    without = load(copy)
    gone = delta(EXAMPLE, without, ["lab"], ["lab"])
    assert [(bill.name, bill.after) for bill in gone.bills] == [("cell.lab", 0), ("cluster.lab", 0)]
    assert gone.before == pytest.approx(BILLS["cell.lab"].total + BILLS["cluster.lab"].total)
    come = delta(without, EXAMPLE, ["lab"], ["lab"])
    assert (come.before, come.after) == (gone.after, gone.before)


def test_a_contract_takes_its_share_off_and_the_average_off_traffic(tmp_path: Path) -> None:
    assert EXAMPLE.settings is not None
    assert EXAMPLE.settings.cost == CostSettings()
    settings = "platform_team: platform\ncost: { discount_percent: { aws: 25 }, average_load_percent: 50 }"
    after = changed(tmp_path, "fleet/fleet.yaml", ("platform_team: platform", settings))
    mine = {each.name: each for each in bills(after)}
    dev, lab = "cluster.logistics-dev", "cluster.lab"
    traffic = "cross-zone traffic"
    assert amount(mine[dev], traffic) == pytest.approx(amount(BILLS[dev], traffic) * 0.375, abs=0.01)
    assert amount(mine[lab], traffic) == pytest.approx(amount(BILLS[lab], traffic) * 0.5, abs=0.01)
    assert mine["cell.aws-use1-dev"].total == pytest.approx(BILLS["cell.aws-use1-dev"].total * 0.75, abs=0.05)
    assert mine["cell.lab"] == BILLS["cell.lab"]


def test_a_region_without_prices_is_said(tmp_path: Path) -> None:
    edits = [
        ("region: us-east-1", "region: us-east-2"),
        ("[us-east-1a, us-east-1b, us-east-1c]", "[us-east-2a, us-east-2b]"),
    ]
    after = changed(tmp_path, "fleet/cells/aws-use1-dev.yaml", *edits)
    cost = delta(EXAMPLE, after, ["aws-use1-dev"], [])
    (bill,) = cost.bills
    assert bill.after == 0
    file = "components/clouds/aws/prices.json"
    assert bill.not_counted[0] == f"everything: no prices of us-east-2; add the region to {file}"


# --- what a cell uses, next to what its program registers ---


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """The clouds' own full examples as cells of one fleet."""
    copy = copy_fleet(tmp_path_factory.mktemp("full"))
    for kind in ("clusters", "apps", "cells"):
        shutil.rmtree(copy / "fleet" / kind)
    (copy / "fleet/cells").mkdir()
    for cloud in catalog.clouds():
        shutil.copy(CLOUDS / cloud / "examples/full.yaml", copy / f"fleet/cells/{cloud}-full.yaml")
    yield load(copy)


TYPES = {
    "aws": {
        "aws:eks/cluster:Cluster": "control plane",
        "aws:ec2/natGateway:NatGateway": "NAT gateways",
        "aws:ec2/eip:Eip": "addresses of NAT",
        "aws:lb/loadBalancer:LoadBalancer": "gateway",
        "aws:ec2transitgateway/vpcAttachment:VpcAttachment": "attachment to the hub",
        "aws:kms/key:Key": "keys",
    },
    "gcp": {
        "gcp:container/cluster:Cluster": "control plane",
        "gcp:kms/cryptoKey:CryptoKey": "keys",
        "gcp:networkconnectivity/spoke:Spoke": "attachment to the hub",
        "gcp:compute/forwardingRule:ForwardingRule": "consumed links",
    },
    "azure": {
        "azure-native:containerservice:ManagedCluster": "control plane",
        "azure-native:network:NatGateway": "NAT gateways",
    },
}


@pytest.mark.parametrize("cloud", TYPES)
def test_a_bill_counts_what_the_cells_program_registers(full: Fleet, cloud: str) -> None:
    name = f"{cloud}-full"
    body = full.cells[name].spec
    items = rendition(full, full.stacks[f"cell.{name}"]).items.values()
    registered = Counter(item.type for item in items)
    uses: list[Use] = list(catalog.load(catalog.clouds()[cloud].billed).cell(body, 9))
    billed = {use.subject: use.quantity / (1 if use.meter.endswith("_month") else HOURS) for use in uses}
    for kind, subject in TYPES[cloud].items():
        assert billed.get(subject, 0) == registered[kind], subject
    for kind, count in _more(cloud, registered).items():
        assert billed.get(kind, 0) == count, kind
    assert billed["disks of nodes"] == 9 * _node_disks(cloud, [dict(item.body) for item in items])


def _more(cloud: str, registered: Counter[str]) -> dict[str, int]:
    """Where one type is several things of a bill."""
    if cloud == "aws":
        assert len(SERVICES) == ENDPOINTS
        interfaces = registered["aws:ec2/vpcEndpoint:VpcEndpoint"] - 1  # S3's is a gateway and free
        zones = registered["aws:ec2/natGateway:NatGateway"]
        return {
            "endpoints of AWS' services": ENDPOINTS * zones,
            "consumed links": (interfaces - ENDPOINTS) * zones,
            "addresses of gateway": zones,
        }
    if cloud == "azure":
        gateway = 1  # AKS makes the load balancer; the program its address
        addresses = registered["azure-native:network:PublicIPAddress"]
        return {"addresses of NAT": addresses - gateway, "address of the gateway": gateway}
    return {"gateway": 1, "addresses of NAT": registered["gcp:compute/address:Address"] - 2}  # gateway's, link's


def _node_disks(cloud: str, bodies: list[dict[str, object]]) -> float:
    """What `disks of nodes` counts for one node: GiB, or disks where a disk of that size is sold."""
    text = json.dumps(bodies, default=str)
    if cloud == "aws":
        templates = [body["blockDeviceMappings"] for body in bodies if "blockDeviceMappings" in body]
        sizes = {sum(one["ebs"]["volumeSize"] for one in mappings) for mappings in templates}  # type: ignore[attr-defined]
        (size,) = sizes
        return float(size)
    if cloud == "gcp":
        assert '"diskSizeGb": 100' in text
        return 100
    assert '"osDiskSizeGB": 128' in text
    return 1


# --- the command ---


def run(*arguments: str) -> str:
    result = CliRunner().invoke(application(), ["cost", *arguments], env={"FLEET_ROOT": str(REPOSITORY)})
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_command_tells_all_one_or_several() -> None:
    told = json.loads(run("--output", "json"))
    assert told["total"] == pytest.approx(sum(each.total for each in BILLS.values()), abs=0.01)
    assert told["currency"] == "USD"
    assert {bill["name"] for bill in told["bills"]} == BILLS.keys()
    assert {bill["name"] for bill in json.loads(run("lab", "--output", "json"))["bills"]} == {"cell.lab", "cluster.lab"}
    text = run("cluster.lab", "--what")
    assert "cluster.lab" in text
    assert "cell.lab" not in text
    assert "× 730 h ×" in text
    assert "not counted: clients' own machines" in text
    assert "aws" not in run("lab").partition("list prices: ")[0]


def test_an_unknown_name_is_a_usage_error_with_the_nearest_one() -> None:
    result = CliRunner().invoke(application(), ["cost", "payment-prod"], env={"FLEET_ROOT": str(REPOSITORY)})
    assert result.exit_code == 2
    assert "payments-prod" in result.stderr
