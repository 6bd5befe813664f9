"""What was read from a vendor's packages is read once, and told the same from the disk."""

import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import cache
from sandbox.api import schema
from sandbox.contract import ApiModel
from sandbox.sdk import types

TYPES = [
    ("pulumi_aws", "aws:eks/cluster:Cluster"),
    ("pulumi_gcp", "gcp:container/nodePool:NodePool"),
    ("pulumi_azure_native", "azure-native:network:VirtualNetwork"),
    ("pulumi_kubernetes", "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"),
]
SCHEMAS = [
    ApiModel("botocore", "eks", "CreateCluster", {}, {}),
    ApiModel("discovery", "compute.v1", "Subnetwork", {}, {}),
    ApiModel("azure-mgmt", "azure.mgmt.network.models", "Subnet", {}, {}),
]


def _forget(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("KAFKA_FLEET_CACHE", str(folder))
    for remembered in (cache._shelf, types._classes, types.resource_type, types.provider_type, schema._load):
        remembered.cache_clear()


@pytest.fixture(autouse=True)
def forgotten_afterwards() -> object:
    yield
    for remembered in (cache._shelf, types._classes, types.resource_type, types.provider_type, schema._load):
        remembered.cache_clear()


def test_cold_and_warm_tell_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    for _ in range(2):
        _forget(monkeypatch, tmp_path)
        told.append(([types.resource_type(*one) for one in TYPES], [schema.load(one).root for one in SCHEMAS]))
    assert told[0] == told[1]
    assert all(told[0][0])


def test_a_damaged_or_unwritable_cache_is_only_slower(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _forget(monkeypatch, tmp_path)
    right = types.resource_type(*TYPES[0])
    for file in tmp_path.rglob("*.json"):
        file.write_text("{")
    _forget(monkeypatch, tmp_path)
    assert types.resource_type(*TYPES[0]) == right
    (tmp_path / "file").write_text("")
    _forget(monkeypatch, tmp_path / "file")
    assert types.resource_type(*TYPES[0]) == right


def test_a_warm_cache_needs_no_sdk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _forget(monkeypatch, tmp_path)
    assert types.resource_type(*TYPES[0])
    code = (
        "import sys; from sandbox.sdk.types import resource_type;"
        f"assert resource_type(*{TYPES[0]!r}); sys.exit('pulumi_aws' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == 0
