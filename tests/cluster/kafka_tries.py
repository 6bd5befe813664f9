"""One request for each right that Kafka knows, as a user: whether the broker refused it, and nothing else.

Owns      which request shows which right, and clients that are kept for all requests of a user.
Refuses   changes: what alters things is only validated, so that a forbidden request that succeeds does no harm either.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    ConsumerGroupTopicPartitions,
    KafkaError,
    KafkaException,
    Producer,
    TopicPartition,
)
from confluent_kafka._model import TopicCollection
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    ResourcePatternType,
    ResourceType,
)

from tests.cluster.kafka_world import Credential

SECONDS = 20.0


def refusal(error: KafkaError | None) -> str:
    """The name of an authorization error; anything else means that the request got past the authorizer."""
    return error.name() if error is not None and "AUTHORIZATION_FAILED" in error.name() else ""


def _of(future: "Future[Any]") -> str:
    try:
        future.result(SECONDS)
    except KafkaException as error:
        return refusal(error.args[0])
    return ""


class Tries:
    """All tries of one user."""

    def __init__(self, user: Credential) -> None:
        self._base: dict[str, Any] = {**user.properties, "log_level": 0, "error_cb": lambda _error: None}
        self.admin = AdminClient(dict(self._base))
        self._producer = Producer({**self._base, "linger.ms": 0, "message.timeout.ms": 20000})
        self.kinds: dict[str, dict[str, Callable[[str], str]]] = {
            "topic": {
                "Describe": self.describe_topic,
                "DescribeConfigs": lambda name: self._describe_configs(ResourceType.TOPIC, name),
                "Read": self.read,
                "Write": self.write,
                "Create": self.create,
                "Delete": self.delete,
                "Alter": self.grow,
                "AlterConfigs": lambda name: self._alter_configs(ResourceType.TOPIC, name, "retention.ms"),
            },
            "group": {
                "Describe": lambda name: _of(self.admin.describe_consumer_groups([name])[name]),
                "Read": self.commit,
                "Delete": lambda name: _of(self.admin.delete_consumer_groups([name])[name]),
            },
            "transactionalId": {"Write": self.transact},
            "cluster": {
                "Describe": self.describe_acls,
                "DescribeConfigs": lambda _name: self._describe_configs(ResourceType.BROKER, "0"),
                "Alter": lambda _name: _of(next(iter(self.admin.create_acls([_ACL]).values()))),
                "AlterConfigs": lambda _name: self._alter_configs(ResourceType.BROKER, "0", "log.cleaner.threads"),
            },
        }

    def describe_topic(self, name: str) -> str:
        return _of(self.admin.describe_topics(TopicCollection([name]))[name])

    def describe_acls(self, _name: str) -> str:
        # librdkafka hands a refusal on as an empty answer. This cluster has ACLs, so that only a refusal is empty.
        return "" if self.admin.describe_acls(_ANY_ACL).result(SECONDS) else "CLUSTER_AUTHORIZATION_FAILED"

    def _describe_configs(self, kind: ResourceType, name: str) -> str:
        return _of(next(iter(self.admin.describe_configs([ConfigResource(kind, name)]).values())))

    def _alter_configs(self, kind: ResourceType, name: str, key: str) -> str:
        entry = ConfigEntry(key, "1", incremental_operation=AlterConfigOpType.SET)
        resource = ConfigResource(kind, name, incremental_configs=[entry])
        return _of(next(iter(self.admin.incremental_alter_configs([resource], validate_only=True).values())))

    def read(self, name: str) -> str:
        # librdkafka is silent about a topic that it may not see, and at the end of an empty one.
        if refused := self.describe_topic(name):
            return refused
        consumer = Consumer({**self._base, "group.id": "trial.unused", "enable.auto.commit": False})
        try:
            consumer.assign([TopicPartition(name, 0, OFFSET_BEGINNING)])
            deadline = time.monotonic() + SECONDS
            while time.monotonic() < deadline:
                message = consumer.poll(1)
                # The group is never joined, so that its refusal is another right's.
                if message is not None and not refusal(message.error()).startswith("GROUP_"):
                    return refusal(message.error())
        finally:
            consumer.close()
        raise AssertionError(f"no answer for {name}")

    def write(self, name: str) -> str:
        found: list[str] = []
        try:
            self._producer.produce(name, b"tried", on_delivery=lambda error, _message: found.append(refusal(error)))
        except KafkaException as error:
            return refusal(error.args[0])
        self._producer.flush(SECONDS)
        return found[0]

    def create(self, name: str) -> str:
        # One that exists is said to exist only to those who may create it.
        return _of(self.admin.create_topics([NewTopic(name, 1, 1)], validate_only=True)[name])

    def delete(self, name: str) -> str:
        return _of(self.admin.delete_topics([name])[name])

    def grow(self, name: str) -> str:
        return _of(self.admin.create_partitions([NewPartitions(name, 9)], validate_only=True)[name])

    def commit(self, name: str) -> str:
        # A group that may not be read refuses the request; a topic that may not be read refuses only itself.
        wanted = ConsumerGroupTopicPartitions(name, [TopicPartition("trial.orders", 0, 0)])
        try:
            self.admin.alter_consumer_group_offsets([wanted])[name].result(SECONDS)
        except KafkaException as error:
            code = refusal(error.args[0])
            return code if code.startswith("GROUP_") else ""
        return ""

    def transact(self, name: str) -> str:
        silent = logging.getLogger("librdkafka")
        silent.addHandler(logging.NullHandler())
        silent.propagate = False
        producer = Producer({**self._base, "transactional.id": name}, logger=silent)
        try:
            producer.init_transactions(SECONDS)
        except KafkaException as error:
            return refusal(error.args[0])
        return ""


_ANY_ACL = AclBindingFilter(
    ResourceType.ANY, None, ResourcePatternType.ANY, None, None, AclOperation.ANY, AclPermissionType.ANY
)
_ACL = AclBinding(
    ResourceType.TOPIC,
    "other.private",
    ResourcePatternType.LITERAL,
    "User:nobody",
    "*",
    AclOperation.READ,
    AclPermissionType.ALLOW,
)
