"""Every broker setting that the examples and the example fleet emit is taken by the real broker at its start.

Kafka starts with keys that it does not know, so the running broker is asked for each of them and for its value.
"""

from collections.abc import Iterator, Mapping

from confluent_kafka.admin import AdminClient, ConfigResource, ResourceType

from sandbox.kafka import declared
from sandbox.kafka.bare import broker
from sandbox.kafka.settings import Settings, settings
from sandbox.kafka.topics import text
from stacks import render
from stacks.snapshot import snapshot
from stacks.stack import Stack
from tools.fleet_copy import REPOSITORY
from tools.services.examples import examples


def clusters() -> Iterator[Settings]:
    """The settings of one node for each Kafka object that is rendered."""
    fleet = snapshot(REPOSITORY)
    found = [(fleet, stack) for stack in fleet.stacks.values() if _is_kafka(stack)]
    found += [(one.fleet, one.fleet.stacks[f"kafka.{one.cluster}"]) for one in examples()]
    for around, stack in found:
        bodies = [manifest.body for manifest in render.manifests(around, stack)]
        kafka = next(body for body in bodies if body["kind"] == "Kafka")
        yield settings(declared.Cluster(declared.name_of(kafka), "", "", kafka))


def _is_kafka(stack: Stack) -> bool:
    return stack.kind == "service" and stack.service == "kafka"


def distinct() -> Mapping[tuple[tuple[str, str], ...], Settings]:
    """Many clusters are alike: each combination of settings is started once."""
    found = {}
    for one in clusters():
        values = {key: text(value) for key, value in one.config.items()}
        found[tuple(sorted({**values, "": f"{one.version} {one.metadata}"}.items()))] = one
    return found


def reported(chosen: Settings) -> dict[str, str]:
    """What a broker that was started with these settings says of each of them."""
    with broker(chosen.version, chosen.config, chosen.metadata) as node:
        admin = AdminClient({"bootstrap.servers": node.bootstrap, "log_level": 0})
        (future,) = admin.describe_configs([ConfigResource(ResourceType.BROKER, "1")]).values()
        there = future.result(30)
    return {key: there[key].value if key in there else "unknown to the broker" for key in chosen.config}


def test_the_broker_starts_with_every_combination_of_settings_and_has_them() -> None:
    combinations = distinct()
    assert len(combinations) > 2
    for chosen in combinations.values():
        assert reported(chosen) == {key: text(value) for key, value in chosen.config.items()}
