"""`fleet new cell` writes a valid file with a block that nobody else has, or nothing."""

import ipaddress
from pathlib import Path
from typing import Any

import pytest

from stacks.load import load
from stacks.new_cell import NewCell, RefusedError, write
from tools.fleet_copy import copy_fleet

ROLE = "arn:aws:iam::111122223333:role/fleet"
ACCOUNT = "svc-fleet@acme-kafka-prod.iam.gserviceaccount.com"
GROUP = "11111111-2222-4333-8444-555555555501"
PLAIN: dict[str, dict[str, Any]] = {
    "aws": {"account": "111122223333", "region": "eu-central-1", "access": ROLE},
    "gcp": {
        **{"account": "acme-kafka-prod", "region": "europe-north1", "access": ACCOUNT},
        "section": {"project_number": "123456789012"},
    },
    "azure": {
        **{"account": "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d", "region": "northeurope", "access": GROUP},
        "section": {"tenant_id": "99999999-8888-4777-8666-555555555555"},
    },
}


def wanted(name: str, cloud: str, **changes: Any) -> NewCell:
    given = {
        "environment": "dev",
        "cost_center": "platform-1",
        "cloud": cloud,
        **PLAIN.get(cloud, PLAIN["aws"]),
        **changes,
    }
    access = dict.fromkeys(("platform", "services", "apps"), given["access"])
    return NewCell(name=name, **{**given, "access": access})


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_fleet(tmp_path)


@pytest.mark.parametrize("cloud", sorted(PLAIN))
def test_a_cell_on_each_cloud_is_valid_as_written(root: Path, cloud: str) -> None:
    path = write(load(root), wanted("fresh", cloud))
    fleet = load(root)
    assert fleet.errors == ()
    assert path.read_text("utf-8").startswith("# yaml-language-server: $schema=../cell.schema.json")
    mine = ipaddress.IPv4Network(fleet.cells["fresh"].spec.network.address_block)
    others = [c.spec.network.address_block for c in fleet.cells.values() if c.name != "fresh"]
    assert not any(mine.overlaps(ipaddress.IPv4Network(block)) for block in others)


def test_ten_cells_get_ten_blocks_and_move_nobody(root: Path) -> None:
    with (root / "fleet" / "fleet.yaml").open("a", encoding="utf-8") as settings:
        settings.write("granted_limits: { aws: { nat_addresses_per_region: 40, networks_per_region: 20 } }\n")
    before = {name: cell.spec.network.address_block for name, cell in load(root).cells.items()}
    for number in range(10):
        write(load(root), wanted(f"fresh-{number}", "aws", prefix_length=20 if number % 2 else 16))
    fleet = load(root)
    assert fleet.errors == ()
    blocks = {name: cell.spec.network.address_block for name, cell in fleet.cells.items()}
    assert len(set(blocks.values())) == len(blocks)
    assert before.items() <= blocks.items()


@pytest.mark.parametrize(
    ("name", "changes", "reason"),
    [
        ("aws-euw1-prod", {}, "there is a cell 'aws-euw1-prod' already"),
        ("lab", {}, "there is a cell 'lab' already"),
        ("fresh", {"cloud": "asw"}, "choose aws, azure, gcp"),
        ("Fresh_1", {}, "bad-file-name"),
        ("fresh", {"account": "1"}, "bad-account"),
        ("fresh", {"region": "mars"}, "bad-region"),
        ("fresh", {"access": "root"}, "bad-principal"),
        ("fresh", {"cost_center": ""}, "cost_center"),
        ("fresh", {"cloud": "gcp", "section": {}}, "missing-section"),
        ("fresh", {"prefix_length": 21}, "block-size"),
    ],
)
def test_what_would_not_be_valid_is_not_written(root: Path, name: str, changes: dict[str, Any], reason: str) -> None:
    before = sorted((root / "fleet" / "cells").iterdir())
    with pytest.raises(RefusedError, match=reason):
        write(load(root), wanted(name, changes.pop("cloud", "aws"), **changes))
    assert sorted((root / "fleet" / "cells").iterdir()) == before


def test_a_full_space_says_the_way_out(root: Path) -> None:
    file = root / "fleet" / "fleet.yaml"
    lines = file.read_text("utf-8").replace("10.0.0.0/10", "10.0.0.0/14").splitlines(keepends=True)
    file.write_text("".join(line for line in lines if "10.64.0.0/11" not in line), "utf-8")
    for path in (
        root / "fleet" / "cells" / "aws-use1-dev.yaml",
        root / "fleet" / "clusters" / "analytics" / "lab.yaml",
    ):
        path.unlink()
    for path in (root / "fleet" / "clusters" / "logistics" / "logistics-dev.yaml",):
        path.unlink()
    for path in ("logistics/routes-lab.yaml", "analytics/experiments.yaml"):
        (root / "fleet" / "apps" / path).unlink()
    write(load(root), wanted("last", "aws"))
    with pytest.raises(RefusedError, match=r"no /16 is left in 10\.0\.0\.0/14: add a range"):
        write(load(root), wanted("more", "aws"))
