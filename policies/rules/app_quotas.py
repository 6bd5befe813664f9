"""Every user of an app has a quota for what it may do: its own, or the one that its cluster gives to everyone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from policies.contract import Policy, Resource, Scope, Verdict
from policies.look import items, look
from policies.samples import APP, GONE, KAFKA, USER, bad, but, good

_KAFKA = "kubernetes:kafka.strimzi.io/v1:Kafka"
_RATES = {"Write": "producerByteRate", "Read": "consumerByteRate"}


def _judge(stacks: Mapping[str, Sequence[Resource]], _: Mapping[str, Scope]) -> Iterator[tuple[str, Verdict]]:
    for name, resources in stacks.items():
        kind, _dot, rest = name.partition(".")
        if kind != "app":
            continue
        usual = [one for one in stacks.get(f"kafka.{rest.partition('.')[0]}", ()) if one.type == _KAFKA]
        for user in resources:
            for rate in _needed(user):
                own = look(user.props, "spec", "quotas", rate)
                if not own and not any(look(one.props, "spec", "kafka", "quotas", rate) for one in usual):
                    yield name, f"user '{look(user.props, 'metadata', 'name')}' has no {rate}, nor has its cluster"


def _needed(user: Resource) -> list[str]:
    """The rates of what it may do with records."""
    may: set[str] = set()
    for acl in items(user.props, "spec", "authorization", "acls"):
        if look(acl, "resource", "type") == "topic" and look(acl, "type") != "deny":
            operations = set(map(str, items(acl, "operations")))
            may |= set(_RATES) if "All" in operations else operations
    return [rate for operation, rate in _RATES.items() if operation in may]


_USER = replace(USER, urn="app.orders.billing")
_BARE = but(_USER, "spec", "quotas", GONE)
_CLUSTER = replace(KAFKA, urn="kafka.orders")
_LIMITED = but(_CLUSTER, "spec", "kafka", "quotas", {"type": "kafka", "consumerByteRate": 104857600})

POLICY = Policy(
    name="app-quotas",
    title="Users of apps have quotas",
    severity="medium",
    remediation="Give the user `quotas`, or the cluster's kafka section quotas for everyone.",
    framework="NIST SP 800-53 SC-5, SC-6",
    types=(_KAFKA, "kubernetes:kafka.strimzi.io/v1:KafkaUser"),
    judge_fleet=_judge,
    levels={"dev": "advisory", "staging": "advisory"},
    url="https://kafka.apache.org/documentation/#design_quotas",
    samples=(
        good(_CLUSTER, _USER, scope=APP),
        good(_LIMITED, _BARE, scope=APP, title="the cluster's"),
        bad(_CLUSTER, _BARE, scope=APP),
    ),
)
