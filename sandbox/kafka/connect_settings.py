"""A KafkaConnect object and its connectors as one distributed worker understands them.

Owns      the worker's properties, what of them is adapted, and references to Secrets in connectors.
Refuses   classes that are not on this machine: they are left out and said, not found missing by the worker.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sandbox.kafka.adapted import Adapted
from sandbox.kafka.declared import Body, at, name_of
from sandbox.kafka.listeners import Listener
from sandbox.kafka.settings import COPIES
from sandbox.kafka.topics import text

_CONVERTER = "org.apache.kafka.connect.json.JsonConverter"
_DIRECTORY = "org.apache.kafka.common.config.provider.DirectoryConfigProvider"
_SECRETS = "KubernetesSecretConfigProvider"
_HERE = "org.apache.kafka."
_ELSEWHERE = {
    "build": "there is no registry to push an image to; Kafka's own connectors are here",
    "image": "the worker runs from Kafka's own jars",
    "rack": "one worker stands in no rack",
    "metricsConfig": "nothing scrapes this machine",
    "resources": "the heap is what a laptop can spare",
    "jvmOptions": "the heap is what a laptop can spare",
    "template": "there are no pods",
    "plugins": "images cannot be mounted here; Kafka's own connectors are here",
}


def _security(secret: Path, listener: Listener, trust: Path) -> dict[str, Any]:
    found: dict[str, Any] = {"security.protocol": listener.protocol}
    if listener.tls:
        found |= {"ssl.truststore.type": "PEM", "ssl.truststore.location": trust}
    if listener.authentication == "tls":
        found |= {"ssl.keystore.type": "PEM", "ssl.keystore.location": secret / "keystore.pem"}
    if listener.authentication == "scram-sha-512":
        found |= {"sasl.mechanism": "SCRAM-SHA-512", "sasl.jaas.config": (secret / "sasl.jaas.config").read_text()}
    return found


def user(body: Body) -> str:
    """Name of the Secret with which the worker authenticates."""
    authentication = at(body, "spec", "authentication", default={})
    for part in ("certificateAndKey", "passwordSecret"):
        if name := at(authentication, part, "secretName"):
            return str(name)
    return name_of(body)


def listener_of(body: Body, listeners: list[Listener]) -> Listener | None:
    """The listener that the object's address means: the one with its port."""
    port = str(at(body, "spec", "bootstrapServers", default="")).rpartition(":")[2]
    return next((one for one in listeners if str(one.port) == port), None)


def _config(declared: Mapping[str, Any], what: str) -> tuple[dict[str, Any], list[Adapted]]:
    config: dict[str, Any] = {}
    adapted = []
    for key, value in declared.items():
        said = text(value)
        if COPIES.search(key) and said != "1":
            config[key] = 1
            adapted.append(Adapted(f"{what}: {key}", said, "1", "one node keeps one copy"))
        elif key.startswith("config.providers.") and key.endswith(".class") and said.endswith(_SECRETS):
            config[key] = _DIRECTORY
            why = "there is no Kubernetes to ask; the users' secrets are folders here"
            adapted.append(Adapted(f"{what}: {key}", said, _DIRECTORY, why))
        elif key.endswith(("key.converter", "value.converter")) and not said.startswith(_HERE):
            config[key] = _CONVERTER
            adapted.append(Adapted(f"{what}: {key}", said, _CONVERTER, "that class is not on this machine"))
        elif key.endswith(".class") and "." in said and not said.startswith(_HERE):
            adapted.append(Adapted(f"{what}: {key}", said, "left out", "that class is not on this machine"))
        else:
            config[key] = said
    return config, adapted


def properties(
    body: Body, secret: Path, listener: Listener, trust: Path, port: int
) -> tuple[dict[str, Any], list[Adapted]]:
    """The worker's properties, and what is otherwise than declared."""
    spec = at(body, "spec", default={})
    what = f"connect {name_of(body)}"
    config, adapted = _config(spec.get("config") or {}, what)
    for key, why in _ELSEWHERE.items():
        if spec.get(key) is not None:
            adapted.append(Adapted(f"{what}: {key}", "declared", "left out", why))
    if spec.get("replicas", 1) != 1:
        adapted.append(Adapted(f"{what}: replicas", str(spec["replicas"]), "1", "one worker on one machine"))
    security = _security(secret, listener, trust)
    found: dict[str, Any] = {
        "key.converter": _CONVERTER,
        "value.converter": _CONVERTER,
        **{f"{kind}.storage.replication.factor": 1 for kind in ("config", "offset", "status")},
        **config,
        "bootstrap.servers": listener.bootstrap,
        "group.id": spec.get("groupId"),
        "config.storage.topic": spec.get("configStorageTopic"),
        "offset.storage.topic": spec.get("offsetStorageTopic"),
        "status.storage.topic": spec.get("statusStorageTopic"),
        "listeners": f"http://127.0.0.1:{port}",
        "rest.advertised.host.name": "127.0.0.1",
        "rest.advertised.port": port,
    }
    for prefix in ("", "producer.", "consumer.", "admin."):
        found |= {f"{prefix}{key}": value for key, value in security.items()}
    return found, adapted


def connector(body: Body, namespace: str, secrets: Path, listeners: list[Listener]) -> dict[str, str]:
    """A connector's configuration, as the worker's REST API takes it: Secrets are folders, addresses are local."""
    spec = at(body, "spec", default={})
    found = {key: text(value) for key, value in (spec.get("config") or {}).items()}
    reference = re.compile(rf"\$\{{(\w+):{re.escape(namespace)}/([\w.-]+):([\w.-]+)\}}")
    address = re.compile(rf"[\w.-]+-bootstrap\.{re.escape(namespace)}\.svc:(\d+)")
    here = {str(one.port): one.bootstrap for one in listeners}
    for key, value in found.items():
        local = address.sub(lambda match: here.get(match[1], match[0]), value)
        found[key] = reference.sub(rf"${{\1:{secrets}/\2:\3}}", local)
    return {
        **found,
        "name": name_of(body),
        "connector.class": str(spec.get("class")),
        "tasks.max": text(spec.get("tasksMax", 1)),
    }
