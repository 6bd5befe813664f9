"""Two real brokers and a real Connect worker that mirrors between them, with the rights of the rendered objects.

Owns      brokers with Kafka's own authorizer, ACLs from KafkaUser objects, and a worker with the settings of a
          KafkaMirrorMaker2 object, as far as one machine without TLS can have them.
Refuses   the operator: what it adds to a connector (addresses, security, patterns) is added here in its place.
"""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._acl import AclBinding, AclOperation, AclPermissionType
from confluent_kafka.admin._resource import ResourcePatternType, ResourceType

from sandbox.kafka import java
from sandbox.kafka.process import Process, answers, free_port, tail

VERSION = "4.3.1"
SECONDS = 90
USERS = ("admin", "mirror")
"""Everyone's password is their name: these brokers listen on 127.0.0.1 for the length of a test."""

_ONE = ("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")
_KINDS = {
    "topic": ResourceType.TOPIC,
    "group": ResourceType.GROUP,
    "cluster": ResourceType.BROKER,
    "transactionalId": ResourceType.TRANSACTIONAL_ID,
}
_OPERATIONS = {"DescribeConfigs": "DESCRIBE_CONFIGS", "AlterConfigs": "ALTER_CONFIGS"}


def _login(user: str) -> str:
    return f'org.apache.kafka.common.security.plain.PlainLoginModule required username="{user}" password="{user}"'


def security(user: str) -> dict[str, str]:
    """How a Java client is `user`."""
    return {"security.protocol": "SASL_PLAINTEXT", "sasl.mechanism": "PLAIN", "sasl.jaas.config": f"{_login(user)};"}


def client(bootstrap: str, user: str = "admin") -> dict[str, Any]:
    """How librdkafka is `user`."""
    return {
        "bootstrap.servers": bootstrap,
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": "PLAIN",
        "sasl.username": user,
        "sasl.password": user,
        "log_level": 0,
    }


def _started(process: Process, line: list[str], log: Path, port: int) -> None:
    process.start(line, log)
    deadline = time.monotonic() + SECONDS
    while not answers(port):
        if not process.pid or time.monotonic() > deadline:
            raise AssertionError(tail(log, 100))
        time.sleep(0.1)


@contextmanager
def broker(folder: Path) -> Iterator[str]:
    """A broker that denies what no ACL allows; its bootstrap address."""
    folder.mkdir()
    port, controller = free_port(), free_port()
    known = " ".join(f'user_{user}="{user}"' for user in USERS)
    settings: dict[str, object] = {
        **{f"{topic}.num.partitions": 1 for topic in _ONE},
        **{f"{topic}.replication.factor": 1 for topic in _ONE},
        **{f"{topic}.min.isr": 1 for topic in _ONE[1:]},
        "log.cleaner.dedupe.buffer.size": 2097152,
        "auto.create.topics.enable": "false",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:admin;User:ANONYMOUS",  # the controller's own listener has no users
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@127.0.0.1:{controller}",
        "controller.listener.names": "CONTROLLER",
        "listeners": f"SASL://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}",
        "advertised.listeners": f"SASL://127.0.0.1:{port}",
        "listener.security.protocol.map": "SASL:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "SASL",
        "sasl.enabled.mechanisms": "PLAIN",
        "sasl.mechanism.inter.broker.protocol": "PLAIN",
        "listener.name.sasl.plain.sasl.jaas.config": f"{_login('admin')} {known};",
        "log.dirs": folder / "data",
    }
    file = folder / "server.properties"
    file.write_text(java.properties(settings), "utf-8")
    assert java.format_storage(VERSION, "c2FuZGJveC1iYXJlLWthZg", file, "") == ""
    process = Process(folder / "broker.json")
    try:
        _started(process, java.command(VERSION, "kafka.Kafka", file), folder / "broker.log", port)
        yield f"127.0.0.1:{port}"
    finally:
        process.stop()


