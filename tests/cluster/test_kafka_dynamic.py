"""What we say of a changed broker setting, against a real broker that is asked to change it while it runs."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from components.impact.broker_config import ELR, verdict
from components.impact.contract import MISSING
from tests.cluster.config_dynamic import VERSIONS, Asked, ask


@pytest.fixture(scope="module")
def asked() -> dict[str, Asked]:
    """Both brokers at once: each takes seconds to start."""
    with ThreadPoolExecutor() as pool:
        return dict(zip(VERSIONS, pool.map(ask, VERSIONS), strict=True))


@pytest.mark.parametrize("version", VERSIONS)
def test_what_kafka_takes_while_it_runs_we_call_dynamic_and_nothing_else(asked: dict[str, Asked], version: str) -> None:
    rows = [row for row in asked[version].rows if not row.kept]
    assert [row for row in rows if not row.agrees] == []
    assert sum(row.taken for row in rows) > 50
    assert sum(not row.taken for row in rows) > 150


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_read_only_is_refused_for_the_cluster_and_for_one_broker(asked: dict[str, Asked], version: str) -> None:
    rows = [row for row in asked[version].rows if row.mode == "read-only"]
    assert [row.key for row in rows if not row.cluster or not row.one] == []
    assert all(row.ours.restarts for row in rows)


@pytest.mark.parametrize("version", VERSIONS)
def test_what_the_operator_keeps_for_itself_is_never_called_dynamic(asked: dict[str, Asked], version: str) -> None:
    rows = [row for row in asked[version].rows if row.kept]
    assert any(row.taken for row in rows), "Kafka would take some of them"
    assert all(row.ours.restarts for row in rows)


@pytest.mark.parametrize("version", VERSIONS)
def test_where_the_operator_rolls_although_kafka_would_not_we_say_rolls(asked: dict[str, Asked], version: str) -> None:
    assert [row.key for row in asked[version].anyway if not row.taken] == []
    assert all("brokers" in row.ours.restarts for row in asked[version].anyway)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_pool_of_threads_is_resized_at_once_only_up_to_its_double(asked: dict[str, Asked], version: str) -> None:
    rows = asked[version].threads
    assert len(rows) == 9
    assert all(not row.taken and row.ours.restarts == ("brokers",) for row in rows)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_least_number_of_replicas_in_sync_cannot_be_unset(asked: dict[str, Asked], version: str) -> None:
    assert "cannot be removed while ELR is enabled" in asked[version].unset
    assert "brokers" in verdict(ELR, 2, MISSING, version).restarts
    assert verdict(ELR, 1, 2, version).restarts == ()
