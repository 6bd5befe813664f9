"""Who is asked about a change, and what stands for what nobody knows."""

import pytest

from components.impact import durations
from components.impact.contract import Context, ObjectChange
from components.impact.judge import effects, judge
from components.impact.pods import ids
from components.services.contract import Manifest
from tests.components.impact.build import context, judged, put, rendered, without


def _one(kind: str, *path: str, old: object = "a", new: object = "b", service: str = "kafka") -> str:
    change = ObjectChange(kind, "one", "one", path, old, new)
    (effect,) = effects(change, Context(service, "orders"))
    return effect.impact


def test_a_kind_that_nobody_knows_counts_as_made_again() -> None:
    assert _one("Sprocket", "spec", "size") == "replaces"


def test_another_api_version_is_another_object() -> None:
    assert _one("KafkaTopic", "apiVersion") == "replaces"


def test_another_name_deletes_what_holds_data() -> None:
    assert _one("KafkaTopic", "metadata", "namespace") == "deletes"
    assert _one("NetworkPolicy", "metadata", "namespace") == "replaces"


def test_protection_that_ends_is_named() -> None:
    change = ObjectChange("Kafka", "orders", "cluster", ("protect",), True, False)
    (effect,) = effects(change, Context("kafka", "orders"))
    assert "no longer protected" in effect.reason


@pytest.mark.parametrize(
    ("stack", "kind", "name", "impact"),
    [
        ("kafka.payments-prod", "Kafka", "", "deletes"),
        ("kafka.payments-prod", "KafkaNodePool", "broker", "deletes"),
        ("kafka.payments-prod", "Namespace", "", "deletes"),
        ("kafka.payments-prod", "NetworkPolicy", "deny-all", "dynamic"),
        ("app.payments-prod.payments-api", "KafkaTopic", "payments.settled", "deletes"),
        ("app.payments-prod.payments-api", "KafkaUser", "payments-api.api", "deletes"),
        ("app.payments-prod.payments-api", "KafkaConnector", "payments-api.archive", "dynamic"),
        ("ksqldb.logistics-prod", "StatefulSet", "", "deletes"),
        ("schema_registry.payments-prod", "StatefulSet", "", "dynamic"),
        ("console.payments-prod", "Deployment", "", "dynamic"),
    ],
)
def test_what_it_does_that_an_object_goes_or_comes(stack: str, kind: str, name: str, impact: str) -> None:
    before = rendered(stack)
    after = without(before, kind, name)
    assert len(after) < len(before)
    assert {effect.impact for effect in judged(stack, before, after)} == {impact}
    assert {effect.impact for effect in judged(stack, after, before)} <= {"dynamic"}


def test_a_new_pool_of_controllers_comes_too_late() -> None:
    before = without(rendered("kafka.payments-prod"), "KafkaNodePool", "controller")
    (effect,) = judged("kafka.payments-prod", before, rendered("kafka.payments-prod"))
    assert effect.impact == "irreversible"


def test_a_topic_that_the_operator_leaves_alone_is_not_deleted() -> None:
    stack = "app.payments-prod.payments-api"
    before = put(rendered(stack), "KafkaTopic", "metadata/annotations/strimzi.io~managed", "false", "payments.settled")
    (effect,) = judged(stack, before, without(before, "KafkaTopic", "payments.settled"))
    assert effect.impact == "dynamic"


def test_the_owner_of_a_service_is_asked_first() -> None:
    stack = "ksqldb.logistics-prod"
    before = rendered(stack)
    text = next(one.body["data"]["etc-fleet-ksqldb.properties"] for one in before if one.body["kind"] == "ConfigMap")
    renamed = put(before, "ConfigMap", "metadata/name", "another")
    after = put(
        renamed,
        "ConfigMap",
        "data/etc-fleet-ksqldb.properties",
        text.replace("service.id=logistics_", "service.id=other_"),
    )
    assert judged(stack, before, renamed)[0].impact == "dynamic"
    worst = judged(stack, before, after)[0]
    assert worst.impact == "replaces"
    assert "'other_', not 'logistics_'" in worst.reason


def test_the_worst_comes_first() -> None:
    stack = "kafka.payments-prod"
    before = rendered(stack)
    after = put(put(before, "Kafka", "spec/kafka/metadataVersion", "4.4-IV0"), "Kafka", "spec/kafka/rack", None)
    found = judge(before, after, context(stack, before, after))
    assert [effect.impact for effect in found] == ["irreversible", "rolls brokers"]


@pytest.mark.parametrize(
    ("ranges", "count", "expected"),
    [
        ("[0-9]", 3, [0, 1, 2]),
        ("[100-999]", 2, [100, 101]),
        ("[5, 7-8]", 3, [5, 7, 8]),
        ("[9-0]", 2, [9, 8]),
        ("", 2, [0, 1]),
        ("[1-2]", 5, [1, 2]),
    ],
)
def test_ids_are_taken_in_the_order_of_their_ranges(ranges: str, count: int, expected: list[int]) -> None:
    assert ids(ranges, count) == expected


def test_every_figure_of_an_estimate_says_where_it_is_from() -> None:
    told = durations.table()
    for row in [*told["seconds"].values(), *told["rates"].values()]:
        assert row["value"] > 0
        assert row["source"]
        assert row["assumption"]


def test_an_object_without_a_change_has_no_effect() -> None:
    before: tuple[Manifest, ...] = rendered("kafka.payments-prod")
    assert judged("kafka.payments-prod", before, put(before, "Kafka", "spec/kafka/version", "4.3.1")) == ()
