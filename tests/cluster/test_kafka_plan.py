"""What the reconciler of a real Kafka decides, without one: objects and a cluster's state in, changes out."""

from typing import Any

from sandbox.kafka import topics, users


def topic(name: str, **spec: Any) -> dict[str, Any]:
    return {"kind": "KafkaTopic", "metadata": {"name": name, "namespace": "n"}, "spec": spec}


def user(name: str, kind: str = "scram-sha-512", **spec: Any) -> dict[str, Any]:
    return {"kind": "KafkaUser", "metadata": {"name": name}, "spec": {"authentication": {"type": kind}, **spec}}


READ = {"resource": {"type": "topic", "name": "a.", "patternType": "prefix"}, "operations": ["Read"], "type": "allow"}
EMPTY: dict[str, Any] = {"users": {}, "quotas": {}, "acls": []}


def changes(plan: topics.Plan) -> list[tuple[str, str]]:
    return [(change["do"], change.get("name", "")) for change in plan.changes]


def test_a_topic_is_made_with_one_copy_and_that_is_said() -> None:
    plan = topics.plan([topic("a", partitions=3, replicas=3, config={"min.insync.replicas": 2})], {}, [], 1)
    (change,) = plan.changes
    assert change["config"] == {"min.insync.replicas": "1"}
    assert plan.told[0].note == "replicas 3 is 1 here, min.insync.replicas 2 is 1 here"


def test_partitions_grow_and_never_shrink() -> None:
    there = {"a": {"partitions": 3, "config": {}}}
    assert changes(topics.plan([topic("a", partitions=5)], there, [], 1)) == [("grow-topic", "a")]
    plan = topics.plan([topic("a", partitions=2)], there, [], 1)
    assert plan.changes == []
    assert not plan.told[0].ready
    assert "Decreasing partitions not supported" in plan.told[0].message


def test_configuration_that_no_object_asks_for_is_taken_back() -> None:
    there = {"a": {"partitions": 1, "config": {"retention.ms": "1", "cleanup.policy": "compact"}}}
    (change,) = topics.plan([topic("a", config={"cleanup.policy": "delete"})], there, [], 1).changes
    assert change["set"] == {"cleanup.policy": "delete"}
    assert change["unset"] == ["retention.ms"]


def test_only_topics_that_had_an_object_are_deleted() -> None:
    there = {name: {"partitions": 1, "config": {}} for name in ("gone", "foreign")}
    assert changes(topics.plan([], there, ["gone"], 1)) == [("delete-topic", "gone")]


def test_the_oldest_of_two_objects_owns_a_topic() -> None:
    plan = topics.plan([topic("a", topicName="T"), topic("b", topicName="T")], {}, [], 1)
    assert changes(plan) == [("create-topic", "T")]
    assert [(one.name, one.ready, one.reason) for one in plan.told] == [
        ("a", True, ""),
        ("b", False, "ResourceConflict"),
    ]


def test_an_unmanaged_topic_is_left_alone_and_kept() -> None:
    body = topic("a", partitions=9)
    body["metadata"]["annotations"] = {"strimzi.io/managed": "false"}
    assert topics.plan([body], {"a": {"partitions": 1, "config": {}}}, ["a"], 1).changes == []


def test_a_refusal_is_told_of_the_object_that_it_is_for() -> None:
    plan = topics.plan([topic("a", config={"retention.ms": "x"}), topic("b")], {}, [], 1)
    told = plan.outcome(["InvalidConfigurationException: no number", None])
    assert [(one.name, one.ready, one.message) for one in told] == [("a", False, "no number"), ("b", True, "")]


def test_a_user_has_its_rights_before_its_password() -> None:
    body = user("u", authorization={"acls": [READ]}, quotas={"producerByteRate": 5})
    plan = users.plan([body], EMPTY, {}, lambda _body: "secret", {})
    assert [change["do"] for change in plan.changes] == ["add-acls", "set-quota", "set-password"]
    assert plan.changes[0]["acls"][0]["principal"] == "User:u"


def test_a_certificate_s_user_is_its_subject() -> None:
    plan = users.plan([user("u", "tls", authorization={"acls": [READ]})], EMPTY, {}, lambda _body: None, {})
    assert [change["do"] for change in plan.changes] == ["add-acls"]
    assert plan.changes[0]["acls"][0]["principal"] == "User:CN=u"


def test_what_no_object_asks_for_is_taken_away() -> None:
    acl = dict(next(users.acls(user("gone", authorization={"acls": [READ]}))))
    there = {"users": {"gone": ["SCRAM_SHA_512"]}, "quotas": {"gone": {"producer_byte_rate": 1.0}}, "acls": [acl]}
    plan = users.plan([], there, {}, lambda _body: None, {})
    assert changes(plan) == [("drop-password", "gone"), ("drop-acls", ""), ("set-quota", "gone")]


def test_what_is_as_asked_needs_no_change() -> None:
    body = user("u", authorization={"acls": [READ]}, quotas={"requestPercentage": 50})
    there = {
        "users": {"u": ["SCRAM_SHA_512"]},
        "quotas": {"u": {"request_percentage": 50.0}, "": {"producer_byte_rate": 9.0}},
        "acls": [dict(acl) for acl in users.acls(body)],
    }
    assert users.plan([body], there, {"producer_byte_rate": 9.0}, lambda _body: None, {}).changes == []


def test_a_user_whose_secret_cannot_be_made_gets_nothing_and_says_why() -> None:
    plan = users.plan([user("u")], EMPTY, {}, lambda _body: "never asked", {"u": "because"})
    assert plan.changes == []
    assert (plan.told[0].ready, plan.told[0].message) == (False, "because")