def allow(bootstrap: str, user: Mapping[str, Any]) -> None:
    """Give `mirror` what a KafkaUser object grants."""
    wanted = []
    for acl in user["spec"]["authorization"]["acls"]:
        resource = acl["resource"]
        prefix = resource.get("patternType") == "prefix"
        wanted += [
            AclBinding(
                _KINDS[resource["type"]],
                resource.get("name", "kafka-cluster"),
                ResourcePatternType.PREFIXED if prefix else ResourcePatternType.LITERAL,
                "User:mirror",
                "*",
                getattr(AclOperation, _OPERATIONS.get(operation, operation.upper())),
                AclPermissionType.ALLOW,
            )
            for operation in acl["operations"]
        ]
    admin = AdminClient(client(bootstrap))  # its answers end with it
    for future in admin.create_acls(wanted).values():
        future.result()


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _single(config: Mapping[str, Any]) -> dict[str, str]:
    """A configuration on a cluster of one broker."""
    return {key: "1" if key.endswith("replication.factor") else _text(value) for key, value in config.items()}


@dataclass
class Worker:
    """A running worker. `log` is what it says."""

    port: int
    log: Path

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The REST API's answer; while the worker settles it says no, and is asked again."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Content-Type": "application/json"},
        )
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - a worker of ours
                    said = answer.read()
                return json.loads(said) if said else {}
            except urllib.error.HTTPError as error:
                if time.monotonic() > deadline:
                    raise AssertionError(error.read().decode()) from error
                time.sleep(1)


@contextmanager
def worker(folder: Path, spec: Mapping[str, Any], source: str, target: str) -> Iterator[Worker]:
    """A worker with both connectors of the one mirror of a KafkaMirrorMaker2's spec, as user `mirror` everywhere."""
    folder.mkdir()
    port, declared = free_port(), spec["target"]
    plain = "org.apache.kafka.connect.converters.ByteArrayConverter"  # what the operator sets for mirrors
    settings: dict[str, object] = {
        "key.converter": plain,
        "value.converter": plain,
        **_single(declared["config"]),
        "bootstrap.servers": target,
        "group.id": declared["groupId"],
        "config.storage.topic": declared["configStorageTopic"],
        "offset.storage.topic": declared["offsetStorageTopic"],
        "status.storage.topic": declared["statusStorageTopic"],
        "listeners": f"http://127.0.0.1:{port}",
        "rest.advertised.host.name": "127.0.0.1",
        "rest.advertised.port": port,
    }
    for side in ("", "producer.", "consumer.", "admin."):
        settings |= {f"{side}{key}": value for key, value in security("mirror").items()}
    file, log = folder / "worker.properties", folder / "worker.log"
    file.write_text(java.properties(settings), "utf-8")
    process = Process(folder / "worker.json")
    try:
        line = java.command(VERSION, "org.apache.kafka.connect.cli.ConnectDistributed", file)
        _started(process, line, log, port)
        made = Worker(port, log)
        mirror = spec["mirrors"][0]
        for name in ("source", "checkpoint"):
            made.ask("PUT", f"/connectors/{name}/config", _connector(mirror, name, declared["alias"], source, target))
        yield made
    finally:
        process.stop()


def _connector(mirror: Mapping[str, Any], name: str, alias: str, source: str, target: str) -> dict[str, str]:
    declared = mirror[f"{name}Connector"]
    found = {
        **_single(declared["config"]),
        "connector.class": f"org.apache.kafka.connect.mirror.Mirror{name.capitalize()}Connector",
        "tasks.max": str(declared["tasksMax"]),
        "topics": mirror["topicsPattern"],
        "topics.exclude": mirror["topicsExcludePattern"],
        "groups": mirror["groupsPattern"],
        "groups.exclude": mirror["groupsExcludePattern"],
        "source.cluster.alias": mirror["source"]["alias"],
        "target.cluster.alias": alias,
    }
    for side, address in (("source", source), ("target", target)):
        found[f"{side}.cluster.bootstrap.servers"] = address
        found |= {f"{side}.cluster.{key}": value for key, value in security("mirror").items()}
    return found
