"""Fixtures that several files of real-cluster tests share."""

from collections.abc import Iterator

import pytest

from tests.cluster.kafka_world import World


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A declared cluster with a real Kafka behind it; made once, since it takes half a minute."""
    made = World(tmp_path_factory.mktemp("kafka"))
    try:
        made.start()
        yield made
    finally:
        made.stop()
