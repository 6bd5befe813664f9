"""Settings of every test run."""

import hypothesis
import pytest

# A deadline measures the machine, not the code: performance is measured by `make bench`.
hypothesis.settings.register_profile("fleet", deadline=None)
hypothesis.settings.load_profile("fleet")

FIRST = (
    "tests/engine/test_networks.py",
    "tests/cluster/test_kubernetes_fleet.py",
    "tests/engine/test_fleet.py",
    "tests/engine/test_run_operations.py",
    "tests/engine/test_run_many.py",
    "tests/engine/test_run_fleet.py",
    "tests/engine/test_gcp_cell.py",
    "tests/engine/test_aws_cell.py",
    "tests/sandbox/test_azure_joined.py",
    "tests/cluster/test_mirror_rights.py",
    "tests/cluster/test_kafka_connect.py",
    "tests/cluster/test_kubernetes_objects.py",
    "tests/cluster/test_kafka_settings.py",
    "tests/cluster/test_kafka_rotation.py",
    "tests/cluster/test_kafka_handover.py",
)
"""The files that take longest, the longest first: a file is one process's, and one that begins last ends alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slow files first. The tests of a file keep their order."""
    rank = {file: place for place, file in enumerate(FIRST)}
    items.sort(key=lambda item: rank.get(item.location[0], len(rank)))
